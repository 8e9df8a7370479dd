internal import Columns
import Payments

/// Two numbers that are one person's from a moment on.
struct Link: Hashable {
  /// A card, or any number of a replacement.
  var left: KeyHash
  /// The student number beside it, or what replaces it.
  var right: KeyHash
  /// From when on it holds.
  var since: Int64
}

/// What rows and lists say of whose numbers are whose, as far as it touches the numbers asked about.
struct Links {
  /// Cards beside student numbers.
  private(set) var cards: Set<Link> = []
  /// Numbers that replacements make one person's.
  private(set) var replacements: Set<Link> = []

  /// - Parameter asked: the numbers that will be asked about; those they lead to are found.
  init(_ table: EntryTable, _ configured: [AccountLink], asked: Set<KeyHash>) {
    for link in configured {
      replacements.insert(Link(left: link.first, right: link.second, since: .min))
    }
    for row in rows(table.count, where: table.isReplacement).map(Int.init)
    where table.account[row] != 0 && table.student[row] != 0 {
      replacements.insert(
        Link(
          left: table.account[row], right: table.student[row], since: table.holdsFrom(row)))
    }
    addTransfers(table)
    follow(table, asked.union(replacements.flatMap { [$0.left, $0.right] }))
  }

  /// Whom the asked numbers lead to, and whom those.
  private mutating func follow(_ table: EntryTable, _ asked: Set<KeyHash>) {
    var (seen, next) = (asked, asked)
    seen.remove(0)
    next.remove(0)
    while !next.isEmpty {
      let index = KeyIndex(next.map { (key: $0, row: 0) })
      let telling = rows(table.count) { row in
        table.isLink(row)
          && (index.contains(table.account[row]) || index.contains(table.student[row]))
      }
      next = []
      for row in telling.map(Int.init) {
        let link = Link(
          left: table.account[row], right: table.student[row], since: table.holdsFrom(row))
        guard cards.insert(link).inserted else { continue }
        for number in [link.left, link.right] where seen.insert(number).inserted {
          next.insert(number)
        }
      }
    }
  }

  /// 转入 names the 转出 it continues: both cards are one person's.
  private mutating func addTransfers(_ table: EntryTable) {
    let arrivals = table.original.filter { table.kind[Int($0.key)] == .transferIn }
    let index = KeyIndex(arrivals.map { (key: $0.value, row: $0.key) })
    guard !index.isEmpty else { return }
    for row in 0..<table.count where table.kind[row] == .transferOut {
      index.forEach(table.own[row]) { arrival in
        // Money moved to another student's card makes the two no one person.
        if table.nameTwoStudents(Int32(row), arrival) { return }
        for left in [table.account[row], table.student[row]] where left != 0 {
          for right in [table.account[Int(arrival)], table.student[Int(arrival)]] where right != 0 {
            replacements.insert(Link(left: left, right: right, since: .min))
          }
        }
      }
    }
  }

  /// The moments within a stretch from which on something else holds.
  func moments(after start: Int64, upTo end: Int64) -> [Int64] {
    let all = Set((Array(cards) + Array(replacements)).map(\.since))
    return all.filter { $0 > start && $0 <= end }.sorted()
  }
}

/// Whose numbers are whose at one time.
struct PersonMap {
  /// Each number that something joins with the one that stands for its person.
  private var persons: [KeyHash: KeyHash] = [:]
  /// The student numbers each card is linked to.
  private(set) var students: [KeyHash: [KeyHash]] = [:]
  /// Those that stand beside each card, even where that links nobody.
  private(set) var beside: [KeyHash: Set<KeyHash>] = [:]

  /// - Parameter isCareful: whether numbers that are linked twice link nobody.
  init(_ links: Links, at time: Int64, isCareful: Bool = true) {
    var replaced = JoinedNumbers()
    for link in links.replacements where link.since <= time { replaced.join(link.left, link.right) }
    var everReplaced = replaced
    for link in links.replacements where link.since > time {
      everReplaced.join(link.left, link.right)
    }
    let same = everReplaced.representatives
    func isOne(_ numbers: Set<KeyHash>) -> Bool {
      numbers.count < 2 || Set(numbers.map { same[$0] ?? $0 }).count == 1
    }
    let cards = links.cards.filter { $0.since <= time }
    var holders: [KeyHash: Set<KeyHash>] = [:]
    for link in cards {
      beside[link.left, default: []].insert(link.right)
      holders[link.right, default: []].insert(link.left)
    }
    let unclear =
      isCareful
      ? (
        Set(beside.filter { !isOne($0.value) }.keys), Set(holders.filter { !isOne($0.value) }.keys)
      ) : ([], [])
    for link in cards {
      guard !unclear.0.contains(link.left), !unclear.1.contains(link.right) else { continue }
      replaced.join(link.left, link.right)
      students[link.left, default: []].append(link.right)
    }
    persons = replaced.representatives
  }

  /// A key that two numbers share exactly when they are one person's.
  @inline(__always)
  func person(_ number: KeyHash) -> KeyHash {
    persons.isEmpty ? number : persons[number] ?? number
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

extension EntryTable {
  /// Whether two rows name different students in their columns: then the one is no card of the other's.
  func nameTwoStudents(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (student[Int(one)], student[Int(other)])
    return left != 0 && right != 0 && left != right
  }
}
