internal import Columns
internal import Payments

// Statements that came in one file because it tells of several accounts.

extension Intake {
  /// Without `merchants` the accounts of one file may count as one book: then all of them are used or none, or what
  /// one lacks the others would seem to cover.
  static func holdTornBooks(_ readings: inout [Reading]) {
    let parts = readings.indices.filter {
      readings[$0].recognition.accounts > 1 && readings[$0].book != nil
        && !readings[$0].isStrangers
    }
    let books = Dictionary(grouping: parts) { index in
      BookOfFile(source: readings[index].source, book: readings[index].book)
    }
    for mine in books.values where mine.count > 1 {
      let held = mine.first {
        readings[$0].statement.isHeld && !readings[$0].statement.isRepeated
      }
      guard let held else { continue }
      let name = readings[held].statement.file
      for index in mine where !readings[index].statement.isHeld {
        readings[index].fault(
          .wrongAccountStatement,
          zh: "同一文件中 \(name) 未采用，配置又没有用 merchants 写明各账号，两者算作同一本账册，因此一并不采用。"
            + "请在配置的 merchants 中写明各账号。",
          en:
            "\(name) of the same file is held, and as no `merchants` tell the accounts apart they are one book: this "
            + "one is held with it. Name the accounts under merchants in the configuration.")
      }
    }
  }

  private struct BookOfFile: Hashable {
    let source: Int
    let book: Book?
  }

  /// Rows of an account the configuration does not have, beside accounts that it has, may be theirs: the account
  /// may be damaged. What the ledger has of their orders, serials or persons waits.
  static func leaveOpen(strangersOf readings: inout [Reading]) {
    let strangers = readings.indices.filter { index in
      readings[index].recognition.accounts > 1 && readings[index].isStrangers
    }
    if strangers.isEmpty { return }
    let ledger = ledgerKeys(readings, of: strangers)
    for index in strangers {
      let known = readings.indices.first { other in
        readings[other].source == readings[index].source
          && readings[other].recognition.accounts > 1 && !readings[other].statement.isHeld
      }
      guard let known else { continue }
      let holes = readings[index].holes(sharing: ledger)
      guard let first = holes.first else { continue }
      let place = max(1, Int(first.line))
      readings[known].statement.holes += holes
      readings[index].statement.notes.append(
        StatementNote(
          line: place,
          detail: Wording(
            zh: "这个账号不在配置的 merchants 中，其记录却可能是台账中入账的付款（如第 \(place) 行）：或账号有误，或应写入 merchants。"
              + "有关的入账暂不判定。",
            en:
              "this account is not under merchants in the configuration, yet its rows may be payments the ledger "
              + "credits (line \(place) is one): the account is damaged, or belongs under merchants. Such credits "
              + "wait.")))
    }
  }

  /// Those orders and serials of some statements that rows of the ledger have.
  private static func ledgerKeys(_ readings: [Reading], of strangers: [Int]) -> Set<KeyHash> {
    var sought = Set<KeyHash>()
    for index in strangers {
      sought.formUnion(readings[index].table.order)
      sought.formUnion(readings[index].table.serial)
    }
    sought.remove(0)
    var found = Set<KeyHash>()
    for reading in readings where reading.statement.side == .ledger && !reading.view.isList {
      found.formUnion(reading.table.order.filter(sought.contains))
      found.formUnion(reading.table.serial.filter(sought.contains))
    }
    return found
  }
}

extension Reading {
  /// A hole for each of its rows that has one of some keys, and for each top-up that names its person, which is
  /// joined without keys too.
  fileprivate func holes(sharing keys: Set<KeyHash>) -> [Hole] {
    let usable = (0..<table.count).filter { row in
      table.kind[row] == .held || table.kind[row].isChannelMoney
    }
    let shared = usable.filter { keys.contains(table.order[$0]) || keys.contains(table.serial[$0]) }
    let isShared = Set(shared)
    let named = usable.filter { row in
      !isShared.contains(row) && !table.rule[row].isOtherBusiness
        && (table.account[row] != 0 || table.student[row] != 0)
    }
    // So many are no damage but a business of their own.
    let rows = shared + (named.count <= Reading.narrowHoles ? named : [])
    if rows.count > 2 * Reading.narrowHoles, let claim = statement.claim {
      return [Hole(span: claim)]
    }
    return rows.sorted().map { row in
      Hole(
        span: TimeSpan(
          second: Int64(table.time[row]), isDayOnly: table.dayOnly.contains(Int32(row))),
        fen: table.fen[row], order: table.order[row], serial: table.serial[row],
        account: table.account[row], student: table.student[row], line: table.line[row])
    }
  }
}
