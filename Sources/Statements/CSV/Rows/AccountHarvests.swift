internal import Payments

/// What a file of several own accounts, or merchants, gave: a harvest for each.
struct AccountHarvests: Sendable {
  /// Accounts a file may tell of; one that tells of more has another column where they should stand.
  static let limit = 64

  /// What is of no account, such as empty lines, and then each account's in the order the file names them
  /// first. All of them count the lines of the whole file.
  private(set) var harvests: [RowHarvest]
  /// Fingerprints of the accounts; 0 for none.
  private var keys: [KeyHash] = [0]
  /// The first row that names no account, or none that can be read: it may be anybody's.
  private(set) var nameless: Int?
  /// Whether there are more than ``limit``.
  private(set) var areTooMany = false
  /// Whose harvest the reader fills.
  private var current = 0

  /// - Parameter sums: how many sum rules the layout has.
  init(sums: Int) { harvests = [RowHarvest(sums: sums)] }

  /// Those of the accounts.
  var accounts: ArraySlice<RowHarvest> { harvests.dropFirst() }

  /// Whether a quote was met although the stretch was cut at bare line ends.
  var needWholeFile: Bool { harvests.contains(where: \.needsWholeFile) }

  /// Notes a row of which nobody can say whose it is.
  mutating func noteNameless(_ line: Int) { nameless = nameless ?? line }

  /// Lets the reader go on with the harvest of an account.
  ///
  /// - Returns: whether it is another one than before.
  mutating func turn(to key: KeyHash, _ harvest: inout RowHarvest) -> Bool {
    guard keys[current] != key, let place = place(of: key) else { return false }
    let lines = harvest.lines
    swap(&harvest, &harvests[current])
    current = place
    swap(&harvest, &harvests[current])
    harvest.lines = lines
    return true
  }

  /// Takes back the harvest the reader has in hand; no more rows come.
  mutating func close(_ harvest: inout RowHarvest) {
    swap(&harvest, &harvests[current])
    let lines = harvests[current].lines
    for index in harvests.indices { harvests[index].lines = lines }
    current = 0
  }

  /// Appends those of the stretch of the file that follows.
  mutating func append(_ next: AccountHarvests) {
    let before = harvests[0].lines
    if nameless == nil { nameless = next.nameless.map { $0 + before } }
    areTooMany = areTooMany || next.areTooMany
    for (theirs, key) in next.keys.enumerated() {
      guard let mine = place(of: key) else { continue }
      harvests[mine].lines = before
      harvests[mine].append(next.harvests[theirs])
      harvests[mine].table.append(
        next.harvests[theirs].table, lines: UInt32(truncatingIfNeeded: before))
    }
    let after = before + next.harvests[0].lines
    for index in harvests.indices { harvests[index].lines = after }
  }

  /// Where the harvest of an account is; nil where it would be one too many.
  private mutating func place(of key: KeyHash) -> Int? {
    if let known = keys.firstIndex(of: key) { return known }
    guard keys.count <= AccountHarvests.limit else {
      areTooMany = true
      return nil
    }
    keys.append(key)
    harvests.append(RowHarvest(sums: harvests[0].sums.count))
    return keys.count - 1
  }
}

extension RowHarvest {
  /// Has no rows yet.
  ///
  /// - Parameter sums: how many sum rules the layout has.
  init(sums count: Int) { sums = [Int128](repeating: 0, count: count) }
}

extension RowReader {
  /// Goes on with the harvest of the account a row names, where the file is read by account.
  ///
  /// - Parameter isCut: whether the row was cut into its fields.
  mutating func turnToAccount(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft, isCut: Bool) {
    let key = isCut ? accountKey(bytes) : 0
    if key == 0 {
      accounts?.noteNameless(row.line)
    } else if accounts?.turn(to: key, &harvest) == true {
      // A place among the days of the harvest that was put away.
      lastDay = -1
    }
  }

  /// The fingerprint of the own account a row names; 0 where none can be read. Two ways to write one account
  /// are one.
  private func accountKey(_ bytes: UnsafeRawBufferPointer) -> KeyHash {
    let text = value(layout[.merchant], bytes)
    if LostCell.isLost(text) || isScientific(text) { return 0 }
    return withPersonNumber(text, layout.encoding) { number in
      // A word alone, such as 合计, is no account.
      number.contains { isDigit($0) || isLetter($0) } ? fingerprint(number) : 0
    }
  }
}
