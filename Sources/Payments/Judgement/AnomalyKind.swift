/// How bad it is.
public enum Severity: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  /// Somebody's money is in the wrong place.
  case loss
  /// Evidence or process is broken.
  case control
  /// No money is wrong.
  case notice

  /// Losses first.
  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .loss: 0
    case .control: 1
    case .notice: 2
    }
  }
}

/// Whose money it is.
public enum OwedTo: String, Codable, Hashable, Sendable, CaseIterable {
  case student, school, channel, none, unknown
}

/// Everything that can be wrong, by its public machine name (ANOMALIES, "Kinds").
public enum AnomalyKind: String, Codable, Hashable, Sendable, CaseIterable {
  // Losses, in the order a clerk works them.
  case debitedNotCredited = "debited-not-credited"
  case duplicateDebit = "duplicate-debit"
  case amountMismatch = "amount-mismatch"
  case wrongAccount = "wrong-account"
  case creditedNotDebited = "credited-not-debited"
  case duplicateCredit = "duplicate-credit"
  case refundNotReversed = "refund-not-reversed"
  case reversalNotRefunded = "reversal-not-refunded"
  case refundAmountMismatch = "refund-amount-mismatch"
  case refundExceedsPayment = "refund-exceeds-payment"
  case closedAccountCredit = "closed-account-credit"
  case moveIncomplete = "move-incomplete"
  case fundRowMissing = "fund-row-missing"
  case settlementMissing = "settlement-missing"
  case settlementMismatch = "settlement-mismatch"
  case feeMismatch = "fee-mismatch"
  // Controls.
  case unidentifiedBankCredit = "unidentified-bank-credit"
  case orphanRefund = "orphan-refund"
  case ambiguousMatch = "ambiguous-match"
  case serialCollision = "serial-collision"
  case keyConflict = "key-conflict"
  case timeImpossible = "time-impossible"
  case manualEntry = "manual-entry"
  case resolvedUnconfirmed = "resolved-unconfirmed"
  case cardBalanceBreak = "card-balance-break"
  case serialGap = "serial-gap"
  case unexplained = "unexplained"
  // Notices.
  case lateCredit = "late-credit"
  case suspectedDuplicateDebit = "suspected-duplicate-debit"
  case repeatedRow = "repeated-row"
  case limitExceeded = "limit-exceeded"

  /// How bad this kind is (an explained `amount-mismatch` is a notice all the same).
  public var severity: Severity {
    switch self {
    case .debitedNotCredited, .duplicateDebit, .amountMismatch, .wrongAccount, .closedAccountCredit,
      .creditedNotDebited, .duplicateCredit, .refundNotReversed, .reversalNotRefunded,
      .refundAmountMismatch, .refundExceedsPayment, .moveIncomplete, .fundRowMissing,
      .settlementMissing, .settlementMismatch, .feeMismatch:
      .loss
    case .unidentifiedBankCredit, .orphanRefund, .ambiguousMatch, .serialCollision, .keyConflict,
      .timeImpossible,
      .manualEntry, .resolvedUnconfirmed, .cardBalanceBreak, .serialGap, .unexplained:
      .control
    case .lateCredit, .suspectedDuplicateDebit, .repeatedRow, .limitExceeded: .notice
    }
  }
}

/// Why two amounts differ although nothing is wrong, or that no reason is known.
public enum Explanation: String, Codable, Hashable, Sendable, CaseIterable {
  case none, fee, surcharge, coupon, unit, rounding

  /// Whether the difference is named and therefore no loss.
  public var isBenign: Bool { self != .none && self != .unit }
}

/// What brought the rows of a group together.
public enum Basis: String, Codable, Hashable, Sendable, CaseIterable {
  /// The same merchant order number.
  case order
  /// The channel serial the ledger quotes.
  case serial
  /// Same account, same amount, near in time, and no other candidate.
  case weak
  /// Same payer only: the rows name no account.
  case payer
  /// Same account, amount and time, different orders.
  case account
  /// The row stands alone.
  case single
}
