internal import Columns
import Payments

/// Whom rows are for: the numbers each names, and whose they are (see Judging, "Who a channel row is for").
///
/// Nearly everybody has one student number, and a ledger row names it beside the card. No table of all people
/// is built: what is kept is of the numbers that rows name which are judged one by one, and of those they lead to.
struct Persons {
  private let table: EntryTable
  private let known: KnownNumbers
  /// The moments from which on lists say something else, in order.
  private let moments: [Int64]
  /// Whose numbers are whose before the first of them, and from each on.
  private let maps: [PersonMap]
  /// Whose numbers are whose in the end, at the last time of a row that is judged.
  let last: PersonMap
  /// The same of all times together: what is ever one person's, and more.
  private let ever: PersonMap

  /// - Parameters:
  ///   - judged: the rows whose people will be asked for.
  ///   - others: numbers besides those of rows that will be asked for.
  ///   - holes: rows that cannot be used, whose people will be asked for too.
  init(
    _ table: EntryTable, _ known: KnownNumbers, replacements: [AccountLink],
    judged: some Sequence<Int32>, besides others: Set<KeyHash>, holes: [Hole]
  ) {
    (self.table, self.known) = (table, known)
    var asked = others
    for hole in holes { asked.formUnion([hole.account, hole.student]) }
    for row in judged {
      asked.insert(table.account[Int(row)])
      asked.insert(table.student[Int(row)])
      for number in known.of(row) { asked.insert(number.key) }
    }
    let links = Links(table, replacements, asked: asked)
    let stretch = table.judgedStretch
    let end = stretch.upperBound
    let latest = holes.map { $0.span.end.seconds - 1 }.max() ?? end
    moments = links.moments(after: stretch.lowerBound, upTo: max(end, latest))
    maps = ([stretch.lowerBound] + moments).map { PersonMap(links, at: $0) }
    last = maps[moments.prefix { $0 <= end }.count]
    ever = PersonMap(links, at: .max, isCareful: false)
  }

  // MARK: - Rows

  /// All numbers a row names: the card first, then the student number.
  func names(_ row: Int32) -> [KeyHash] {
    var names: [KeyHash] = []
    if table.account[Int(row)] != 0 { names.append(table.account[Int(row)]) }
    if table.student[Int(row)] != 0 { names.append(table.student[Int(row)]) }
    for number in known.of(row) { names.append(number.key) }
    return names
  }

  /// The same, and the student numbers its cards are linked to at its time.
  func namesAndStudents(_ row: Int32) -> [KeyHash] {
    let map = map(at: Int64(table.time[Int(row)]))
    return names(row).flatMap { [$0] + (map.students[$0] ?? []) }
  }

  /// Whether two rows are for the same person.
  func isSame(_ left: Int32, _ right: Int32) -> Bool {
    isSame(names(left), names(right), at: later(left, right))
  }

  /// Whether two rows differ: one of them is for somebody else than the other, for certain.
  func differ(_ left: Int32, _ right: Int32) -> Bool {
    let time = later(left, right)
    let (mine, theirs) = (names(left), names(right))
    if mine.isEmpty || theirs.isEmpty || isSame(mine, theirs, at: time) { return false }
    return areContrary(certain(left), certain(right), at: time)
  }

  /// Whether a row may be for the person that has these numbers: it does not differ.
  func mayBe(_ row: Int32, card: KeyHash, student: KeyHash, at time: Int64) -> Bool {
    let (mine, theirs) = (names(row), [card, student].filter { $0 != 0 })
    let time = max(time, Int64(table.time[Int(row)]))
    if mine.isEmpty || theirs.isEmpty || isSame(mine, theirs, at: time) { return true }
    let other = Certain(
      cards: [card].filter { $0 != 0 }, students: [student].filter { $0 != 0 })
    return !areContrary(certain(row), other, at: time)
  }

  /// Whether each of two rows is a student's, and they are not the same person's.
  func areTwoStudents(_ left: Int32, _ right: Int32) -> Bool {
    let time = later(left, right)
    let map = map(at: time)
    func hasStudent(_ row: Int32) -> Bool {
      let certain = certain(row)
      return !certain.students.isEmpty || certain.cards.contains { map.students[$0] != nil }
    }
    return hasStudent(left) && hasStudent(right) && !isSame(left, right)
  }

  private func later(_ left: Int32, _ right: Int32) -> Int64 {
    Int64(max(table.time[Int(left)], table.time[Int(right)]))
  }

  // MARK: - Numbers

  /// What stands for the person of a number in the end.
  @inline(__always)
  func person(_ number: KeyHash) -> KeyHash { last.person(number) }

  /// What numbers that are ever one person's share; others may share it too.
  func everPerson(_ number: KeyHash) -> KeyHash { ever.person(number) }

  /// Whether any of some numbers is one person's with any of others at a time.
  func isSame(_ left: [KeyHash], _ right: [KeyHash], at time: Int64) -> Bool {
    let map = map(at: time)
    return left.contains { one in
      right.contains { one == $0 || map.person(one) == map.person($0) }
    }
  }

  /// Whether an index of persons and amounts holds one that a row may ever be of, with its amount.
  @inline(__always)
  func isNamed(_ row: Int32, in index: KeyIndex) -> Bool {
    let fen = UInt64(bitPattern: table.fen[Int(row)])
    let (card, student) = (table.account[Int(row)], table.student[Int(row)])
    if card != 0, index.contains(mixed(everPerson(card), fen)) { return true }
    if student != 0, index.contains(mixed(everPerson(student), fen)) { return true }
    return known.has(Int(row))
      && known.of(row).contains { index.contains(mixed(everPerson($0.key), fen)) }
  }

  private func map(at time: Int64) -> PersonMap {
    moments.isEmpty ? maps[0] : maps[moments.prefix { $0 <= time }.count]
  }

  /// Numbers named for certain.
  private struct Certain {
    var cards: [KeyHash] = []
    var students: [KeyHash] = []
  }

  private func certain(_ row: Int32) -> Certain {
    var certain = Certain(
      cards: [table.account[Int(row)]].filter { $0 != 0 },
      students: [table.student[Int(row)]].filter { $0 != 0 })
    for number in known.of(row) where number.isCertain {
      if number.isCard { certain.cards.append(number.key) }
      if number.isStudent { certain.students.append(number.key) }
    }
    return certain
  }

  /// Whether both have numbers of one kind, which are not one person's here.
  private func areContrary(_ left: Certain, _ right: Certain, at time: Int64) -> Bool {
    let map = map(at: time)
    func hasStudents(_ side: Certain) -> Bool {
      !side.students.isEmpty || side.cards.contains { map.students[$0] != nil }
    }
    if hasStudents(left), hasStudents(right) { return true }
    if left.cards.isEmpty || right.cards.isEmpty { return false }
    // Two cards of one student are nobody else's.
    let beside = Set(left.cards.flatMap { map.beside[$0] ?? [] })
    return !right.cards.contains { card in
      map.beside[card].map { !$0.isDisjoint(with: beside) } ?? false
    }
  }
}

extension EntryTable {
  /// From the earliest to the latest time of a row that is judged; of none, a moment.
  fileprivate var judgedStretch: ClosedRange<Int64> {
    let stretch = 1 << 16
    let found = concurrently((count + stretch - 1) / stretch) { index in
      var (low, high) = (UInt32.max, UInt32.min)
      for row in (index * stretch)..<min(count, (index + 1) * stretch)
      where kind[row] != .excluded {
        (low, high) = (min(low, time[row]), max(high, time[row]))
      }
      return (low, high)
    }
    guard let low = found.map(\.0).min(), let high = found.map(\.1).max(), low <= high else {
      return 0...0
    }
    return Int64(low)...Int64(high)
  }
}
