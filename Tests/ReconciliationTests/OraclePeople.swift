import Payments

/// A number of a person. Only where kinds count are a card and a student with one text two numbers.
struct OracleNumber: Hashable {
  var isCard: Bool
  var key: KeyHash

  static func card(_ key: KeyHash) -> OracleNumber { OracleNumber(isCard: true, key: key) }
  static func student(_ key: KeyHash) -> OracleNumber { OracleNumber(isCard: false, key: key) }
}

/// Whom a row or a hole names, and when.
struct OracleNaming {
  /// Every number, in the order it is said.
  var all: [OracleNumber] = []
  /// Those named for certain.
  var certain: [OracleNumber] = []
  var time: Int64

  var certainCards: [OracleNumber] { certain.filter(\.isCard) }
}

/// Two numbers that stand together, and from when on.
struct OracleLink {
  var left: OracleNumber
  var right: OracleNumber
  var since = Int64.min
}

/// "Who a channel row is for" of `Judging.md`.
extension Oracle {
  mutating func learnWhoIsWho() {
    for entry in entries { learn(entry) }
    for old in entries where old.kind == .transferOut && old.own != 0 {
      for new in entries where new.kind == .transferIn && new.original == old.own {
        // "Not where both name students, and not the same."
        if old.student != 0, new.student != 0, old.student != new.student { continue }
        for left in columns(of: old) {
          for right in columns(of: new) {
            replacements.append(OracleLink(left: left, right: right))
          }
        }
      }
    }
    for pair in rules.replacements where pair.first != 0 && pair.second != 0 {
      replacements.append(OracleLink(left: .card(pair.first), right: .card(pair.second)))
    }
    namings = entries.map(naming)
  }

  /// What one row of the ledger or of a list tells.
  private mutating func learn(_ entry: Entry) {
    guard entry.side == .ledger || entry.kind == .excluded else { return }
    if entry.kind == .excluded, entry.rule == .cardReplacement {
      let cards = [entry.account, entry.student].filter { $0 != 0 }.map(OracleNumber.card)
      known += cards
      guard cards.count == 2 else { return }
      replacements.append(OracleLink(left: cards[0], right: cards[1], since: entry.time))
      return
    }
    let named = columns(of: entry)
    known += named
    guard named.count == 2 else { return }
    let isList =
      entry.kind == .excluded
      && [.accountList, .closedAccount, .personLeft].contains(entry.rule)
    // "For the whole night, a row of an account list from its time on."
    links.append(
      OracleLink(left: named[0], right: named[1], since: isList ? entry.time : .min))
  }

  /// What the two columns of a row name.
  private func columns(of entry: Entry) -> [OracleNumber] {
    let card = entry.account == 0 ? [] : [OracleNumber.card(entry.account)]
    return card + (entry.student == 0 ? [] : [.student(entry.student)])
  }

  private func naming(_ entry: Entry) -> OracleNaming {
    var naming = OracleNaming(time: entry.time)
    naming.all = columns(of: entry)
    naming.certain = naming.all
    for other in entry.others where other.key != 0 {
      for number in numbers(of: other) {
        naming.all.append(number)
        if other.way != .prose { naming.certain.append(number) }
      }
    }
    return naming
  }

  /// What one of the others counts as: nothing where nobody knows it, unless it is labelled as a card or as
  /// a student number.
  private func numbers(of other: NamedNumber) -> [OracleNumber] {
    let possible: [OracleNumber] =
      switch other.kind {
      case .card: [.card(other.key)]
      case .student: [.student(other.key)]
      case .any: [.card(other.key), .student(other.key)]
      }
    if other.way == .labelled, other.kind != .any { return possible }
    return possible.filter(known.contains)
  }

  // MARK: What is in force

  /// Whether replacements alone, "of whatever time", make two numbers one person's.
  private func isReplaced(_ one: OracleNumber, _ other: OracleNumber) -> Bool {
    reached(from: [one.key], by: replacements).contains(other.key)
  }

  private func linksInForce(at time: Int64) -> [OracleLink] { links.filter { $0.since <= time } }

  /// "A card that stands beside two student numbers, or a student number beside two cards."
  func isUnclear(_ link: OracleLink, at time: Int64) -> Bool {
    linksInForce(at: time).contains { other in
      if other.left == link.left, other.right != link.right {
        return !isReplaced(other.right, link.right)
      }
      if other.right == link.right, other.left != link.left {
        return !isReplaced(other.left, link.left)
      }
      return false
    }
  }

  /// The links that join somebody.
  private func clearLinks(at time: Int64) -> [OracleLink] {
    linksInForce(at: time).filter { !isUnclear($0, at: time) }
  }

  /// Numbers are texts here, "whatever the kind": card 401 and student 401 are one.
  private func reached(from some: [KeyHash], by joins: [OracleLink]) -> [KeyHash] {
    var reached = some
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for join in joins {
        let (left, right) = (join.left.key, join.right.key)
        for (one, other) in [(left, right), (right, left)]
        where reached.contains(one) && !reached.contains(other) {
          reached.append(other)
          isGrowing = true
        }
      }
    }
    return reached
  }

  // MARK: The same person, another person

  func samePerson(_ a: OracleNaming, _ b: OracleNaming) -> Bool {
    samePerson(a, b, at: max(a.time, b.time))
  }

  /// Whether two are one person's by what is in force at a time.
  func samePerson(_ a: OracleNaming, _ b: OracleNaming, at time: Int64) -> Bool {
    let (mine, others) = (a.all.map(\.key), b.all.map(\.key))
    if mine.isEmpty || others.isEmpty { return false }
    if mine.contains(where: others.contains) { return true }
    let joins = replacements.filter { $0.since <= time } + clearLinks(at: time)
    return reached(from: mine, by: joins).contains(where: others.contains)
  }

  func differ(_ a: OracleNaming, _ b: OracleNaming) -> Bool {
    if a.certain.isEmpty || b.certain.isEmpty || samePerson(a, b) { return false }
    let time = max(a.time, b.time)
    if !students(of: a, at: time).isEmpty, !students(of: b, at: time).isEmpty { return true }
    if a.certainCards.isEmpty || b.certainCards.isEmpty { return false }
    return !a.certainCards.contains { one in
      b.certainCards.contains { other in standBesideOneStudent(one, other, at: time) }
    }
  }

  /// "Those named for certain, and those linked to the cards that are named for certain."
  private func students(of naming: OracleNaming, at time: Int64) -> [OracleNumber] {
    naming.certain.filter { !$0.isCard }
      + clearLinks(at: time).filter { naming.certainCards.contains($0.left) }.map(\.right)
  }

  /// "In force then; even where that links nobody."
  private func standBesideOneStudent(
    _ one: OracleNumber, _ other: OracleNumber, at time: Int64
  ) -> Bool {
    let inForce = linksInForce(at: time)
    return inForce.contains { left in
      left.left == one && inForce.contains { $0.left == other && $0.right == left.right }
    }
  }

  // MARK: Of rows

  /// "The numbers it names and the student numbers its cards are linked to."
  func namesAndStudents(_ row: Int) -> [KeyHash] {
    let named = namings[row].all.map(\.key)
    let linked = clearLinks(at: entries[row].time).filter { named.contains($0.left.key) }
    return named + linked.map(\.right.key)
  }

  func samePerson(_ left: Int, _ right: Int) -> Bool { samePerson(namings[left], namings[right]) }

  func differ(_ left: Int, _ right: Int) -> Bool { differ(namings[left], namings[right]) }

  /// Whether each of two rows is a student's, and they are not one person's.
  func areTwoStudents(_ left: Int, _ right: Int) -> Bool {
    let time = max(entries[left].time, entries[right].time)
    return !students(of: namings[left], at: time).isEmpty
      && !students(of: namings[right], at: time).isEmpty && !samePerson(left, right)
  }

  func namesNobody(_ row: Int) -> Bool { namings[row].all.isEmpty }

  /// Whom a hole names. It may have happened up to its last second.
  func naming(of hole: Hole) -> OracleNaming {
    let card = hole.account == 0 ? [] : [OracleNumber.card(hole.account)]
    let all = card + (hole.student == 0 ? [] : [.student(hole.student)])
    return OracleNaming(all: all, certain: all, time: hole.span.end.seconds - 1)
  }
}
