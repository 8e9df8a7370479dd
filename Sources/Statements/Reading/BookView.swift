/// What kind of book a statement is.
enum BookView: String, Decodable, Sendable {
  /// Every payment and refund: what matching wants.
  case trade
  /// The account the money lies on: the same events again, with fees and withdrawals. Its rows
  /// are left out where a trade statement speaks for the same channel and days.
  case account
  /// One person's own bill: good for inspection, covers nothing.
  case personal
  /// The card system's list of accounts with their states: open or closed, since when.
  case accounts
  /// The card system's list of replaced cards: the old number and the new.
  case replacements
  /// A summary beside the real statement: recognised, never read as one.
  case summary

  /// Whether its rows move no money.
  var isList: Bool { self == .accounts || self == .replacements }
}
