internal import Columns
internal import Payments

// What one file says of another: summaries of details, pages of an answer.

/// Statements by what tells which summary is about them.
private struct DetailPlaces {
  /// Those of each layout.
  private var ofLayout: [String: [Int]] = [:]
  /// Those of each layout and merchant; nil for one that names none.
  private var ofMerchant: [String: [String?: [Int]]] = [:]

  init(_ readings: [Reading]) {
    for (place, reading) in readings.enumerated() {
      let (layout, merchant) = (reading.statement.format, reading.statement.merchant)
      ofLayout[layout, default: []].append(place)
      ofMerchant[layout, default: [:]][merchant, default: []].append(place)
    }
  }

  /// The statements a summary may be about.
  func places(of summary: SummaryFigures) -> [Int] {
    guard let merchant = summary.merchant else { return ofLayout[summary.layout] ?? [] }
    let named = ofMerchant[summary.layout] ?? [:]
    return (named[merchant] ?? []) + (named[nil] ?? [])
  }
}

extension SummaryFigures {
  /// Whether a reading is the detail this sums up.
  func isAbout(_ reading: Reading) -> Bool {
    reading.statement.format == layout
      && (merchant == nil || reading.statement.merchant == nil
        || reading.statement.merchant == merchant)
  }

  /// Holds the figures against the detail among `readings`, when there is exactly one.
  func verify(_ readings: inout [Reading]) {
    _ = verify(&readings, readings.indices.filter { isAbout(readings[$0]) })
  }

  /// Holds the figures against the detail, when there is exactly one.
  ///
  /// - Parameter mine: the places of those it may be about.
  /// - Returns: whether there was.
  fileprivate func verify(_ readings: inout [Reading], _ mine: [Int]) -> Bool {
    guard mine.count == 1 else { return false }
    if isReadable {
      verify(&readings[mine[0]])
    } else {
      readings[mine[0]].fault(
        .controlTotalMismatch,
        zh: "同来的\(title.zh)无法读取，明细无从核对。该文件暂不采用，请重新下载核对。",
        en:
          "the \(title.en) beside it cannot be read: nothing to check the rows by. The file is held; "
          + "download it again and compare.")
    }
    return true
  }

  private func verify(_ reading: inout Reading) {
    var (paid, refunded): (Int128, Int128) = (0, 0)
    for row in reading.table.kind.indices {
      switch reading.table.kind[row] {
      case .payment: paid += Int128(reading.table.fen[row])
      case .refund: refunded += Int128(reading.table.fen[row])
      default: break
      }
    }
    let fees = (reading.statement.feeHundredThousandths.magnitude + 500) / 1_000
    let figures: [(zh: String, en: String, stated: Int64, computed: Int64, isCount: Bool)] = [
      ("笔数", "rows", rows, Int64(reading.statement.read.rows), true),
      ("交易金额", "payments", paymentFen, Int64(clamping: paid), false),
      ("退款金额", "refunds", refundFen, Int64(clamping: refunded), false),
      ("费用", "fees", feeFen ?? Int64(fees), Int64(fees), false),
    ]
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
    let answers = Dictionary(grouping: paged) { index in
      let statement = readings[index].statement
      let days = readings[index].statesPeriod ? "\(statement.from?.number ?? 0)" : ""
      return "\(statement.format) \(statement.merchant ?? "") \(days) "
        + "\(readings[index].page?.of ?? 0)"
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
