public import Payments

/// A file as a channel or the card system would deliver it.
public struct SimulatedFile: Hashable, Sendable {
  /// Its name, without a folder.
  public var name: String
  /// `wechat`, `alipay`, `ccb`, `boc` or `ledger`.
  public var source: String
  /// Its bytes.
  public var bytes: [UInt8]

  /// Names some bytes.
  public init(name: String, source: String, bytes: [UInt8]) {
    self.name = name
    self.source = source
    self.bytes = bytes
  }
}

/// One day of a school: the statements, and what is true about them when they are judged alone.
public struct SimulatedDay: Hashable, Sendable {
  /// The business day.
  public var day: BusinessDay
  /// The statements, channels first.
  public var files: [SimulatedFile]
  /// The answer sheet for this day judged without any other.
  public var truth: Truth
}

/// Some days of a school, and what is true about them when they are judged together.
public struct SimulatedSpan: Hashable, Sendable {
  /// Each day with its own answer sheet.
  public var days: [SimulatedDay]
  /// The answer sheet for all days judged in one call.
  public var truth: Truth
}
