internal import Payments

/// What moved on a channel's own account, before it has a layout.
struct FundRow: Sendable {
  enum Kind: UInt8, Sendable {
    case payment, refund, fee, feeReturned, withdrawal
  }

  var kind: Kind
  /// In seconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// Never negative.
  var fen: Int64
  /// What the channel calls the payment, refund or withdrawal.
  var serial: String
  /// The school's number of it.
  var order: String

  /// What the account has more for it.
  var movement: Int64 {
    switch kind {
    case .payment, .feeReturned: fen
    case .refund, .fee, .withdrawal: -fen
    }
  }
}

/// One account of a channel.
struct FundAccount: Hashable, Sendable {
  var channel: Channel
  /// Whether it is the second merchant number's.
  var isSecond = false
}

/// An account's day: what it held before, and what moved.
struct FundDay: Sendable {
  var opening: Int64
  var rows: [FundRow]

  /// How many rows came in, or went out, and how much.
  func total(isIn: Bool) -> (rows: Int, fen: Int64) {
    let mine = rows.filter { ($0.movement > 0) == isIn }
    return (mine.count, mine.reduce(0) { $0 + $1.fen })
  }
}
