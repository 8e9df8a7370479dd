import Payments

/// Which account numbers belong to one person: a card and its student number, an old card and its
/// replacement.
///
/// Nearly everybody has one student number, and a ledger row names it beside the card: that number
/// stands for the person, and no table of all people is built. Kept are the exceptions — student
/// numbers that one card joins, replaced cards — and, for the few rows that are judged one by one,
/// the student number of the card they name.
struct Persons {
  /// Card → a student number the ledger names beside it, for the cards asked about.
  private var students: [KeyHash: KeyHash] = [:]
  /// Numbers joined by more than a card and its student number.
  private var numbers: [KeyHash: Int32] = [:]
  private var keys: [KeyHash] = []
  private var sets = DisjointSets(count: 0)

  /// Learns from the ledger's own rows, from lists of replacements and from the configured ones; a
  /// held row teaches nothing.
  ///
  /// - Parameter judged: the rows whose accounts ``person(_:)`` will be asked for.
  init(_ table: EntryTable, replacements: [AccountLink], judged: some Sequence<Int32>) {
    var links = replacements.map { ($0.first, $0.second) }
    for row in 0..<table.count
    where table.rule[row] == .cardReplacement && table.kind[row] == .excluded {
      if table.account[row] != 0, table.student[row] != 0 {
        links.append((table.account[row], table.student[row]))
      }
    }
    links += Persons.transfers(table)
    if (0..<table.count).contains(where: { Persons.teaches(table, $0) }) {
      var asked = Set(links.flatMap { [$0.0, $0.1] })
      for row in judged { asked.formUnion(table.names(row)) }
      learnStudents(of: asked, table)
      joinSharedNumbers(table)
    }
    for (left, right) in links { join(student(left), student(right)) }
  }

  /// A key that two accounts share exactly when they are one person's; 0 for account 0.
  ///
  /// An account nobody linked stands for itself.
  mutating func person(_ account: KeyHash) -> KeyHash {
    person(ofStudent: students.isEmpty ? account : student(account))
  }

  /// The same for a number that is known not to be a card of somebody else's.
  @inline(__always)
  mutating func person(ofStudent number: KeyHash) -> KeyHash {
    guard !numbers.isEmpty, let set = numbers[number] else { return number }
    return keys[Int(sets.root(set))]
  }

  /// Whether two accounts are one person's.
  mutating func same(_ left: KeyHash, _ right: KeyHash) -> Bool {
    left == right || person(left) == person(right)
  }

  private func student(_ account: KeyHash) -> KeyHash { students[account] ?? account }

  private mutating func join(_ left: KeyHash, _ right: KeyHash) {
    guard left != right else { return }
    sets.join(number(left), number(right))
  }

  private mutating func number(_ key: KeyHash) -> Int32 {
    if let known = numbers[key] { return known }
    let new = sets.add()
    numbers[key] = new
    keys.append(key)
    return new
  }

  // MARK: - Learning

  /// Whether a row says that its card and its student number are one person's.
  @inline(__always)
  private static func teaches(_ table: EntryTable, _ row: Int) -> Bool {
    table.student[row] != 0 && table.account[row] != 0 && !table.kind[row].isChannelSide
  }

  private mutating func learnStudents(of asked: Set<KeyHash>, _ table: EntryTable) {
    let index = KeyIndex(asked.map { (key: $0, row: 0) })
    guard !index.isEmpty else { return }
    for row in 0..<table.count where Persons.teaches(table, row) {
      index.forEach(table.account[row]) { _ in
        if students[table.account[row]] == nil { students[table.account[row]] = table.student[row] }
      }
    }
  }

  /// A number that stands beside several student numbers, or is itself somebody's student number,
  /// makes one person of them.
  private mutating func joinSharedNumbers(_ table: EntryTable) {
    let count = table.count
    let partitions = KeyPartitions(count: count * 2) { place in
      let row = place < count ? place : place - count
      guard Persons.teaches(table, row), table.account[row] != table.student[row] else { return 0 }
      return place < count ? table.account[row] : table.student[row]
    }
    partitions.forEachCluster { cluster in
      guard let first = cluster.first, Int(first) < count else { return }
      // Cards come before student numbers: the places of a cluster ascend.
      let student = table.student[Int(first)]
      for place in cluster.dropFirst() {
        let other =
          Int(place) < count ? table.student[Int(place)] : table.student[Int(place) - count]
        if other != student { join(student, other) }
      }
    }
  }

  /// 转入 names the 转出 it continues: both cards are one person's.
  private static func transfers(_ table: EntryTable) -> [(KeyHash, KeyHash)] {
    let arrivals = table.original.filter { table.kind[Int($0.key)] == .transferIn }
    let index = KeyIndex(arrivals.map { (key: $0.value, row: $0.key) })
    guard !index.isEmpty else { return [] }
    var links: [(KeyHash, KeyHash)] = []
    for row in 0..<table.count where table.kind[row] == .transferOut {
      index.forEach(table.own[row]) { arrival in
        for left in table.names(Int32(row)) {
          for right in table.names(arrival) { links.append((left, right)) }
        }
      }
    }
    return links
  }
}

/// The accounts a row names: none, one or two.
struct AccountNames: Sequence {
  /// The card, or the number a channel row names; else the student number; 0 when nobody is named.
  let first: KeyHash
  private let second: KeyHash

  init(_ account: KeyHash, _ student: KeyHash) {
    first = account != 0 ? account : student
    second = account != 0 ? student : 0
  }

  var isEmpty: Bool { first == 0 }

  func makeIterator() -> Iterator { Iterator(first: first, second: second) }

  struct Iterator: IteratorProtocol {
    fileprivate var first: KeyHash
    fileprivate var second: KeyHash

    mutating func next() -> KeyHash? {
      guard first != 0 else { return nil }
      defer { (first, second) = (second, 0) }
      return first
    }
  }
}

extension EntryTable {
  /// The accounts a row names.
  func names(_ row: Int32) -> AccountNames { AccountNames(account[Int(row)], student[Int(row)]) }
}
