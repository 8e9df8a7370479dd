internal import Payments

// Paid and credited, by different amounts.
extension Simulation {
  mutating func plantMismatch(_ plant: Plant) {
    guard let channel = mismatchChannel(plant), let person = freshPerson() else { return }
    let amounts = mismatchAmounts(plant)
    var paid = payment(person, amounts.paid, on: channel, at: safeMoment())
    if plant == .couponDeducted { paid.couponFen = amounts.paid - amounts.credited }
    diary.enter(paid)
    let posted = credit(
      paid, at: paid.time + delay(channel), fen: amounts.credited, quoting: random.chance(500))
    var found = finding(
      .amountMismatch, plant, about: paid, fen: abs(amounts.paid - amounts.credited),
      ledger: [posted], note: "paid \(amounts.paid) fen, credited \(amounts.credited) fen")
    let explanation = mismatchExplanation(plant)
    found.explanation = explanation
    found.owed =
      explanation.isBenign ? OwedTo.none : amounts.paid > amounts.credited ? .student : .school
    diary.note(found)
  }

  private mutating func mismatchChannel(_ plant: Plant) -> Channel? {
    switch plant {
    case .feeOnTop: channel(where: \.isBank)
    case .surchargeOnTop, .couponDeducted: channel(where: { !$0.isBank })
    default: anyChannel()
    }
  }

  /// Chosen so that no other explanation fits by accident.
  private mutating func mismatchAmounts(_ plant: Plant) -> (paid: Int64, credited: Int64) {
    let round = random.pick([5_000, 10_000, 20_000] as [Int64])
    return switch plant {
    case .creditedShort:
      random.pick([(5_000, 3_000), (10_000, 9_000), (20_000, 15_000), (10_000, 5_000)])
    case .creditedOver: random.pick([(5_000, 10_000), (3_000, 5_000), (10_000, 15_000)])
    case .feeOnTop: (round + random.pick([200, 300]), round)
    case .surchargeOnTop: (round * 103 / 100, round)
    case .couponDeducted: (round, round - random.pick([500, 1_000]))
    case .unitConfused: random.chance(500) ? (5_000, 50) : (50, 5_000)
    default: (round, random.chance(500) ? round - 1 : round + 1)
    }
  }

  private func mismatchExplanation(_ plant: Plant) -> Explanation {
    switch plant {
    case .feeOnTop: .fee
    case .surchargeOnTop: .surcharge
    case .couponDeducted: .coupon
    case .unitConfused: .unit
    case .roundedApart: .rounding
    default: .none
    }
  }
}
