internal import Payments

/// What a channel lists: one row of its statement, before it has a layout.
struct ChannelRow: Sendable {
  enum Kind: UInt8, Sendable {
    case payment
    case refund
    /// Money the bank has announced but not booked.
    case unbooked
    /// Other business of the account, money in.
    case otherIn
    /// Other business of the account, money out.
    case otherOut
  }

  /// Something a row says wrongly, on purpose.
  enum Damage: UInt8, Sendable {
    case none, unknownStatus, unreadableTime
  }

  var channel: Channel
  var kind: Kind
  /// When it happened, in seconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// Never negative.
  var fen: Int64
  var serial: Serial
  var order: Serial
  /// Whose card is to be topped up: an index into the school's ``People``.
  var person: Int32
  /// Which of the person's cards the row means when it names a card.
  var card: UInt8 = 0
  var naming: Naming = .student
  /// Whether a word stands before the number wherever it stands: a number nobody knows accuses nobody.
  var isLabelled = false
  /// How it says so.
  var wording = Wording.plain
  /// Who pays: an index into the school's ``People``.
  var payer: Int32
  /// The channel's own number of a refund.
  var refund: Serial = .none
  /// The school's number of a refund.
  var refundOrder: Serial = .none
  /// A coupon the row lists, in fen.
  var couponFen: Int64 = 0
  /// When the order was made; a refund repeats its payment's.
  var created: Int64
  var damage: Damage = .none
  /// Whom a row of other business is with.
  var party = Party.any

  /// Whom a bank's account has other business with.
  enum Party: UInt8, Sendable {
    /// Anybody; anybody but a channel that settles; a channel.
    case any, noChannel, wechatPayout, alipayPayout
  }

  /// The bank's reference of the batch the row was booked in; rows of one batch follow each other.
  var batch: Serial = .none

  /// Bits that decide small differences of wording, the same whenever the row is written.
  var style: UInt64 { SplitMix64.mixed(serial.number &+ 0x51) }
}
