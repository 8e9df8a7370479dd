/// What a row moved on an account that money lies on: a channel's own, or a bank's (page *Settlement*).
///
/// Rows of trade bills and of the ledger move nothing on such an account.
public enum Flow: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case none
  /// A payer's money came in.
  case payment
  /// Money went back to a payer.
  case refund
  /// The channel took its fee.
  case fee
  /// The channel gave a fee back.
  case feeReturned
  /// Money went to the bank.
  case withdrawal
  /// Anything else, in or out.
  case otherIn, otherOut
  /// A settlement party's money at a bank, in or out.
  case settlementIn, settlementOut

  /// Whether the account has more for it.
  @inlinable
  public var isIn: Bool {
    switch self {
    case .payment, .feeReturned, .otherIn, .settlementIn: true
    case .none, .refund, .fee, .withdrawal, .otherOut, .settlementOut: false
    }
  }

  /// The machine name used in reports.
  public var name: String {
    switch self {
    case .none: "none"
    case .payment: "payment"
    case .refund: "refund"
    case .fee: "fee"
    case .feeReturned: "fee-returned"
    case .withdrawal: "withdrawal"
    case .otherIn: "other-in"
    case .otherOut: "other-out"
    case .settlementIn: "settlement-in"
    case .settlementOut: "settlement-out"
    }
  }
}
