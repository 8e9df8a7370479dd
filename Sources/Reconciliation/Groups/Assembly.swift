internal import Columns
import Payments

/// Match groups: the ordinary pairs settled in the column loop, and the groups that need a judge.
///
/// The ordinary group — one payment, one credit, same order, same amount, nothing odd about
/// either — never becomes an object: it is one number in ``partner``.
struct Assembly {
  /// For every row of an ordinary pair its partner, else −1.
  var partner: Column<Int32>
  /// Rows of the other groups, group by group.
  var rows: [Int32] = []
  /// Where each group ends in ``rows``.
  var ends: [Int] = []
  /// Rows that claim to be one event, two or more at a time.
  var identities: [[Int32]] = []
  /// Channel and serial, as one key, of the references that the parts of a batch share: they join nobody.
  private(set) var batchSerials: Set<KeyHash> = []

  private var sets = DisjointSets()

  /// Joins the rows of `table` that share a key (see Judging, "Groups").
  ///
  /// - Parameters:
  ///   - ordinary: what makes a pair ordinary.
  ///   - partitions: memory to work in.
  init(_ table: EntryTable, _ ordinary: OrdinaryPairs, _ partitions: inout KeyPartitions) {
    partner = Column(repeating: -1, count: table.count)
    joinOrders(table, ordinary, &partitions)
    joinChannelSerials(table, &partitions)
    findLedgerIdentities(table, &partitions)
    joinOriginals(table)
    joinQuotedSerials(table)
  }

  /// Rows of ordinary pairs whose person their student number does not tell: credits that name only
  /// a card, payments that name several numbers, and those with a number that is linked twice.
  func rowsToLookUp(
    _ table: EntryTable, _ known: KnownNumbers, _ unclear: UnclearLinks
  ) -> [Int32] {
    let partner = partner
    return Reconciliation.rows(table.count) { row in
      guard partner[row] >= 0 else { return false }
      let (card, student) = (table.account[row], table.student[row])
      if table.kind[row] == .payment ? student != 0 && card != 0 : student == 0 { return true }
      // What its credit names is told by the credit.
      let credit = Int(partner[row])
      if known.hasOther(row, than: table.account[credit], table.student[credit]) { return true }
      guard !unclear.numbers.isEmpty else { return false }
      return unclear.numbers.contains(card) || unclear.numbers.contains(student)
    }
  }

  /// What stands for the group of a row.
  mutating func root(_ row: Int32) -> Int32 { sets.root(row) }

  /// The rows of group `index`.
  func group(_ index: Int) -> ArraySlice<Int32> {
    rows[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// Whether a row takes part in groups at all.
  @inline(__always)
  private static func takesPart(_ kind: EntryKind) -> Bool {
    switch kind {
    case .excluded, .transferIn, .transferOut: false
    default: true
    }
  }

  /// Joins two rows; a row settled as ordinary brings its partner along and is judged.
  mutating func join(_ left: Int32, _ right: Int32) {
    separate(left)
    separate(right)
    sets.join(left, right)
  }

  private mutating func joinOrders(
    _ table: EntryTable, _ ordinary: OrdinaryPairs, _ partitions: inout KeyPartitions
  ) {
    partitions.cut(count: table.count) { row in
      Assembly.takesPart(table.kind[row]) ? table.order[row] : 0
    }
    partner.withUnsafeMutableBufferPointer { partner in
      // A row has one order number: no two pairs write the same places.
      partitions.forEachCluster(
        pair: { first, second in
          partner[Int(first)] = second
          partner[Int(second)] = first
          return true
        },
        { cluster in
          for row in cluster.dropFirst() { sets.join(cluster[cluster.startIndex], row) }
        })
    }
    for first in oddPairs(table, ordinary) { separate(first) }
  }

  /// The first rows of the pairs that are not ordinary.
  ///
  /// Both books are written in the order of time, so row by row the partners lie side by side too;
  /// key by key every look at a row would be a look at memory.
  private func oddPairs(_ table: EntryTable, _ ordinary: OrdinaryPairs) -> [Int32] {
    Reconciliation.rows(table.count) { first in
      let second = Int(partner[first])
      guard second > first else { return false }
      let isFirst = table.kind[first] == .payment
      let (payment, credit) = isFirst ? (first, second) : (second, first)
      return !ordinary.isOrdinary(table, payment: payment, credit: credit)
    }
  }

  /// Channel rows of one serial belong together; those of one identity too are one event.
  private mutating func joinChannelSerials(
    _ table: EntryTable, _ partitions: inout KeyPartitions
  ) {
    partitions.cut(count: table.count) { row in
      switch table.kind[row] {
      case .payment, .refund, .failedPayment, .held: table.channelSerial(row)
      default: 0
      }
    }
    partitions.forEachCluster { cluster in
      if Assembly.isBatch(cluster, table) {
        batchSerials.insert(table.channelSerial(Int(cluster[cluster.startIndex])))
      } else {
        for row in cluster.dropFirst() { join(cluster[cluster.startIndex], row) }
      }
      var alike: [KeyHash: [Int32]] = [:]
      for row in cluster {
        let identity = table.identity(Int(row))
        if identity != 0 { alike[identity, default: []].append(row) }
      }
      // In the order of their rows: a dictionary's own order is another every time.
      let several = alike.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
      // Rows of one identity are judged as one event, so none of them is ordinary.
      for row in several.joined() { separate(row) }
      identities += several
    }
  }

  /// Whether payments that share a serial are the parts of a batch: each has a place of its own in it.
  private static func isBatch(_ cluster: ArraySlice<Int32>, _ table: EntryTable) -> Bool {
    let owns = cluster.lazy.filter { table.kind[Int($0)] == .payment }.map { table.own[Int($0)] }
    let first = owns.first { $0 != 0 }
    return owns.contains { $0 != 0 && $0 != first }
  }

  private func isBatch(_ serial: KeyHash, of channel: Channel) -> Bool {
    !batchSerials.isEmpty && batchSerials.contains(mixed(serial, UInt64(channel.number)))
  }

  /// Whether a channel row's serial is the reference of a batch.
  func isBatchSerial(_ table: EntryTable, _ row: Int32) -> Bool {
    !batchSerials.isEmpty && batchSerials.contains(table.channelSerial(Int(row)))
  }

  /// Ledger rows of one identity: they are judged as one event, so none of them is ordinary.
  private mutating func findLedgerIdentities(
    _ table: EntryTable, _ partitions: inout KeyPartitions
  ) {
    partitions.cut(count: table.count) { row in
      switch table.kind[row] {
      case .credit, .manualCredit, .reversal: table.identity(row)
      default: 0
      }
    }
    partitions.forEachCluster { cluster in
      for row in cluster { separate(row) }
      identities.append(Array(cluster))
    }
  }

  /// Hands an ordinary pair to the judge.
  private mutating func separate(_ row: Int32) {
    let other = partner[Int(row)]
    guard other >= 0 else { return }
    partner[Int(row)] = -1
    partner[Int(other)] = -1
    sets.join(row, other)
  }

  /// A reversal names the credit it takes back, a refund its payment.
  private mutating func joinOriginals(_ table: EntryTable) {
    let sorted = table.original.sorted { $0.key < $1.key }
    let reversals = KeyIndex(
      sorted.filter { table.kind[Int($0.key)] == .reversal }.map { ($0.value, $0.key) })
    let refunds = KeyIndex(
      sorted.filter { table.kind[Int($0.key)] == .refund }.map { ($0.value, $0.key) })
    guard !reversals.isEmpty || !refunds.isEmpty else { return }
    let named = Reconciliation.rows(table.count) { row in
      switch table.kind[row] {
      case .payment: refunds.contains(table.serial[row])
      case .held: reversals.contains(table.own[row]) || refunds.contains(table.serial[row])
      case .credit, .manualCredit, .unpostedCredit, .reversal: reversals.contains(table.own[row])
      default: false
      }
    }
    for row in named {
      let place = Int(row)
      if table.kind[place] != .payment { reversals.forEach(table.own[place]) { join(row, $0) } }
      if table.kind[place] == .payment || table.kind[place] == .held {
        refunds.forEach(table.serial[place]) { refund in
          if table.channel[Int(refund)] == table.channel[place], !isBatchSerial(table, row) {
            join(row, refund)
          }
        }
      }
    }
  }

  /// Ledger rows that nothing has brought to a channel row yet, by the channel serial they quote.
  private mutating func joinQuotedSerials(_ table: EntryTable) {
    let loose = looseRows(table)
    var reached = Set<Int32>()
    for row in loose where table.kind[Int(row)].isChannelMoney { reached.insert(sets.root(row)) }
    var quoting: [(key: KeyHash, row: Int32)] = []
    for row in loose where table.serial[Int(row)] != 0 {
      switch table.kind[Int(row)] {
      case .credit, .manualCredit, .reversal, .unpostedCredit, .held:
        if !reached.contains(sets.root(row)) { quoting.append((table.serial[Int(row)], row)) }
      default: break
      }
    }
    let index = KeyIndex(quoting)
    guard !index.isEmpty else { return }
    let quoted = Reconciliation.rows(table.count) { row in
      switch table.kind[row] {
      case .payment, .refund, .failedPayment, .held: index.contains(table.serial[row])
      default: false
      }
    }
    func join(_ row: Int32, quotedAs key: KeyHash) {
      index.forEach(key) { ledgerRow in
        if table.channel[Int(row)].fits(table.channel[Int(ledgerRow)]) { self.join(row, ledgerRow) }
      }
    }
    for row in quoted where !isBatchSerial(table, row) {
      join(row, quotedAs: table.serial[Int(row)])
    }
    // A refund names its payment by the serial that the ledger quotes.
    for (row, original) in table.original.sorted(by: { $0.key < $1.key })
    where table.kind[Int(row)] == .refund && !isBatch(original, of: table.channel[Int(row)]) {
      join(row, quotedAs: original)
    }
  }

  /// The rows that take part and stand in no ordinary pair.
  func looseRows(_ table: EntryTable) -> [Int32] {
    Reconciliation.rows(table.count) { row in
      partner[row] < 0 && Assembly.takesPart(table.kind[row])
    }
  }

  /// Lays the groups out, when all that belongs together is joined.
  mutating func collect(_ table: EntryTable) {
    var keyed = looseRows(table).map { (root: sets.root($0), row: $0) }
    keyed.sort { ($0.root, $0.row) < ($1.root, $1.row) }
    for (index, element) in keyed.enumerated() {
      rows.append(element.row)
      let isLast = index + 1 == keyed.count || keyed[index + 1].root != element.root
      if isLast { ends.append(index + 1) }
    }
  }
}

extension EntryTable {
  /// Channel and serial as one key: serials are unique within their channel only.
  @inline(__always)
  func channelSerial(_ row: Int) -> KeyHash {
    serial[row] == 0 ? 0 : mixed(serial[row], UInt64(channel[row].number))
  }

  /// What makes a row one event; 0 when nothing does.
  @inline(__always)
  func identity(_ row: Int) -> KeyHash {
    switch kind[row] {
    case .payment, .refund:
      serial[row] == 0
        ? 0 : mixed(mixed(channelSerial(row), own[row]), UInt64(kind[row].rawValue))
    case .credit, .manualCredit, .reversal: own[row] == 0 ? 0 : mixed(own[row], 0xFF)
    default: 0
    }
  }

  /// Canonical order of rows: by content, so that the order of input never shows.
  func precedes(_ left: Int32, _ right: Int32) -> Bool {
    let (left, right) = (Int(left), Int(right))
    if time[left] != time[right] { return time[left] < time[right] }
    let sides = (kind[left].isChannelSide ? 0 : 1, kind[right].isChannelSide ? 0 : 1)
    if sides.0 != sides.1 { return sides.0 < sides.1 }
    if serial[left] != serial[right] { return serial[left] < serial[right] }
    if own[left] != own[right] { return own[left] < own[right] }
    if order[left] != order[right] { return order[left] < order[right] }
    if fen[left] != fen[right] { return fen[left] < fen[right] }
    if account[left] != account[right] { return account[left] < account[right] }
    if student[left] != student[right] { return student[left] < student[right] }
    return (statement[left], line[left], left) < (statement[right], line[right], right)
  }
}

extension EntryKind {
  /// Channel rows come first where times are equal.
  var isChannelSide: Bool {
    switch self {
    case .credit, .manualCredit, .reversal, .unpostedCredit, .transferIn, .transferOut: false
    default: true
    }
  }
}
