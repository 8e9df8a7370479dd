internal import Payments

/// A row of the card system's ledger, before it has a layout and a 流水号.
struct LedgerRow: Sendable {
  enum Kind: UInt8, Sendable {
    case topUp, autoTopUp, manual, reversal, refund, transferOut, transferIn
    case cash, purchase, allowance

    /// The ledger's word for it.
    var word: String {
      switch self {
      case .topUp: "充值"
      case .autoTopUp: "自动续充"
      case .manual: "补录"
      case .reversal: "冲正"
      case .refund: "退款"
      case .transferOut: "转出"
      case .transferIn: "转入"
      case .cash: "现金充值"
      case .purchase: "消费"
      case .allowance: "领款"
      }
    }

    /// Whether the row puts money on the card.
    var isUp: Bool {
      switch self {
      case .topUp, .autoTopUp, .manual, .transferIn, .cash, .allowance: true
      case .reversal, .refund, .transferOut, .purchase: false
      }
    }

    /// Whether it is a top-up of a reconciled channel.
    var isCredit: Bool { self == .topUp || self == .autoTopUp || self == .manual }

    /// Whether it takes a top-up back.
    var isReversal: Bool { self == .reversal || self == .refund }
  }

  enum Status: UInt8, Sendable {
    case done, failed, processing

    /// The ledger's word for it.
    var word: String {
      switch self {
      case .done: "成功"
      case .failed: "失败"
      case .processing: "处理中"
      }
    }
  }

  /// Where the row stands in the school's list of assigned 流水号.
  var id: Int
  var kind: Kind
  /// When it was posted, in seconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// Never negative.
  var fen: Int64
  var status: Status = .done
  /// Whose card: an index into the school's ``People``.
  var person: Int32
  /// Which of the person's cards: 0 the first one.
  var card: UInt8
  /// Whether the row names the 学工号 and the 姓名 beside the card.
  var namesStudent = true
  /// `unknown` for rows of no channel.
  var channel: Channel
  var order: Serial = .none
  /// The channel serial the row quotes.
  var quoted: Serial = .none
  /// The ``id`` of the row it takes back or continues.
  var original: Int?
}
