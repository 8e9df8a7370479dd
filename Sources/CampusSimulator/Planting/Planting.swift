internal import Payments

extension Simulation {
  /// Plants today's share of everything the configuration lists.
  mutating func plantEverything() {
    for plant in Plant.allCases {
      guard let range = configuration.plants[plant], range.upperBound > 0 else { continue }
      if plant.needsMixedPeople, !people.customs.isMixed { continue }
      if plant.needsFunds { continue }
      if plant.needsNextDay, !hasTomorrow { continue }
      if plant == .carriedIn, today != span.lowerBound { continue }
      let low = max(0, range.lowerBound)
      let count = low + random.below(range.upperBound - low + 1)
      for _ in 0..<count {
        diary.beginCase()
        self.plant(plant)
        diary.endCase()
      }
    }
  }

  /// Plants one case, unless the school has no channel or nobody left for it.
  private mutating func plant(_ plant: Plant) {
    switch plant {
    case .creditAbsent, .creditFailed, .creditProcessing, .creditAbsentTwice,
      .sameOrderQuoted, .sameOrderNearest, .twoOrders, .twoChannels, .weakTwin, .samePayer:
      plantDebit(plant)
    case .creditedShort, .creditedOver, .feeOnTop, .surchargeOnTop, .couponDeducted,
      .unitConfused, .roundedApart:
      plantMismatch(plant)
    case .creditAlone, .creditOfUnbooked, .creditTwice, .weakCreditTwice, .wrongPerson:
      plantCredit(plant)
    case .refundOnly, .partialRefundOnly, .reversalOnly, .partialReversalOnly, .refundDiffers,
      .refundTwice, .refundWithoutPayment:
      plantRefund(plant)
    case .creditLate, .rowRepeated, .paidTwiceOnPurpose, .aboveLimit, .creditTooEarly, .typedIn,
      .typedInLate:
      plantNotice(plant)
    case .serialShared, .serialContradicted, .twoForOne, .twoForTwo:
      plantContradiction(plant)
    case .unpaidAtMidnight, .creditedAfterMidnight, .carriedIn, .refundAtNight,
      .reversedAfterMidnight, .creditedNextDay, .refundedNextDay:
      plantEdge(plant)
    case .orderOfTwo, .batchPartAbsent, .reversalOfOther, .wholeNumber, .accountClosed,
      .postedAgainLate:
      plantPeople(plant)
    case .keylessRefund, .keylessOrphan, .keylessReversal, .strayReversal, .fullRefundDiffers,
      .fullReversalDiffers:
      plantKeyless(plant)
    case .partsShort, .partsOver, .partsFee, .partsSurcharge, .partsCoupon, .partsRounded,
      .partOfOther:
      plantParts(plant)
    // Planted when the day's bills are there.
    case .fundAbsent, .fundShort, .fundAlone, .feeOff, .feeRate, .payoutAbsent, .payoutShort,
      .payoutTwice, .payoutStray:
      break
    }
  }
}
