internal import Columns
internal import Payments

// What the keys of one side's rows tell about the other side's statements.

extension Intake {
  /// A bank statement that does not name its bank takes the bank of the ledger's rows which its orders and
  /// serials meet; where none does, the only bank the ledger names and no other statement speaks for.
  static func nameBanks(_ readings: inout [Reading]) {
    let nameless = readings.indices.filter { readings[$0].statement.channel == .bank }
    guard !nameless.isEmpty else { return }
    let met = banksMet(by: nameless.map { readings[$0].keys }, readings)
    for (index, banks) in zip(nameless, met) where banks.count == 1 {
      if let bank = banks.first { rename(&readings[index], bank) }
    }
    var wanted = Set<Channel>()
    for reading in readings where reading.statement.side == .ledger {
      wanted.formUnion(reading.table.channel.filter { $0.isBank && $0 != .bank })
    }
    wanted.subtract(readings.map(\.statement.channel))
    guard wanted.count == 1, let bank = wanted.first else { return }
    for (index, banks) in zip(nameless, met) where banks.isEmpty {
      rename(&readings[index], bank)
    }
  }

  /// The banks the ledger names in rows that have one of each statement's keys.
  private static func banksMet(
    by keys: [Set<KeyHash>], _ readings: [Reading]
  ) -> [Set<Channel>] {
    var met = [Set<Channel>](repeating: [], count: keys.count)
    for reading in readings where reading.statement.side == .ledger && !reading.statement.isHeld {
      let table = reading.table
      for row in 0..<table.count {
        let channel = table.channel[row]
        guard channel.isBank, channel != .bank else { continue }
        let (order, serial) = (table.order[row], table.serial[row])
        for index in keys.indices
        where keys[index].contains(order) || keys[index].contains(serial) {
          met[index].insert(channel)
        }
      }
    }
    return met
  }

  /// A key column is gone, or a text column that may hold keys, and a column that has come holds the other
  /// side's: nothing of such a file may be judged until a person has said what its columns are.
  static func holdRenamedKeys(_ readings: inout [Reading]) {
    for index in readings.indices
    where !readings[index].strangeColumns.isEmpty && !readings[index].statement.isHeld {
      let sought = readings[index].strangeColumns.reduce(into: Set<KeyHash>()) {
        $0.formUnion($1.keys)
      }
      let found = keys(sought, besides: readings[index], readings)
      let rows = readings[index].table.count
      let renamed = readings[index].strangeColumns.first { column in
        let shared = column.keys.intersection(found).count
        return shared > 0 && shared >= min(3, column.keys.count, max(1, rows))
      }
      guard let renamed else { continue }
      let missing = readings[index].missingKeys + readings[index].missingTexts
      readings[index].fault(
        .layoutChanged, column: renamed.name,
        zh: "表头缺少 \(missing.joined(separator: "、"))，而新出现的 \(renamed.name) 列中是对方账目的单号：应为列名变更。"
          + "请在格式定义中写明 \(renamed.name) 是什么后重跑。",
        en:
          "the header lacks \(missing.joined(separator: ", ")), and \(renamed.name), which has appeared, "
          + "holds keys of the other side: the column was renamed. Say in the profile what "
          + "\(renamed.name) is and run again.")
    }
  }

  /// Those of some keys that rows of the other side have. Where only a text column is gone they may be
  /// accounts too, and those the statement's own rows have from elsewhere prove nothing.
  private static func keys(
    _ sought: Set<KeyHash>, besides mine: Reading, _ readings: [Reading]
  ) -> Set<KeyHash> {
    let isText = mine.missingKeys.isEmpty
    // Rows that have orders need no accounts: a column of people beside them is not what is missing.
    let isJoined = mine.table.order.count { $0 != 0 } * 2 > mine.table.count
    var found = Set<KeyHash>()
    for other in readings where other.statement.side != mine.statement.side && !other.view.isList {
      found.formUnion(other.table.order.filter(sought.contains))
      found.formUnion(other.table.serial.filter(sought.contains))
      guard isText, !isJoined else { continue }
      found.formUnion(other.table.account.filter(sought.contains))
      found.formUnion(other.table.student.filter(sought.contains))
    }
    guard isText else { return found }
    let table = mine.table
    for own in [
      Array(table.order), Array(table.serial), Array(table.account), Array(table.student),
    ] {
      found.subtract(own)
    }
    for place in 0..<table.others.count { found.remove(table.others[place].number.key) }
    return found
  }
}

extension Intake {
  /// Credits and reversals of the ledger whose word for a channel is none of a channel's: a bill that has their
  /// order or serial tells it. Of the others those at a counter are excluded, the rest held.
  static func settleChannels(_ readings: inout [Reading]) {
    let ledgers = readings.indices.filter {
      readings[$0].statement.side == .ledger && !readings[$0].statement.isHeld
    }
    let wanted = ledgers.reduce(into: Set<KeyHash>()) {
      $0.formUnion(readings[$1].keysWithoutChannel)
    }
    var told: [KeyHash: Set<Channel>] = [:]
    for reading in readings where reading.statement.side == .channel && !wanted.isEmpty {
      let table = reading.table
      for row in 0..<table.count where table.kind[row] != .excluded {
        for key in [table.order[row], table.serial[row]] where wanted.contains(key) {
          told[key, default: []].insert(table.channel[row])
        }
      }
    }
    for index in ledgers { readings[index].settleChannels(told) }
  }
}

extension Reading {
  private func lacksChannel(_ row: Int) -> Bool {
    switch table.kind[row] {
    case .credit, .manualCredit, .reversal: table.rule[row] == .unreconciledChannel
    default: false
    }
  }

  /// Orders and serials of the rows whose channel only a bill can tell.
  fileprivate var keysWithoutChannel: Set<KeyHash> {
    var keys = Set<KeyHash>()
    for row in 0..<table.count where lacksChannel(row) {
      keys.formUnion([table.order[row], table.serial[row]])
    }
    keys.remove(0)
    return keys
  }

  /// Gives them the channel whose bill has their order or serial, and leaves out or holds the others.
  fileprivate mutating func settleChannels(_ told: [KeyHash: Set<Channel>]) {
    var lacking = (0..<table.count).filter(lacksChannel)
    if lacking.isEmpty { return }
    // A reversal goes with the credit it takes back.
    lacking =
      lacking.filter { table.kind[$0] != .reversal }
      + lacking.filter { table.kind[$0] == .reversal }
    var owners: [KeyHash: Int] = [:]
    if lacking.contains(where: { table.kind[$0] == .reversal }) {
      for row in 0..<table.count where table.own[row] != 0 { owners[table.own[row]] = row }
    }
    var held = Set<Int>()
    for row in lacking {
      let original = table.original[Int32(row)].flatMap { owners[$0] }
      let channels = (told[table.order[row]] ?? []).union(told[table.serial[row]] ?? [])
      if channels.count == 1, let channel = channels.first { table.channel[row] = channel }
      if let original, channels.isEmpty, table.kind[original].isCredit {
        table.channel[row] = table.channel[original]
      } else if channels.isEmpty {
        let line = Int(table.line[row])
        let isStrange = strangeLines.contains(line)
        let isTypedOutside =
          !isStrange && table.kind[row] != .credit && table.order[row] == 0
          && table.serial[row] == 0 && table.original[Int32(row)] == nil
        // The word says where it was typed: what it is for a payment or a refund may tell.
        if isTypedOutside { continue }
        guard isStrange, original.map({ table.kind[$0] != .excluded }) ?? true else {
          table.kind[row] = .excluded
          continue
        }
        table.kind[row] = .held
        held.insert(line)
      }
      table.rule[row] = .notTopUp
    }
    hold(strange: held)
  }

  /// Notes the rows on some lines, whose channel nobody knows, as rows that cannot be used.
  private mutating func hold(strange lines: Set<Int>) {
    if lines.isEmpty { return }
    let found = strange.filter { lines.contains($0.rejection.line) }
    for (place, row) in found.enumerated() {
      note(unused: row.row)
      rejections.append(row.rejection)
      guard place < 20 else { continue }
      fault(
        .unknownStatus, line: row.rejection.line, column: row.rejection.field,
        zh: row.rejection.reason.zh, en: row.rejection.reason.en, holds: false, voidsCoverage: false
      )
    }
    unusedRows += lines.count - found.count
    settleHoles()
  }

  /// Orders and serials of its rows.
  fileprivate var keys: Set<KeyHash> {
    var keys = Set<KeyHash>(minimumCapacity: table.count)
    for row in 0..<table.count {
      keys.insert(table.order[row])
      keys.insert(table.serial[row])
    }
    keys.remove(0)
    return keys
  }
}

extension Intake {
  /// Notes rows of the ledger or of lists that link numbers of people which other rows link otherwise.
  public mutating func note(unclearLinks rows: [Int32]) {
    var found: [Int: [Int32]] = [:]
    for row in rows { found[Int(entries.statement[Int(row)]), default: []].append(row) }
    for (index, rows) in found where !statements[index].isContext {
      guard let line = rows.map({ Int(entries.line[Int($0)]) }).min() else { continue }
      statements[index].note(
        StatementNote(
          line: line,
          detail: Wording(
            zh: "\(rows.count) 行中的卡号与学工号在别处另有对应（如第 \(line) 行）：一张卡对应多人或一人对应多张卡，"
              + "而没有换卡记录，因此不据以认人。",
            en:
              "\(rows.count) rows (line \(line) is one) name a card or a student number that stands "
              + "beside another elsewhere, and no replacement tells why: they link nobody.")))
    }
  }
}
