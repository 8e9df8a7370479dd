import Payments

/// What happens seldom, and is told by rules of its own: batches, parts, orders of several people, what was
/// given and taken back without a key.
extension DayWriter {
  mutating func writeTale(_ source: inout SeededGenerator) {
    switch Int.random(in: 0..<8, using: &source) {
    case 0: writeBatch(&source)
    case 1: writeParts(&source)
    case 2: writePeople(&source)
    case 3: writePostedAgain(&source)
    case 4: writeApart(&source)
    default:
      writeStory(&source)
      if let some = rows.last(where: { $0.kind == .payment || $0.kind.isCredit }) {
        writeKeyless(of: source.chance(60) ? some : source.pick(rows), &source)
        if source.chance(50) { writeKeyless(of: source.pick(rows), &source) }
      }
    }
    while source.chance(20) { writeReturn(&source) }
  }

  private func paid(
    _ channel: Channel, _ fen: Int64, _ person: Int, _ source: inout SeededGenerator
  ) -> Entry {
    var row = Entry(kind: .payment, channel: channel, fen: fen, time: now)
    if source.chance(max(60, peopleNamed)) { name(person, on: &row, &source) }
    row.payer = source.pick([0, 601, 602])
    return row
  }

  private mutating func posted(
    _ channel: Channel, _ fen: Int64, _ person: Int, _ source: inout SeededGenerator
  ) -> Entry {
    var row = Entry(
      kind: creditKind(&source), channel: channelNamed(channel, &source), fen: fen,
      time: step(&source), own: fresh())
    name(person, on: &row, &source)
    return row
  }

  // MARK: Payments and credits

  /// Payments of one serial, which tells them apart only by their places in the batch.
  private mutating func writeBatch(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    let serial = key(201, &source)
    for place in 1...source.pick([2, 2, 3]) {
      _ = step(&source)
      let fen = source.pick(amounts)
      var row = paid(channel, fen, (place - 1) % 3, &source)
      (row.serial, row.own) = (serial, source.chance(90) ? KeyHash(place) : source.pick([0, 1]))
      if source.chance(ordersNamed / 2) { row.order = key(101, &source) }
      rows.append(row)
      guard source.chance(70) else { continue }
      var credit = posted(channel, fen, (place - 1) % 3, &source)
      if source.chance(60) { credit.serial = serial }
      if source.chance(70) { credit.order = row.order }
      rows.append(credit)
    }
  }

  /// One payment that is credited in parts: all of it, too little, too much; to one or to several people.
  private mutating func writeParts(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    _ = step(&source)
    var row = paid(channel, 5_000, 0, &source)
    row.order = key(101, &source)
    row.serial = key(201, &source)
    if source.chance(10) { row.couponFen = 500 }
    // Each to another, told by their student numbers.
    let toEach = source.chance(30)
    if toEach { row.student = students[0] }
    rows.append(row)
    let shares: [Int64] = source.pick([
      [3_000, 2_000], [2_500, 2_500], [3_000, 1_800], [2_000, 2_000, 1_000], [4_000, 4_000],
      [3_000, 1_999], [2_000, 2_500], [4_999, 50], [5_000, 100],
    ])
    for (place, share) in shares.enumerated() {
      let person = toEach ? (place + 1) % 3 : source.chance(60) ? 0 : source.pick([1, 2])
      var credit = posted(channel, share, person, &source)
      if toEach { credit.student = students[person] }
      if source.chance(90) { credit.order = row.order } else { credit.serial = row.serial }
      rows.append(credit)
    }
  }

  /// One order of two or three people, right, swapped, or with something missing.
  private mutating func writePeople(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    let order = key(101, &source)
    let fens =
      source.pick([[5_000, 5_000], [5_000, 3_000], [3_000, 5_000]] as [[Int64]]) + [5_000]
    let count = source.pick([2, 2, 3])
    for person in 0..<count {
      _ = step(&source)
      var row = paid(channel, fens[person], person, &source)
      (row.order, row.serial) = (order, key(201, &source))
      if source.chance(90) { rows.append(row) }
    }
    for person in 0..<count {
      let other = source.chance(75) ? person : count - 1 - person
      var credit = posted(channel, fens[person], other, &source)
      credit.order = order
      if source.chance(85) { rows.append(credit) }
      if source.chance(20) { writeReturn(&source) }
    }
  }

  // MARK: Given and taken back

  /// Posted, taken back and posted again: with the order, or without any key.
  private mutating func writePostedAgain(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    _ = step(&source)
    var row = paid(channel, 5_000, 0, &source)
    if source.chance(ordersNamed) { row.order = key(101, &source) }
    row.serial = key(201, &source)
    rows.append(row)
    var first = posted(channel, 5_000, source.chance(80) ? 0 : 1, &source)
    (first.order, first.serial) = (row.order, row.order == 0 ? row.serial : 0)
    var taken = first
    (taken.kind, taken.own, taken.time) = (.reversal, fresh(), step(&source))
    taken.original = source.chance(70) ? first.own : 0
    if source.chance(25) { (taken.order, taken.serial) = (0, 0) }
    rows += [first, taken]
    guard source.chance(80) else { return }
    var again = posted(channel, source.chance(90) ? 5_000 : 4_900, 0, &source)
    if source.chance(40) { again.order = row.order }
    rows.append(again)
  }

  /// A payment that was given back, or a credit that was taken back, and its counterpart without a key.
  private mutating func writeApart(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    _ = step(&source)
    var row = paid(channel, 5_000, 0, &source)
    row.serial = key(201, &source)
    if source.chance(30) { row.order = fresh() }
    var credit = posted(channel, 5_000, 0, &source)
    let isRefund = source.chance(50)
    var back = isRefund ? row : credit
    (back.kind, back.fen) = (isRefund ? .refund : .reversal, source.chance(85) ? 5_000 : 2_000)
    (back.own, back.time) = (fresh(), step(&source))
    back.original = isRefund ? row.serial : credit.own
    if source.chance(20) { credit.order = key(101, &source) }
    rows += [row, credit, back]
    if source.chance(40) { writeKeyless(of: isRefund ? credit : row, &source) }
  }

  /// What was given or taken back of a row and says of which only by its person and amount.
  private mutating func writeKeyless(of first: Entry, _ source: inout SeededGenerator) {
    let isRefund = first.side == .channel
    var back = Entry(
      kind: isRefund ? .refund : .reversal, channel: first.channel, fen: first.fen, time: 0,
      payer: isRefund && source.chance(70) ? first.payer : 0)
    let reach = rules.refundReachSeconds
    let near = [0, 60, 600, rules.refundWindowSeconds, rules.refundWindowSeconds + 1]
    let far = reach <= 86_400 ? [reach, reach, reach + 1, reach - 1] : [3_600]
    back.time = first.time + source.pick(near + far) * (source.chance(90) ? 1 : -1)
    if reach > 86_400, source.chance(10), let place = rows.lastIndex(of: first) {
      rows[place].time = back.time - reach + source.pick([-1, 0, 0, 1])
    }
    if isRefund, first.channel.isBank, source.chance(60) {
      back.serial = fresh()
      if source.chance(40) { back.order = fresh() }
    }
    if !isRefund || source.chance(50) { back.own = fresh() }
    let isSame = source.chance(70)
    if isSame {
      (back.account, back.student, back.others) = (first.account, first.student, first.others)
    } else if source.chance(80) {
      name(source.pick([0, 0, 1]), on: &back, &source)
    }
    rows.append(back)
  }

  /// A refund or reversal of some row already written.
  mutating func writeReturn(_ source: inout SeededGenerator) {
    guard !rows.isEmpty else { return }
    let first = source.pick(rows)
    let fen = source.chance(65) ? first.fen : source.pick([first.fen / 2, 2_000, 5_000, 100])
    var row = first
    row.couponFen = 0
    row.fen = fen
    row.time = step(&source)
    row.original = 0
    if first.side == .channel {
      row.kind = .refund
      row.own = source.chance(80) ? fresh() : key(301, &source)
      if source.chance(25) { (row.original, row.serial) = (row.serial, key(201, &source)) }
      if source.chance(20) { row.order = 0 }
    } else {
      row.kind = .reversal
      row.original = source.chance(50) ? first.own : 0
      row.own = source.chance(95) ? fresh() : key(301, &source)
      if source.chance(30) { row.order = 0 }
      if source.chance(40) { row.serial = 0 }
    }
    if source.chance(20) {
      (row.account, row.student) = (0, 0)
      name(source.pick([0, 1, 2]), on: &row, &source)
    }
    rows.append(row)
  }
}
