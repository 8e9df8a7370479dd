public import Payments

/// Some days of a school whose files come morning by morning.
public struct DeliveredSpan: Hashable, Sendable {
  /// Each day with its right files and its own answer sheet.
  public var days: [SimulatedDay]
  /// What arrives, one morning after the other; the first is that of the day after the first.
  public var mornings: [DeliveryMorning]
  /// The answer sheet for all days judged in one call, with the list of deliveries.
  public var truth: Truth
}

/// What arrives on one morning, before 10:00.
public struct DeliveryMorning: Hashable, Sendable {
  /// The calendar day of the morning: the day after the business day that is due.
  public var day: BusinessDay
  /// In the order they arrive; each replaces the file of the same name.
  public var files: [SimulatedFile]
  /// Names of files a person takes away this morning, the right one having come.
  public var withdrawn: [String]
}

/// One way in which files reach a school badly.
public enum DeliveryKind: String, Hashable, Sendable, CaseIterable {
  /// A file comes one or two mornings late.
  case late = "late"
  /// A file is lost for three to five mornings, then found.
  case lost = "lost"
  /// A WeChat bill was put together by a person and lacks its summary.
  case noSummary = "no-summary"
  /// SUCCESS and REFUND bills instead of one of the type ALL.
  case splitTypes = "split-types"
  /// Exported at 18:00: what came later is missing.
  case halfDay = "half-day"
  /// The file lost its last bytes.
  case cut = "cut"
  /// The file holds its header and no row.
  case headerOnly = "header-only"
  /// A cell of one to three rows cannot be read.
  case garbledRows = "garbled-rows"
  /// A key column has another name.
  case renamedColumn = "renamed-column"
  /// The file of the day before under the name of today's.
  case yesterday = "yesterday"
  /// Saved again by a spreadsheet: long digits rounded, zeros lost, times rewritten.
  case resaved = "resaved"
  /// A terminal's rows reach the ledger at the end of the day. This is never put right: the file
  /// is whole, and its rows stand in another order than their times.
  case lateTerminal = "late-terminal"

  /// The longest time, in mornings, until the right file has come.
  public static let longest = 5
}

/// One bad delivery, as the answer sheet lists it.
public struct PlantedDelivery: Codable, Hashable, Sendable {
  /// The public name of a ``DeliveryKind``.
  public var kind: String
  /// The right file's name.
  public var file: String
  /// `wechat`, `alipay`, `ccb`, `boc` or `ledger`.
  public var source: String
  /// The merchant or account number; `north` or `south` for a ledger.
  public var owner: String
  /// The business day, `yyyy-MM-dd`.
  public var day: String
  /// The morning on which the first file of that book and day arrives, `yyyy-MM-dd`.
  public var arrives: String
  /// The morning from which on the right file lies there, `yyyy-MM-dd`.
  public var right: String
  /// Files under other names, taken away on the morning ``right``.
  public var withdrawn: [String]
  /// Whose judgement may have to wait for it.
  public var waits: DeliveryWaits
  /// What was done, in words.
  public var note: String
}

/// Rows of other books that may wait for a delivery: those an order number or a serial ties to a
/// row that is missing or cannot be read. Rows without a number are not listed.
public struct DeliveryWaits: Codable, Hashable, Sendable {
  /// Payments and refunds, by the channel's serial, sorted.
  public var channelSerials: [String] = []
  /// Ledger rows by 流水号, sorted.
  public var ledgerSerials: [String] = []
  /// The morning on which they need not wait any longer, `yyyy-MM-dd`.
  public var until: String
}
