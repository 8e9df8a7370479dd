internal import Columns
internal import Payments

// What one file says of another: summaries of details, pages of an answer.

/// Statements by what tells which summary is about them.
private struct DetailPlaces {
  /// Those of each layout.
  private var ofLayout: [String: [Int]] = [:]
  /// Those of each layout and account; nil for one that names none.
  private var ofAccount: [String: [KeyHash?: [Int]]] = [:]

  init(_ readings: [Reading]) {
    for (place, reading) in readings.enumerated() {
      let (layout, account) = (reading.statement.format, reading.statement.account)
      ofLayout[layout, default: []].append(place)
      ofAccount[layout, default: [:]][account, default: []].append(place)
    }
  }

  /// The statements a summary may be about.
  func places(of summary: SummaryFigures) -> [Int] {
    guard let merchant = summary.merchant else { return ofLayout[summary.layout] ?? [] }
    let named = ofAccount[summary.layout] ?? [:]
    return (named[fingerprint(person: merchant)] ?? []) + (named[nil] ?? [])
  }
}

extension SummaryFigures {
  /// Whether a reading is the detail this sums up.
  func isAbout(_ reading: Reading) -> Bool {
    reading.statement.format == layout
      && (merchant == nil || reading.statement.merchant == nil
        || merchant.map(reading.statement.isOf) == true)
  }

  /// Holds the figures against the detail among `readings`, when there is exactly one; those of the accounts of one
  /// file are one.
  func verify(_ readings: inout [Reading]) {
    _ = verify(&readings, readings.indices.filter { isAbout(readings[$0]) })
  }

  /// Holds the figures against the detail, when there is exactly one; those of the accounts of one file are one.
  ///
  /// - Parameter mine: the places of those it may be about.
  /// - Returns: whether there was.
  fileprivate func verify(_ readings: inout [Reading], _ mine: [Int]) -> Bool {
    let areOneFile =
      mine.allSatisfy { readings[$0].recognition.accounts == mine.count }
      && Set(mine.map { readings[$0].statement.account }).count == mine.count
    guard mine.count == 1 || areOneFile, !mine.isEmpty else { return false }
    guard isReadable else {
      for index in mine {
        readings[index].fault(
          .controlTotalMismatch,
          zh: "同来的\(title.zh)无法读取，明细无从核对。该文件暂不采用，请重新下载核对。",
          en:
            "the \(title.en) beside it cannot be read: nothing to check the rows by. The file is held; "
            + "download it again and compare.")
      }
      return true
    }
    let figures = figures(of: mine.map { readings[$0] })
    for index in mine { hold(figures, against: &readings[index]) }
    return true
  }

  /// One figure of a summary, beside what the details come to.
  private struct Figure {
    let zh: String
    let en: String
    let stated: Int64
    let computed: Int64
    var isCount = false
  }

  private func figures(of details: [Reading]) -> [Figure] {
    var (count, paid, refunded, fees): (Int, Int128, Int128, Int64) = (0, 0, 0, 0)
    for reading in details {
      count += reading.statement.read.rows
      fees += reading.statement.feeHundredThousandths
      for row in reading.table.kind.indices {
        switch reading.table.kind[row] {
        case .payment: paid += Int128(reading.table.fen[row])
        case .refund: refunded += Int128(reading.table.fen[row])
        default: break
        }
      }
    }
    let fee = Int64((fees.magnitude + 500) / 1_000)
    return [
      Figure(zh: "笔数", en: "rows", stated: rows, computed: Int64(count), isCount: true),
      Figure(zh: "交易金额", en: "payments", stated: paymentFen, computed: Int64(clamping: paid)),
      Figure(zh: "退款金额", en: "refunds", stated: refundFen, computed: Int64(clamping: refunded)),
      Figure(zh: "费用", en: "fees", stated: feeFen ?? fee, computed: fee),
    ]
  }

  private func hold(_ figures: [Figure], against reading: inout Reading) {
    for figure in figures {
      reading.statement.totals.append(
        ControlTotal(
          name: "\(title.zh) \(figure.zh)", stated: figure.stated, computed: figure.computed,
          isCount: figure.isCount))
    }
    let wrong = figures.filter { $0.stated != $0.computed }
    guard !wrong.isEmpty else {
      reading.statement.provesStart = true
      reading.statement.provesEnd = true
      return
    }
    func shown(_ value: Int64, _ isCount: Bool) -> String {
      isCount ? "\(value)" : Money.yuan(Int128(value))
    }
    reading.fault(
      .controlTotalMismatch,
      zh: "同来的\(title.zh)与明细不符："
        + wrong.map {
          "\($0.zh)汇总为 \(shown($0.stated, $0.isCount))，明细合计 \(shown($0.computed, $0.isCount))"
        }.joined(separator: "；") + "。该文件暂不采用，请重新下载核对。",
      en: "the \(title.en) beside it disagrees: "
        + wrong.map {
          "\($0.en) \(shown($0.stated, $0.isCount)) there, \(shown($0.computed, $0.isCount)) here"
        }.joined(separator: "; ") + ". The file is held; download it again and compare.")
  }
}

extension Intake {
  /// A summary delivered as a file of its own verifies the one detail it can be about and is then no
  /// fault; alone it stays one.
  static func verifyBySummaries(_ readings: inout [Reading]) {
    let summaries = readings.indices.filter { readings[$0].summary != nil }
    if summaries.isEmpty { return }
    let details = DetailPlaces(readings)
    for index in summaries {
      guard let summary = readings[index].summary,
        summary.verify(&readings, details.places(of: summary))
      else { continue }
      readings[index].statement.faults.removeAll { $0.kind == .unreadable }
      readings[index].statement.isPartial = true
    }
  }

  /// An answer in pages is whole only when every page is there.
  static func checkPages(_ readings: inout [Reading]) {
    let paged = readings.indices.filter { readings[$0].page != nil && !readings[$0].isContext }
    func answer(_ index: Int, _ account: String) -> String {
      let statement = readings[index].statement
      let days = readings[index].statesPeriod ? "\(statement.from?.number ?? 0)" : ""
      return "\(statement.format) \(account) \(days) \(readings[index].page?.of ?? 0)"
    }
    // Of an answer about several accounts no page need name them all.
    let several = Set(paged.filter { readings[$0].recognition.accounts > 1 }.map { answer($0, "") })
    let answers = Dictionary(grouping: paged) { index in
      let whole = answer(index, "")
      return several.contains(whole)
        ? whole : answer(index, readings[index].statement.merchant ?? "")
    }
    for pages in answers.values {
      let numbers = Set(pages.compactMap { readings[$0].page?.number })
      guard let of = readings[pages[0]].page?.of, of <= 10_000 else { continue }
      let list = Array((1...of).lazy.filter { !numbers.contains($0) }.prefix(20)).map(String.init)
      guard !list.isEmpty else { continue }
      for index in pages {
        readings[index].fault(
          .statementTruncated,
          zh: "银行应答共 \(of) 页，缺第 \(list.joined(separator: "、")) 页。请把各页都下载下来一并提供。",
          en: "the bank's answer has \(of) pages; missing: \(list.joined(separator: ", ")). Supply "
            + "every page.")
      }
    }
  }
}
