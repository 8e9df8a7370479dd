public import Payments

/// Something that is not as it was recorded.
public struct Discrepancy: Hashable, Sendable {
  /// What is concerned: a file, a link of the chain, a night.
  public var subject: String
  /// What is wrong with it.
  public var problem: Wording

  /// Describes a discrepancy.
  public init(_ subject: String, zh: String, en: String) {
    self.subject = subject
    problem = Wording(zh: zh, en: en)
  }
}
