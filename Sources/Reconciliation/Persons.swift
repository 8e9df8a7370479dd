internal import Columns
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
  /// Number joined by more than a card and its student number → the one that stands for its person.
  private var persons: [KeyHash: KeyHash] = [:]

  /// Learns from the ledger's own rows, from lists of replacements and from the configured ones; a
  /// held row teaches nothing.
  ///
  /// - Parameters:
  ///   - judged: the rows whose accounts ``person(_:)`` will be asked for.
  ///   - others: accounts besides those of rows that it will be asked for.
  ///   - partitions: memory to work in.
  init(
    _ table: EntryTable, replacements: [AccountLink], judged: some Sequence<Int32>,
    besides others: [KeyHash], _ partitions: inout KeyPartitions
  ) {
    var links = replacements.map { ($0.first, $0.second) }
    let listed = rows(table.count) { row in
      table.rule[row] == .cardReplacement && table.kind[row] == .excluded
    }
    for row in listed where table.account[Int(row)] != 0 && table.student[Int(row)] != 0 {
      links.append((table.account[Int(row)], table.student[Int(row)]))
    }
    links += Persons.transfers(table)
    var asked = Set(links.flatMap { [$0.0, $0.1] })
    for row in judged { asked.formUnion(table.names(row)) }
    asked.formUnion(others.filter { $0 != 0 })
    learnStudents(of: asked, table)
    var numbers = JoinedNumbers()
    joinSharedNumbers(table, &numbers, &partitions)
    for (left, right) in links { numbers.join(student(left), student(right)) }
    persons = numbers.representatives
  }

  /// A key that two accounts share exactly when they are one person's; 0 for account 0.
  ///
  /// An account nobody linked stands for itself.
  func person(_ account: KeyHash) -> KeyHash {
    person(ofStudent: students.isEmpty ? account : student(account))
  }

  /// The same for a number that is known not to be a card of somebody else's.
  @inline(__always)
  func person(ofStudent number: KeyHash) -> KeyHash {
    persons.isEmpty ? number : persons[number] ?? number
  }

  /// Whether two accounts are one person's.
  func same(_ left: KeyHash, _ right: KeyHash) -> Bool {
    left == right || person(left) == person(right)
  }

  private func student(_ account: KeyHash) -> KeyHash { students[account] ?? account }

  // MARK: - Learning

  /// Whether a row says that its card and its student number are one person's.
  @inline(__always)
  private static func teaches(_ table: EntryTable, _ row: Int) -> Bool {
    table.student[row] != 0 && table.account[row] != 0 && !table.kind[row].isChannelSide
  }

  private mutating func learnStudents(of asked: Set<KeyHash>, _ table: EntryTable) {
    let index = KeyIndex(asked.map { (key: $0, row: 0) })
    guard !index.isEmpty else { return }
    let telling = rows(table.count) { row in
      Persons.teaches(table, row) && index.contains(table.account[row])
    }
    for row in telling where students[table.account[Int(row)]] == nil {
      students[table.account[Int(row)]] = table.student[Int(row)]
    }
  }

  /// A number that stands beside several student numbers, or is itself somebody's student number,
  /// makes one person of them.
  private func joinSharedNumbers(
    _ table: EntryTable, _ numbers: inout JoinedNumbers, _ partitions: inout KeyPartitions
  ) {
    let count = table.count
    partitions.cut(count: count * 2) { place in
      let row = place < count ? place : place - count
      guard Persons.teaches(table, row), table.account[row] != table.student[row] else { return 0 }
      return place < count ? table.account[row] : table.student[row]
    }
    func student(_ place: Int32) -> KeyHash {
      table.student[Int(place) < count ? Int(place) : Int(place) - count]
    }
    // Cards come before student numbers: the places of a cluster ascend. Without a card, or with one card
    // and the same number ever again, there is nothing to join.
    partitions.forEachCluster(
      pair: { first, second in Int(first) >= count || student(first) == student(second) },
      where: { cluster in
        guard let first = cluster.first, Int(first) < count else { return false }
        let number = student(first)
        return cluster.contains { student($0) != number }
      },
      { cluster in
        guard let first = cluster.first else { return }
        for place in cluster.dropFirst() { numbers.join(student(first), student(place)) }
      })
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

/// Numbers that are one person's.
private struct JoinedNumbers {
  private var places: [KeyHash: Int32] = [:]
  private var keys: [KeyHash] = []
  private var sets = DisjointSets()

  mutating func join(_ left: KeyHash, _ right: KeyHash) {
    guard left != right else { return }
    sets.join(place(of: left), place(of: right))
  }

  private mutating func place(of key: KeyHash) -> Int32 {
    if let known = places[key] { return known }
    keys.append(key)
    let place = Int32(truncatingIfNeeded: keys.count - 1)
    places[key] = place
    return place
  }

  /// Each number with the one that stands for its person.
  var representatives: [KeyHash: KeyHash] {
    var sets = sets
    return places.mapValues { keys[Int(sets.root($0))] }
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
