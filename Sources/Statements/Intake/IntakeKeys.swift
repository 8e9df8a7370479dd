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
    var places: [KeyHash: [Int]] = [:]
    for (place, keys) in keys.enumerated() {
      for key in keys { places[key, default: []].append(place) }
    }
    for reading in readings where reading.statement.side == .ledger && !reading.statement.isHeld {
      let table = reading.table
      for row in 0..<table.count {
        let channel = table.channel[row]
        guard channel.isBank, channel != .bank else { continue }
        for key in [table.order[row], table.serial[row]] {
          for place in places[key] ?? [] { met[place].insert(channel) }
        }
      }
    }
    return met
  }

  /// A key column is gone, or a text column that may hold keys, and a column that has come holds the other
  /// side's: nothing of such a file may be judged until a person has said what its columns are.
  static func holdRenamedKeys(_ readings: inout [Reading]) {
    let strange = readings.indices.filter {
      !readings[$0].strangeColumns.isEmpty && !readings[$0].statement.isHeld
    }
    if strange.isEmpty { return }
    let known = KnownKeys(readings, soughtBy: strange.map { readings[$0] })
    for index in strange {
      let found = keys(readings[index].strangeKeys, besides: readings[index], known)
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
    _ sought: Set<KeyHash>, besides mine: Reading, _ known: KnownKeys
  ) -> Set<KeyHash> {
    let isText = mine.missingKeys.isEmpty
    // Rows that have orders need no accounts: a column of people beside them is not what is missing.
    let isJoined = mine.table.order.count { $0 != 0 } * 2 > mine.table.count
    let other = mine.otherSide
    var found = sought.intersection(known.keys[other] ?? [])
    if isText, !isJoined { found.formUnion(sought.intersection(known.people[other] ?? [])) }
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

/// Those of the keys that statements seek which rows of the other side have.
private struct KnownKeys {
  /// As orders and serials, by the side of the rows.
  private(set) var keys: [Side: Set<KeyHash>] = [:]
  /// As accounts, where anybody asks.
  private(set) var people: [Side: Set<KeyHash>] = [:]

  init(_ readings: [Reading], soughtBy strange: [Reading]) {
    let sought = strange.reduce(into: Set<KeyHash>()) { $0.formUnion($1.strangeKeys) }
    let sides = Set(strange.map(\.otherSide))
    let asksPeople = strange.contains { $0.missingKeys.isEmpty }
    for reading in readings where sides.contains(reading.statement.side) && !reading.view.isList {
      let (side, table) = (reading.statement.side, reading.table)
      for column in [table.order, table.serial] {
        keys[side, default: []].formUnion(column.lazy.filter(sought.contains))
      }
      guard asksPeople else { continue }
      for column in [table.account, table.student] {
        people[side, default: []].formUnion(column.lazy.filter(sought.contains))
      }
    }
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
  /// The side whose keys it should share.
  fileprivate var otherSide: Side { statement.side == .ledger ? .channel : .ledger }

  /// Values of its columns that nobody knows.
  fileprivate var strangeKeys: Set<KeyHash> {
    strangeColumns.reduce(into: []) { $0.formUnion($1.keys) }
  }

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

// Numbers that a ledger without gaps lacks.

extension Intake {
  /// More numbers than these between two rows are another series, as that of the next day.
  private static let longestGap: Int64 = 10_000

  /// Finds the gaps in the numbers of a night's ledger, all its files taken together.
  ///
  /// Where a file is held, or a row tells no number, it may be what is missing: then nothing is said.
  static func findSerialGaps(_ readings: inout [Reading]) {
    let mine = readings.indices.filter { index in
      let reading = readings[index]
      return reading.statement.side == .ledger && !reading.view.isList && !reading.isContext
        && !reading.statement.isRepeated
    }
    let areWhole = mine.allSatisfy { index in
      readings[index].lostSerials == 0 && readings[index].statement.covers
    }
    guard areWhole, mine.contains(where: { !readings[$0].serials.isEmpty }) else { return }
    let numbers = mine.flatMap { index in
      readings[index].serials.map { (number: $0.number, line: $0.line, reading: index) }
    }.sorted { ($0.number, $0.reading, $0.line) < ($1.number, $1.reading, $1.line) }
    for (before, after) in zip(numbers, numbers.dropFirst()) {
      let count = after.number - before.number - 1
      guard count > 0, count < longestGap else { continue }
      let offset = readings[after.reading].offset(ofLine: after.line)
      readings[after.reading].statement.serialGaps.append(
        SerialGap(line: after.line, offset: offset, count: count))
    }
  }
}
