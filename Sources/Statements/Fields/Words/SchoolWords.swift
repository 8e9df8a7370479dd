public import Payments

/// What a school says about the words in its statements, besides what layouts know.
public struct SchoolWords: Sendable {
  /// Whose rows are ours in a service provider's statements; a channel without any: all rows.
  public var subMerchants: [Channel: [String]] = [:]
  /// What the ledger calls the channels.
  public var channels: [Channel: [String]] = [:]
  /// What the ledger writes for top-ups that no statement tells, as those at a counter.
  public var unreconciled: [String] = []
  /// One of these stands in every row of a channel that is a top-up; a channel without any: as its layout says.
  public var topUps: [Channel: [String]] = [:]
  /// Who settles for the channels, as banks write it, besides the names every bank writes.
  public var payoutParties: [Channel: [String]] = [:]
  /// Whether the ledger numbers its rows without gaps.
  public var serialsAreContinuous = false

  /// Says nothing.
  public init() {}
}
