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
    let alike = Dictionary(grouping: readings.indices) { IssueKey(readings[$0].statement) }
    for left in readings.indices {
      for right in alike[IssueKey(readings[left].statement)] ?? [] where right > left {
        let (one, other) = (readings[left].statement, readings[right].statement)
        guard !one.isHeld, !other.isHeld else { continue }
        let (a, b) = (readings[left], readings[right])
        let (mine, theirs) = (a.identities, b.identities)
        let shared = mine.intersection(theirs).count
        guard shared * 2 > min(mine.count, theirs.count), shared > 0 else { continue }
        let (onlyMine, onlyTheirs) = (mine.count - shared, theirs.count - shared)
        func note(_ index: Int, beside other: Reading, holds: Bool) {
          let how = holds ? "本份不采用" : "采用本份"
          readings[index].fault(
            .statementReissued,
            zh: "与 \(other.statement.file) 为同日两个版本：共有 \(shared) 行，"
              + "仅 \(a.statement.file) 有 \(onlyMine) 行，"
              + "仅 \(b.statement.file) 有 \(onlyTheirs) 行；\(how)。",
            en: "two issues of one day with \(other.statement.file): \(shared) rows in both, "
              + "\(onlyMine) only in \(a.statement.file), \(onlyTheirs) only in "
              + "\(b.statement.file); this one is \(holds ? "not used" : "used").",
            holds: holds, voidsCoverage: holds)
        }
        let (isLeft, isRight) = (accepted[one.sha256] != nil, accepted[other.sha256] != nil)
        if isLeft != isRight {
          note(left, beside: b, holds: isRight)
          note(right, beside: a, holds: isLeft)
        } else {
          note(left, beside: b, holds: onlyMine == 0 || onlyTheirs > 0)
          note(right, beside: a, holds: onlyMine > 0)
        }
      }
    }
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
    // Answers that a day has no bill are alike, whosever and of whichever day they are.
    // So are those of an export without rows: of another day they are another file.
    for index in readings.indices where !readings[index].isZeroDay {
      if readings[index].statement.read.rows == 0, !readings[index].isContext,
        readings.contains(where: {
          $0.isContext && $0.statement.sha256 == readings[index].statement.sha256
        })
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

extension Reading {
  /// What makes its rows the same rows in another issue.
  fileprivate var identities: Set<KeyHash> {
    Set(
      (0..<table.count).map { row in
        table.serial[row] &* 31 &+ table.own[row] &* 17 &+ UInt64(table.kind[row].rawValue)
      })
  }
}
