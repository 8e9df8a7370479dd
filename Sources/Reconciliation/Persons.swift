import Payments

/// Which account numbers belong to one person: a card and its student number, an old card and its
/// replacement.
struct Persons {
  private var slots: [Int32]
  private var keys: [KeyHash] = []
  private var sets = DisjointSets(count: 0)

  /// Learns from the ledger's own rows and the configured replacements; a held row teaches nothing.
  init(_ table: EntryTable, replacements: [AccountLink]) {
    slots = [Int32](repeating: -1, count: 1_024)
    for row in 0..<table.count
    where table.student[row] != 0 && table.account[row] != 0 && !table.kind[row].isChannelSide {
      link(table.account[row], table.student[row])
    }
    for row in 0..<table.count where table.rule[row] == .cardReplacement {
      if table.kind[row] == .excluded, table.account[row] != 0, table.student[row] != 0 {
        link(table.account[row], table.student[row])
      }
    }
    for link in replacements { self.link(link.first, link.second) }
    linkTransfers(table)
  }

  /// 转入 names the 转出 it continues: both cards are one person's.
  private mutating func linkTransfers(_ table: EntryTable) {
    let arrivals = table.original.filter { table.kind[Int($0.key)] == .transferIn }
    let index = KeyIndex(arrivals.map { (key: $0.value, row: $0.key) })
    guard !index.isEmpty else { return }
    for row in 0..<table.count where table.kind[row] == .transferOut {
      var matches: [Int32] = []
      index.forEach(table.own[row]) { matches.append($0) }
      for arrival in matches {
        for left in [table.account[row], table.student[row]] where left != 0 {
          for right in [table.account[Int(arrival)], table.student[Int(arrival)]] where right != 0 {
            link(left, right)
          }
        }
      }
    }
  }

  /// A key that two accounts share exactly when they are one person's; 0 for account 0.
  ///
  /// An account nobody linked stands for itself.
  mutating func person(_ account: KeyHash) -> KeyHash {
    guard account != 0 else { return 0 }
    let slot = find(account)
    guard slots[slot] >= 0 else { return account }
    return keys[Int(sets.root(slots[slot]))]
  }

  /// Whether two accounts are one person's.
  mutating func same(_ left: KeyHash, _ right: KeyHash) -> Bool {
    left == right || person(left) == person(right)
  }

  private mutating func link(_ left: KeyHash, _ right: KeyHash) {
    let (left, right) = (number(left), number(right))
    if sets.root(left) != sets.root(right) { sets.join(left, right) }
  }

  private mutating func number(_ account: KeyHash) -> Int32 {
    let slot = find(account)
    if slots[slot] >= 0 { return slots[slot] }
    if keys.count * 2 >= slots.count {
      grow()
      return number(account)
    }
    keys.append(account)
    slots[slot] = sets.add()
    return slots[slot]
  }

  private func find(_ account: KeyHash) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: account >> 7) & mask
    while slots[slot] >= 0, keys[Int(slots[slot])] != account { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (index, key) in keys.enumerated() { slots[find(key)] = Int32(index) }
  }
}
