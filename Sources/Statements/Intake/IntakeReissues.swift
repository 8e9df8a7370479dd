internal import Columns
internal import Payments

// A statement that was given or issued more than once.

extension Intake {
  /// Holds what replaces another issue until a person has looked, where the school wants that.
  static func holdReissues(_ readings: inout [Reading], _ held: Set<String>) {
    for index in readings.indices where held.contains(readings[index].statement.sha256) {
      readings[index].isHeldForPerson = true
      readings[index].fault(
        .statementReissued,
        zh: "与先前采用的版本不同，按配置（reissue: hold）暂不采用。核实后用 cardrecon accept 采用这一份。",
        en: "differs from the issue used before and is held as configured (reissue: hold). When it "
          + "is confirmed, `cardrecon accept` lets it count.")
    }
  }

  /// Two different statements of one source and period that share most of their rows.
  ///
  /// Where one holds every row of the other it is the later issue and counts; otherwise nobody can
  /// say which is right, and both are held.
  ///
  /// - Parameter accepted: the issues a person chose, by SHA-256: such a one counts whatever it holds.
  static func markReissues(
    _ readings: inout [Reading], _ accepted: [String: Set<BusinessDay>] = [:]
  ) {
    let usable = readings.indices.filter { !readings[$0].statement.isHeld }
    let alike = Dictionary(grouping: usable) { IssueKey(readings[$0].statement) }
    for issues in alike.values where issues.count > 1 {
      let identities = issues.map { readings[$0].identities }
      var shared = SharedRows(identities)
      var held = [Bool](repeating: false, count: issues.count)
      for left in issues.indices where !held[left] {
        let mine = identities[left].count
        shared.forEachLater(than: left) { right, count in
          let theirs = identities[right].count
          guard !held[right], count * 2 > min(mine, theirs) else { return true }
          let pair = IssuePair(
            left: issues[left], right: issues[right], shared: count, onlyLeft: mine - count,
            onlyRight: theirs - count)
          (held[left], held[right]) = settle(pair, &readings, accepted)
          return !held[left]
        }
      }
    }
  }

  /// Says which of two issues counts.
  ///
  /// - Returns: whether the one and the other is held.
  private static func settle(
    _ pair: IssuePair, _ readings: inout [Reading], _ accepted: [String: Set<BusinessDay>]
  ) -> (left: Bool, right: Bool) {
    let (left, right) = (readings[pair.left].statement, readings[pair.right].statement)
    func note(_ index: Int, beside other: Statement, holds: Bool) {
      let how = holds ? "本份不采用" : "采用本份"
      readings[index].fault(
        .statementReissued,
        zh: "与 \(other.file) 为同日两个版本：共有 \(pair.shared) 行，"
          + "仅 \(left.file) 有 \(pair.onlyLeft) 行，"
          + "仅 \(right.file) 有 \(pair.onlyRight) 行；\(how)。",
        en: "two issues of one day with \(other.file): \(pair.shared) rows in both, "
          + "\(pair.onlyLeft) only in \(left.file), \(pair.onlyRight) only in "
          + "\(right.file); this one is \(holds ? "not used" : "used").",
        holds: holds, voidsCoverage: holds)
    }
    let (isLeft, isRight) = (accepted[left.sha256] != nil, accepted[right.sha256] != nil)
    let holds =
      isLeft != isRight
      ? (left: isRight, right: isLeft)
      : (left: pair.onlyLeft == 0 || pair.onlyRight > 0, right: pair.onlyLeft > 0)
    note(pair.left, beside: right, holds: holds.left)
    note(pair.right, beside: left, holds: holds.right)
    return holds
  }

  /// Two statements that may be issues of one, by their places, and how many rows they share.
  private struct IssuePair {
    let left: Int
    let right: Int
    let shared: Int
    let onlyLeft: Int
    let onlyRight: Int
  }

  /// What two issues of one statement have in common.
  private struct IssueKey: Hashable {
    let format: String
    let side: Side
    let account: KeyHash?
    let from: BusinessDay?
    let to: BusinessDay?

    init(_ statement: Statement) {
      (format, side, account) = (statement.format, statement.side, statement.account)
      (from, to) = (statement.from, statement.to)
    }
  }

  /// The same bytes twice: the first by name counts.
  static func markRepeatedFiles(_ readings: inout [Reading]) {
    // What was used on another day stays used.
    readings.sort {
      ($0.isContext ? 0 : 1, $0.statement.file, $0.path)
        < ($1.isContext ? 0 : 1, $1.statement.file, $1.path)
    }
    var seen: [String: String] = [:]
    let known = Set(readings.filter(\.isContext).map(\.statement.sha256))
    // Answers that a day has no bill are alike, whosever and of whichever day they are.
    // So are those of an export without rows: of another day they are another file.
    for index in readings.indices where !readings[index].isZeroDay {
      if readings[index].statement.read.rows == 0, !readings[index].isContext,
        known.contains(readings[index].statement.sha256)
      {
        continue
      }
      let key = readings[index].statement.sha256 + "#" + readings[index].member
      if let first = seen[key] {
        readings[index].fault(
          .statementDuplicate,
          zh: "与 \(first) 内容完全相同，只采用一份。",
          en: "the same bytes as \(first); one of them is used.")
      } else {
        seen[key] = readings[index].statement.file
      }
    }
  }
}

/// How many rows of some issues are the same.
private struct SharedRows {
  private let rows: [Set<KeyHash>]
  /// The issues that have a row, the last of them first; empty where issues are few.
  private var issues: [KeyHash: [Int]] = [:]
  /// Memory to count in: 0 for every issue.
  private var counts: [Int]

  /// So few issues are compared one by one: an index of their rows, which may be millions, costs more.
  private static let few = 8

  init(_ rows: [Set<KeyHash>]) {
    self.rows = rows
    counts = [Int](repeating: 0, count: rows.count)
    guard rows.count > SharedRows.few else { return }
    for index in rows.indices.reversed() {
      for row in rows[index] { issues[row, default: []].append(index) }
    }
    issues = issues.filter { $0.value.count > 1 }
  }

  /// Calls `body` with the later issues that share rows with one, in order, and how many, until it says that
  /// it is enough.
  mutating func forEachLater(than index: Int, _ body: (_ issue: Int, _ count: Int) -> Bool) {
    guard rows.count > SharedRows.few else {
      for later in rows.indices[(index + 1)...] {
        let count = rows[index].intersection(rows[later]).count
        if count > 0, !body(later, count) { return }
      }
      return
    }
    let sharing = rows[index].compactMap { issues[$0] }.filter { $0[0] > index }
    // The next ones are mostly enough: ever more are counted at a time.
    var (first, width) = (index + 1, 1)
    while first < rows.count, !sharing.isEmpty {
      let end = min(rows.count, first + width)
      for issues in sharing {
        let places = issues.firstPlace { $0 < end }..<issues.firstPlace { $0 < first }
        for later in issues[places] { counts[later] += 1 }
      }
      var isEnough = false
      for later in first..<end where counts[later] > 0 {
        if !isEnough { isEnough = !body(later, counts[later]) }
        counts[later] = 0
      }
      if isEnough { return }
      (first, width) = (end, width * 2)
    }
  }
}

extension Reading {
  /// What makes its rows the same rows in another issue.
  fileprivate var identities: Set<KeyHash> {
    Set(
      (0..<table.count).map { row in
        table.serial[row] &* 31 &+ table.own[row] &* 17 &+ UInt64(table.kind[row].rawValue)
      })
  }
}
