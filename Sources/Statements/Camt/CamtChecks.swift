internal import Payments

/// Holds a camt statement's own totals against its entries.
struct CamtChecks {
  let statement: CamtStatement
  let format: String

  /// The period the statement states.
  func period(_ reading: inout Reading) {
    if let period = TimeSpan(statedFrom: statement.from, to: statement.to) {
      reading.take(stated: period)
      return
    }
    // Without rows a closing balance still says which day it closes.
    guard reading.days.isEmpty,
      let closing = statement.balances.first(where: { $0.code == "CLBD" }),
      let day = TimeSpan(statedFrom: closing.date, to: closing.date)
    else { return }
    reading.take(stated: TimeSpan(first: day.start.day, last: day.lastDay))
  }

  /// Rows outside the stated period; where opening, entries and closing agree they belong to it.
  func strays(_ reading: inout Reading) {
    guard reading.statesPeriod, !reading.statement.provesEnd, let first = reading.statement.from,
      let last = reading.statement.to,
      let stray = reading.days.map(\.day).sorted().first(where: { $0 < first || $0 > last })
    else { return }
    reading.fault(
      .wrongDay, line: statement.line,
      zh: "文件自述账期为 \(first) 至 \(last)，却有 \(stray) 的记录。请核对账期后重新导出。",
      en: "the file says it is for \(first) to \(last) but holds entries of \(stray).")
  }

  /// Opening balance + Σ booked entries = closing balance.
  func balances(_ reading: inout Reading, booked: Int128, isReadable: Bool) {
    for balance in statement.balances where CamtChecks.kept.contains(balance.code) {
      let fen = CamtChecks.fen(balance)
      let isTwo = statement.balances.contains { other in
        other.code == balance.code && other.currency == balance.currency
          && other.date == balance.date && CamtChecks.fen(other) != fen
      }
      guard fen == nil || isTwo else { continue }
      reportUnreadable(&reading, balance)
      return
    }
    guard let opening = balance(["OPBD", "PRCD"]), let closing = balance(["CLBD"]),
      opening.currency == closing.currency
    else { return }
    reading.statement.totals += [
      ControlTotal(name: "OPBD", stated: opening.fen, computed: opening.fen, isCount: false),
      ControlTotal(
        name: "CLBD", stated: closing.fen,
        computed: Int64(clamping: Int128(opening.fen) + booked), isCount: false),
    ]
    reading.balances = (opening.fen, closing.fen)
    guard isReadable else { return }
    guard Int128(opening.fen) + booked != Int128(closing.fen) else {
      reading.statement.provesStart = true
      reading.statement.provesEnd = true
      return
    }
    reading.fault(
      .controlTotalMismatch, line: closing.line, column: "CLBD",
      zh: "期初 \(Money.yuan(Int128(opening.fen))) 加明细 \(Money.yuan(booked)) 不等于期末 "
        + "\(Money.yuan(Int128(closing.fen)))。该文件暂不采用，请向银行重新下载核对。",
      en: "opening \(Money.yuan(Int128(opening.fen))) plus entries \(Money.yuan(booked)) is not "
        + "the closing \(Money.yuan(Int128(closing.fen))). The file is held; download it again.")
  }

  /// The balances that are held against the entries.
  private static let kept = ["OPBD", "PRCD", "CLBD"]

  /// A balance that is there and cannot be read has failed.
  private func reportUnreadable(_ reading: inout Reading, _ balance: CamtBalance) {
    let found = statement.balances.filter { $0.code == balance.code }
      .map { "\($0.amount) \($0.indicator)".trimmedLine }.joined(separator: ", ")
    reading.fault(
      .controlTotalMismatch, line: balance.line, column: balance.code,
      zh: "\(balance.code) 余额无法读取或前后不一（“\(found)”），无从核对。该文件暂不采用，请向银行重新下载。",
      en:
        "the balance \(balance.code) cannot be read, or is two (\"\(found)\"): nothing to check the entries by. "
        + "The file is held; download it again.")
  }

  private static func fen(_ balance: CamtBalance) -> Int64? {
    guard balance.indicator == "DBIT" || balance.indicator == "CRDT",
      case .value(let fen) = Array(balance.amount.utf8).withUnsafeBytes({
        parseAmount($0, decimals: 2, encoding: .utf8)
      })
    else { return nil }
    return balance.indicator == "DBIT" ? -fen : fen
  }

  private func balance(
    _ codes: [String]
  ) -> (fen: Int64, currency: String, line: Int)? {
    for code in codes {
      guard let found = statement.balances.first(where: { $0.code == code }),
        let fen = CamtChecks.fen(found)
      else { continue }
      return (fen, found.currency, found.line)
    }
    return nil
  }

  /// `TxsSummry`, where a bank gives one.
  func summary(_ reading: inout Reading, credits: Tally, debits: Tally, isReadable: Bool) {
    guard let summary = statement.summary else { return }
    let all = credits + debits
    // Where no sign is stated the amounts are compared.
    let net = credits.fen - debits.fen
    let sign: Int128 = summary.netIndicator == "DBIT" ? -1 : 1
    let totals: [(String, String, Int128, Bool)] = [
      (
        "TtlNtries/TtlNetNtryAmt", summary.net,
        summary.netIndicator.isEmpty ? Int128(net.magnitude) : net * sign, false
      ),
      ("TtlNtries/NbOfNtries", summary.entries, Int128(statement.entryCount), true),
      ("TtlNtries/Sum", summary.sum, all.fen, false),
      ("TtlCdtNtries/NbOfNtries", summary.creditEntries, Int128(credits.rows), true),
      ("TtlCdtNtries/Sum", summary.creditSum, credits.fen, false),
      ("TtlDbtNtries/NbOfNtries", summary.debitEntries, Int128(debits.rows), true),
      ("TtlDbtNtries/Sum", summary.debitSum, debits.fen, false),
    ]
    var ties = true
    for (name, text, computed, isCount) in totals where !text.isEmpty {
      let parsed = Array(text.utf8).withUnsafeBytes {
        parseAmount($0, decimals: isCount ? 0 : 2, encoding: .utf8)
      }
      var stated: Int64?
      if case .value(let value) = parsed { stated = value }
      // Where an entry cannot be read only what is stated can be looked at.
      if stated != nil, !isReadable { continue }
      reading.statement.totals.append(
        ControlTotal(
          name: name, stated: stated, computed: Int64(clamping: computed), isCount: isCount))
      if let stated, Int128(stated) == computed { continue }
      ties = false
      reading.fault(
        .controlTotalMismatch, line: statement.line, column: name,
        zh: "\(name) 为 \(text)，与明细不符。该文件暂不采用，请向银行核对。",
        en: "\(name) is \(text), which the entries do not give. The file is held.")
    }
    guard ties, isReadable, totals.contains(where: { !$0.1.isEmpty }) else { return }
    reading.statement.provesStart = true
    reading.statement.provesEnd = true
  }
}
