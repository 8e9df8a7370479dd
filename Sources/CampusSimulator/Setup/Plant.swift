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

  // Who is who: in schools with ``PeopleNaming/mixed`` alone.

  /// Two people pay one order, one of them is not credited.
  case orderOfTwo = "order-of-two"
  /// A bank books several people's payments under one reference; one is not credited.
  case batchPartAbsent = "batch-part-absent"
  /// Refunded, and taken off somebody else's card.
  case reversalOfOther = "reversal-of-other"
  /// The bill's field is the payer's number and nothing else; the credit is somebody else's.
  case wholeNumber = "whole-number"
  /// Credited to a card that was reported lost or closed.
  case accountClosed = "account-closed"
  /// Taken back and posted again, after the promise.
  case postedAgainLate = "posted-again-late"
  /// A bank's refund without an order number; still on the card.
  case keylessRefund = "keyless-refund"
  /// A bank's refund without an order number of a payment no statement holds.
  case keylessOrphan = "keyless-orphan"
  /// Taken off the card by a row without any number; never refunded.
  case keylessReversal = "keyless-reversal"
  /// The same where the ledger never credited anything.
  case strayReversal = "stray-reversal"
  /// Refunded in full, taken off the card in part.
  case fullRefundDiffers = "full-refund-differs"
  /// Taken off the card in full, refunded in part.
  case fullReversalDiffers = "full-reversal-differs"
  /// Credited in parts, less than paid.
  case partsShort = "parts-short"
  /// Credited in parts, more than paid.
  case partsOver = "parts-over"
  /// Credited in parts; the bank took its fee on top.
  case partsFee = "parts-fee"
  /// Credited in parts; a foreign card paid 3 % on top.
  case partsSurcharge = "parts-surcharge"
  /// Credited in parts, without what a coupon paid.
  case partsCoupon = "parts-coupon"
  /// Credited in parts, one fen apart.
  case partsRounded = "parts-rounded"
  /// Credited in parts, one of them to somebody else.
  case partOfOther = "part-of-other"

  // Behind the bill: in schools whose channels' accounts are simulated alone.

  /// A payment of the bill that never reached the channel's account.
  case fundAbsent = "fund-absent"
  /// A payment that reached it less a yuan.
  case fundShort = "fund-short"
  /// A payment on the account that no bill tells.
  case fundAlone = "fund-alone"
  /// A fee one fen off.
  case feeOff = "fee-off"
  /// A fee at another rate.
  case feeRate = "fee-rate"
  /// A payout that never arrived.
  case payoutAbsent = "payout-absent"
  /// A payout of which a part arrived.
  case payoutShort = "payout-short"
  /// A payout that arrived twice.
  case payoutTwice = "payout-twice"
  /// A bank line of a channel that sent nothing.
  case payoutStray = "payout-stray"

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
    case .orderOfTwo, .batchPartAbsent: [.debitedNotCredited]
    case .reversalOfOther, .wholeNumber, .partOfOther: [.wrongAccount]
    case .accountClosed: [.closedAccountCredit]
    case .postedAgainLate: [.lateCredit]
    case .keylessRefund: [.refundNotReversed]
    case .keylessOrphan: [.orphanRefund]
    case .keylessReversal, .strayReversal: [.reversalNotRefunded]
    case .fullRefundDiffers, .fullReversalDiffers: [.refundAmountMismatch]
    case .partsShort, .partsOver, .partsFee, .partsSurcharge, .partsCoupon, .partsRounded:
      [.amountMismatch]
    case .fundAbsent: [.fundRowMissing]
    case .fundShort, .fundAlone, .payoutShort: [.settlementMismatch]
    case .feeOff, .feeRate: [.feeMismatch]
    case .payoutAbsent: [.settlementMissing]
    case .payoutTwice, .payoutStray: [.unidentifiedBankCredit]
    }
  }

  /// Whether it happens behind the bill, where the channels' accounts are simulated.
  public var needsFunds: Bool {
    switch self {
    case .fundAbsent, .fundShort, .fundAlone, .feeOff, .feeRate, .payoutAbsent, .payoutShort,
      .payoutTwice, .payoutStray:
      true
    default: false
    }
  }

  /// Whether it is one of who is who, which a school that names people plainly does not know.
  public var needsMixedPeople: Bool {
    switch self {
    case .orderOfTwo, .batchPartAbsent, .reversalOfOther, .wholeNumber, .accountClosed,
      .postedAgainLate, .keylessRefund, .keylessOrphan, .keylessReversal, .strayReversal,
      .fullRefundDiffers, .fullReversalDiffers, .partsShort, .partsOver, .partsFee,
      .partsSurcharge, .partsCoupon, .partsRounded, .partOfOther:
      true
    default: false
    }
  }

  /// Whether it sits at the edge of a day, so that one day alone cannot decide it.
  public var isAtTheEdge: Bool { kinds.isEmpty }

  /// Whether it only makes sense when the following day is simulated too.
  public var needsNextDay: Bool { self == .creditedNextDay || self == .refundedNextDay }
}
