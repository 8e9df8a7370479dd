internal import Payments

/// Holds a camt statement's own totals against its entries.
struct CamtChecks {
  let statement: CamtStatement
  let format: String

  /// The period the statement states, and rows outside it.
  func period(_ reading: inout Reading) {
    func moment(_ text: String) -> Int64? {
      let found = Array(text.utf8).withUnsafeBytes { parseAnyMoment($0, encoding: .utf8).seconds }
      return found.flatMap { isUsable($0) ? $0 : nil }
    }
    guard let from = moment(statement.from), let to = moment(statement.to), from <= to else {
      // Without rows a closing balance still says which day it closes.
      let closing = statement.balances.first { $0.code == "CLBD" }
      if reading.days.isEmpty, let day = closing.flatMap({ moment($0.date) }) {
        reading.statement.from = Timestamp(seconds: day).day
        reading.statement.to = reading.statement.from
        reading.statesPeriod = true
      }
      return
    }
    let end = Timestamp(seconds: to)
    // "to midnight" and "to a day" both mean up to there.
    let isMidnight = statement.to.count > 10 && end.secondOfDay == 0 && to > from
    reading.statement.from = Timestamp(seconds: from).day
    reading.statement.to = isMidnight ? end.adding(seconds: -1).day : end.day
    reading.statesPeriod = true
    guard let first = reading.statement.from, let last = reading.statement.to,
      let stray = reading.days.map(\.day).sorted().first(where: { $0 < first || $0 > last })
    else { return }
    reading.fault(
      .wrongDay, line: statement.line,
      zh: "文件自述账期为 \(first) 至 \(last)，却有 \(stray) 的记录。请核对账期后重新导出。",
      en: "the file says it is for \(first) to \(last) but holds entries of \(stray).")
  }

  /// Opening balance + Σ booked entries = closing balance.
  func balances(_ reading: inout Reading, booked: Int128, isReadable: Bool) {
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
    guard isReadable, Int128(opening.fen) + booked != Int128(closing.fen) else { return }
    reading.fault(
      .controlTotalMismatch, line: closing.line, column: "CLBD",
      zh: "期初 \(Money.yuan(Int128(opening.fen))) 加明细 \(Money.yuan(booked)) 不等于期末 "
        + "\(Money.yuan(Int128(closing.fen)))。该文件暂不采用，请向银行重新下载核对。",
      en: "opening \(Money.yuan(Int128(opening.fen))) plus entries \(Money.yuan(booked)) is not "
        + "the closing \(Money.yuan(Int128(closing.fen))). The file is held; download it again.")
  }

  private func balance(
    _ codes: [String]
  ) -> (fen: Int64, currency: String, line: Int)? {
    for code in codes {
      guard let found = statement.balances.first(where: { $0.code == code }),
        case .value(let fen) = Array(found.amount.utf8).withUnsafeBytes({
          parseAmount($0, decimals: 2, encoding: .utf8)
        })
      else { continue }
      return (found.indicator == "DBIT" ? -fen : fen, found.currency, found.line)
    }
    return nil
  }

  /// `TxsSummry`, where a bank gives one.
  func summary(_ reading: inout Reading, credits: Tally, debits: Tally, isReadable: Bool) {
    guard let summary = statement.summary, isReadable else { return }
    let all = credits + debits
    let totals: [(String, String, Int128, Bool)] = [
      ("TtlNtries/NbOfNtries", summary.entries, Int128(statement.entryCount), true),
      ("TtlNtries/Sum", summary.sum, all.fen, false),
      ("TtlCdtNtries/NbOfNtries", summary.creditEntries, Int128(credits.rows), true),
      ("TtlCdtNtries/Sum", summary.creditSum, credits.fen, false),
      ("TtlDbtNtries/NbOfNtries", summary.debitEntries, Int128(debits.rows), true),
      ("TtlDbtNtries/Sum", summary.debitSum, debits.fen, false),
    ]
    for (name, text, computed, isCount) in totals where !text.isEmpty {
      let parsed = Array(text.utf8).withUnsafeBytes {
        parseAmount($0, decimals: isCount ? 0 : 2, encoding: .utf8)
      }
      guard case .value(let stated) = parsed else { continue }
      reading.statement.totals.append(
        ControlTotal(
          name: name, stated: stated, computed: Int64(clamping: computed), isCount: isCount))
      guard Int128(stated) != computed else { continue }
      reading.fault(
        .controlTotalMismatch, line: statement.line, column: name,
        zh: "\(name) 为 \(text)，与明细不符。该文件暂不采用，请向银行核对。",
        en: "\(name) is \(text), which the entries do not give. The file is held.")
    }
  }
}
