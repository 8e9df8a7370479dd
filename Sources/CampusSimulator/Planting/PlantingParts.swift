internal import Payments

// One payment credited in several parts.
extension Simulation {
  mutating func plantParts(_ plant: Plant) {
    if plant == .partOfOther { return plantPartOfOther() }
    let channel: Channel? =
      switch plant {
      case .partsFee: channel(where: \.isBank)
      case .partsSurcharge, .partsCoupon: channel(where: { !$0.isBank })
      default: anyChannel()
      }
    guard let channel, let person = freshPerson() else { return }
    let (fen, parts) = partAmounts(plant)
    let credited = parts.reduce(0, +)
    var paid = payment(person, fen, on: channel, at: safeMoment())
    if plant == .partsCoupon { paid.couponFen = fen - credited }
    diary.enter(paid)
    let posted = creditInParts(paid, parts)
    var found = finding(
      .amountMismatch, plant, about: paid, fen: abs(fen - credited), ledger: posted,
      note: "paid \(fen) fen, credited \(parts) fen")
    let explanation: Explanation =
      switch plant {
      case .partsFee: .fee
      case .partsSurcharge: .surcharge
      case .partsCoupon: .coupon
      case .partsRounded: .rounding
      default: .none
      }
    found.explanation = explanation
    found.owed = explanation.isBenign ? OwedTo.none : fen > credited ? .student : .school
    diary.note(found)
  }

  /// Chosen so that no part is the whole, and no other explanation fits by accident.
  private mutating func partAmounts(_ plant: Plant) -> (Int64, [Int64]) {
    switch plant {
    case .partsShort:
      random.pick([
        (10_000, [6_000, 3_000]), (20_000, [10_000, 5_000]), (10_000, [5_000, 2_000, 2_000]),
      ])
    case .partsOver:
      random.pick([(10_000, [6_000, 5_000]), (5_000, [3_000, 3_000]), (20_000, [15_000, 6_000])])
    case .partsFee: random.pick([(10_200, [6_000, 4_000]), (20_300, [5_000, 15_000])])
    case .partsSurcharge: random.pick([(10_300, [6_000, 4_000]), (20_600, [15_000, 5_000])])
    case .partsCoupon: random.pick([(10_000, [6_000, 3_500]), (20_000, [10_000, 9_000])])
    default: random.pick([(10_000, [6_000, 3_999]), (10_000, [4_001, 6_000])])
    }
  }

  /// Credits a payment in parts, one soon after the other: the last one keeps the promise too.
  mutating func creditInParts(_ paid: ChannelRow, _ parts: [Int64]) -> [LedgerRow] {
    var time = paid.time + (paid.channel.isBank ? random.within(60...900) : random.within(2...40))
    return parts.map { part in
      let posted = credit(paid, at: time, fen: part, quoting: random.chance(400))
      time += random.within(0...20)
      return posted
    }
  }

  private mutating func plantPartOfOther() {
    guard let person = freshPerson(), let other = freshPerson() else { return }
    let (fen, part) = random.pick(
      [(10_000, 4_000), (20_000, 5_000), (5_000, 3_000)] as [(Int64, Int64)])
    var paid = payment(person, fen, on: anyChannel(), at: safeMoment())
    tell(&paid)
    diary.enter(paid)
    let first = creditInParts(paid, [fen - part])
    var posted = posting(for: paid, at: first[0].time + random.within(0...20))
    posted.fen = part
    posted.person = other
    posted.card = cards[Int(other)]
    diary.enter(posted)
    noteWrongPerson(.partOfOther, paid, posted)
  }
}
