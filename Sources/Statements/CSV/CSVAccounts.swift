internal import Payments

/// What all rows of a file say together, whichever of its accounts they are of.
struct WholeFile {
  /// What they gave; without the rows themselves where each account has its own.
  var harvest: RowHarvest
  /// Why rows of several accounts, if there are any, are one statement.
  var mixture = Mixture.another
  /// Whether running numbers count each account's rows by themselves.
  var areNumbersByAccount = false

  /// Why a file of several accounts is held as one.
  enum Mixture {
    /// It says that it is of one.
    case another
    /// A row says of none whose it is.
    case nameless(line: Int)
    /// There are too many.
    case tooMany
  }

  init(_ harvest: RowHarvest) { self.harvest = harvest }
}

// A file that tells of several own accounts, or merchants: each is a statement by itself.

extension CSVReader {
  /// Makes readings of all rows: one, or one for each account the file tells of.
  func settle(
    _ harvest: consuming RowHarvest, _ with: Checks, _ given: Reading
  ) throws(StatementError) -> [Reading] {
    var reading = given
    guard let found = try split(&harvest, with, reading.statement.merchant) else {
      settle(consume harvest, with, &reading)
      return [reading]
    }
    var whole = found.whole
    guard let accounts = found.accounts else {
      settle(consume harvest, of: whole, with, &reading)
      return [reading]
    }
    whole.areNumbersByAccount = CSVReader.areNumbersByAccount(accounts, whole.harvest)
    let names = accounts.map { AccountName($0, with.layout.encoding) }
    let labels = AccountName.labels(of: names)
    var readings: [Reading] = []
    for (place, account) in accounts.enumerated() {
      var part = reading
      var rows = account
      (rows.merchant, rows.otherMerchant) = (with.layout.encoding.encode(names[place].shown), nil)
      if accounts.count > 1 {
        part.member = names[place].number
        part.statement.file = with.name.with(part: labels[place])
        part.recognition.accounts = accounts.count
      }
      settle(rows, of: whole, with, &part)
      readings.append(part)
    }
    if accounts.count > 1 { readings[0].noteAccounts() }
    return readings
  }

  /// Reads the rows again by account, where they are of several.
  ///
  /// - Parameter named: the account the file says it is of.
  /// - Returns: nil where the rows are of one, or are told apart otherwise; no accounts where the file is held
  ///   as one.
  private func split(
    _ harvest: inout RowHarvest, _ with: Checks, _ named: String?
  ) throws(StatementError) -> (whole: WholeFile, accounts: [RowHarvest]?)? {
    // A service provider's bill is cut by sub-merchant; a ledger's merchants are no owners of it.
    guard harvest.otherMerchant != nil, with.layout.side == .channel,
      harvest.otherSubMerchant == nil, !CSVReader.isAccount(named ?? "")
    else { return nil }
    // All rows twice would be too much.
    harvest.table = EntryTable()
    let accounts = try harvestByAccount(with.layout, with.data)
    var whole = WholeFile(harvest)
    if accounts.areTooMany {
      whole.mixture = .tooMany
    } else if let line = accounts.nameless {
      whole.mixture = .nameless(line: line)
    } else {
      return (whole, Array(accounts.accounts))
    }
    harvest.table = try self.harvest(with.layout, head: with.head, until: with.data.upperBound)
      .table
    return (whole, nil)
  }

  /// Whether a text is an account; a word such as 全部 is none.
  private static func isAccount(_ text: String) -> Bool {
    text.contains { $0.isNumber || $0.isASCII && $0.isLetter }
  }

  /// Whether running numbers count each account's rows by themselves: they do where those of one account have no
  /// gap and another's begin or end among them.
  private static func areNumbersByAccount(_ accounts: [RowHarvest], _ whole: RowHarvest) -> Bool {
    guard whole.numbers.firstBreak != nil else { return false }
    let ranges = accounts.map { account in
      account.numbers.first.flatMap { first in
        account.numbers.last.map { last in
          min(first.balance, last.balance)...max(first.balance, last.balance)
        }
      }
    }
    return accounts.indices.contains { one in
      guard accounts[one].numbers.firstBreak == nil, let range = ranges[one] else { return false }
      return accounts.indices.contains { other in
        guard other != one, let theirs = ranges[other] else { return false }
        return range.contains(theirs.lowerBound) || range.contains(theirs.upperBound)
      }
    }
  }
}

/// What an account of a file is called.
private struct AccountName {
  /// As it is compared: the same in every file.
  let number: String
  /// As the file writes it; where it writes it in several ways, as it is compared.
  let shown: String

  init(_ account: RowHarvest, _ encoding: TextEncoding) {
    let text = account.merchant ?? []
    number = text.withUnsafeBytes { bytes in
      withPersonNumber(bytes, encoding) { encoding.decode($0) }
    }
    shown = account.otherMerchant == nil ? text.withUnsafeBytes(encoding.decode) : number
  }

  /// What reports call the accounts: their numbers masked, those alike after that told apart by the place.
  static func labels(of names: [AccountName]) -> [String] {
    let masked = names.map { Masking.number($0.number) }
    return masked.indices.map { place in
      let before = masked[..<place].count { $0 == masked[place] }
      return before == 0 ? masked[place] : masked[place] + "-\(before + 1)"
    }
  }
}

extension Reading {
  /// Says once that its file is several statements.
  fileprivate mutating func noteAccounts() {
    statement.notes.append(
      StatementNote(line: 1, detail: Recognition.wording(accounts: recognition.accounts)))
  }
}
