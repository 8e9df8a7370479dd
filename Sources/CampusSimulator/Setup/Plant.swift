public import Payments

/// Something a simulated school gets wrong on purpose: one concrete way to produce an anomaly, or
/// to leave a row undecided at the edge of a day.
public enum Plant: String, Hashable, Sendable, CaseIterable {
  /// The money is taken and the ledger has no row.
  case creditAbsent = "credit-absent"
  /// The money is taken and the ledger's row says 失败.
  case creditFailed = "credit-failed"
  /// The money is taken and the ledger's row says 处理中.
  case creditProcessing = "credit-processing"
  /// One order is paid twice and never credited: two anomalies.
  case creditAbsentTwice = "credit-absent-twice"
  /// One order, two channel serials, one credit that names one of them.
  case sameOrderQuoted = "same-order-quoted"
  /// One order, two channel serials, one credit that names neither.
  case sameOrderNearest = "same-order-nearest"
  /// Two orders of one account and amount within minutes, one credit.
  case twoOrders = "two-orders"
  /// One order paid on two channels.
  case twoChannels = "two-channels"
  /// Two bank lines without an order number within minutes, one credit.
  case weakTwin = "weak-twin"
  /// Two orders of one payer that name nobody, one credit.
  case samePayer = "same-payer"
  /// Credited less than paid.
  case creditedShort = "credited-short"
  /// Credited more than paid.
  case creditedOver = "credited-over"
  /// The bank took its fee on top.
  case feeOnTop = "fee-on-top"
  /// A foreign card paid 3 % on top.
  case surchargeOnTop = "surcharge-on-top"
  /// A coupon paid a part that was not credited.
  case couponDeducted = "coupon-deducted"
  /// Fen taken for yuan.
  case unitConfused = "unit-confused"
  /// One fen apart.
  case roundedApart = "rounded-apart"
  /// A credit nobody paid for.
  case creditAlone = "credit-alone"
  /// A credit for money the bank announced and never booked.
  case creditOfUnbooked = "credit-of-unbooked"
  /// One payment, one order, two credits.
  case creditTwice = "credit-twice"
  /// One bank line without an order number, two credits within minutes.
  case weakCreditTwice = "weak-credit-twice"
  /// The credit went to somebody else's card.
  case wrongPerson = "wrong-person"
  /// Refunded in full, still on the card.
  case refundOnly = "refund-only"
  /// Refunded in part, still on the card.
  case partialRefundOnly = "partial-refund-only"
  /// Taken off the card, never refunded.
  case reversalOnly = "reversal-only"
  /// Taken off the card in part, never refunded.
  case partialReversalOnly = "partial-reversal-only"
  /// Refunded and taken off the card, by different amounts.
  case refundDiffers = "refund-differs"
  /// Refunded twice in full, taken off the card once.
  case refundTwice = "refund-twice"
  /// A refund of a payment no statement holds.
  case refundWithoutPayment = "refund-without-payment"
  /// Credited after the promise.
  case creditLate = "credit-late"
  /// One row of a channel's bill listed twice.
  case rowRepeated = "row-repeated"
  /// Two payments and two credits of one account and amount within minutes.
  case paidTwiceOnPurpose = "paid-twice-on-purpose"
  /// Two different payments under one channel serial.
  case serialShared = "serial-shared"
  /// A credit that quotes a serial its order does not have.
  case serialContradicted = "serial-contradicted"
  /// Two bank lines without an order number half an hour apart, one credit.
  case twoForOne = "two-for-one"
  /// Two bank lines without an order number, two credits, more than one way to pair them.
  case twoForTwo = "two-for-two"
  /// A top-up above the single limit.
  case aboveLimit = "above-limit"
  /// A credit minutes before its payment.
  case creditTooEarly = "credit-too-early"
  /// A credit typed in by a person at once.
  case typedIn = "typed-in"
  /// A credit typed in by a person hours after the posting failed.
  case typedInLate = "typed-in-late"
  /// Paid just before midnight and never credited.
  case unpaidAtMidnight = "unpaid-at-midnight"
  /// Paid just before midnight, credited just after it.
  case creditedAfterMidnight = "credited-after-midnight"
  /// Credited just after the first midnight for a payment of the evening before.
  case carriedIn = "carried-in"
  /// Refunded so late in the evening that the reversal may still come.
  case refundAtNight = "refund-at-night"
  /// Refunded before midnight, taken off the card after it.
  case reversedAfterMidnight = "reversed-after-midnight"
  /// Paid in the day, credited the next morning (needs a next day).
  case creditedNextDay = "credited-next-day"
  /// Paid and credited on one day, refunded and reversed on the next (needs a next day).
  case refundedNextDay = "refunded-next-day"

  /// What it produces once everything that decides it is covered; empty for a plant that is
  /// normal in the end or stays pending.
  public var kinds: [AnomalyKind] {
    switch self {
    case .creditAbsent, .creditFailed, .creditProcessing, .creditAbsentTwice:
      [.debitedNotCredited]
    case .sameOrderQuoted, .sameOrderNearest, .twoOrders, .twoChannels, .weakTwin, .samePayer:
      [.duplicateDebit]
    case .creditedShort, .creditedOver, .feeOnTop, .surchargeOnTop, .couponDeducted,
      .unitConfused, .roundedApart:
      [.amountMismatch]
    case .creditAlone, .creditOfUnbooked: [.creditedNotDebited]
    case .creditTwice, .weakCreditTwice: [.duplicateCredit]
    case .wrongPerson: [.wrongAccount]
    case .refundOnly, .partialRefundOnly: [.refundNotReversed]
    case .reversalOnly, .partialReversalOnly: [.reversalNotRefunded]
    case .refundDiffers: [.refundAmountMismatch]
    case .refundTwice: [.refundExceedsPayment]
    case .refundWithoutPayment: [.orphanRefund]
    case .creditLate: [.lateCredit]
    case .rowRepeated: [.repeatedRow]
    case .paidTwiceOnPurpose: [.suspectedDuplicateDebit]
    case .serialShared: [.serialCollision]
    case .serialContradicted: [.keyConflict]
    case .twoForOne, .twoForTwo: [.ambiguousMatch]
    case .aboveLimit: [.limitExceeded]
    case .creditTooEarly: [.timeImpossible]
    case .typedIn: [.manualEntry]
    case .typedInLate: [.manualEntry, .lateCredit]
    case .unpaidAtMidnight, .creditedAfterMidnight, .carriedIn, .refundAtNight,
      .reversedAfterMidnight, .creditedNextDay, .refundedNextDay:
      []
    }
  }

  /// Whether it sits at the edge of a day, so that one day alone cannot decide it.
  public var isAtTheEdge: Bool { kinds.isEmpty }

  /// Whether it only makes sense when the following day is simulated too.
  public var needsNextDay: Bool { self == .creditedNextDay || self == .refundedNextDay }
}
