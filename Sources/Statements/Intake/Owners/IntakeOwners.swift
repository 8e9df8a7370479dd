internal import Columns
internal import Payments

// Whose each statement is.

extension Intake {
  /// Holds what is of a merchant or account that the configuration does not have.
  static func checkMerchants(
    _ readings: inout [Reading], _ merchants: [Channel: [String]]
  ) {
    for index in readings.indices {
      let statement = readings[index].statement
      guard let expected = merchants[statement.channel], !expected.isEmpty,
        let found = statement.merchant, !expected.contains(where: statement.isOf)
      else { continue }
      readings[index].isStrangers = true
      readings[index].fault(
        .wrongAccountStatement,
        zh: "商户号或账号为 \(found)，配置中为 \(expected.joined(separator: "、"))。请确认是否导错账户。",
        en: "merchant or account \(found); the configuration expects "
          + "\(expected.joined(separator: ", ")).")
    }
  }

  /// Says of each statement whose book it is.
  static func assignBooks(_ readings: inout [Reading], _ options: Options) {
    let ledgers = (options.books ?? []).filter { $0.book.side == .ledger }
    var writings: [KeyHash: String] = [:]
    for index in readings.indices {
      let statement = readings[index].statement
      guard !statement.isPartial, readings[index].view != .summary else { continue }
      let entry = readings[index].entry
      var book = Book(
        side: statement.side, channel: statement.side == .ledger ? .unknown : statement.channel,
        content: statement.content)
      if statement.side == .ledger {
        let named = entry.flatMap { $0.side == .ledger ? $0.owner : nil }
        book.owner = named ?? (ledgers.count == 1 ? ledgers[0].book.owner : "")
      } else {
        book.owner = owner(of: statement, entry, options.merchants[statement.channel] ?? [])
        // However a file writes an account, it is that account's book.
        if let account = statement.account, book.owner == statement.merchant {
          book.owner = writings[account, default: book.owner]
          writings[account] = book.owner
        }
      }
      if readings[index].view == .account { book.content = contents(of: readings[index]) }
      readings[index].book = book
    }
    nameOwners(&readings, options)
  }

  /// What an account's statement is a book of: of its account, and where no bill tells the payments of those days,
  /// of them too.
  private static func contents(of reading: Reading) -> BookContent {
    let named = reading.entry?.content.intersection(.accounts) ?? []
    let account = named.isEmpty ? BookContent.funds : named
    return reading.isToldByBills ? account : account.union(.both).union(.standIn)
  }

  /// A statement that tells no owner, as one without rows, is of the only owner its channel has.
  ///
  /// - Parameter arePlaced: whether answers that there is no bill have been placed.
  static func nameOwners(_ readings: inout [Reading], _ options: Options, arePlaced: Bool = false) {
    let books = readings.compactMap(\.book) + (options.books ?? []).map(\.book)
    let owners = books.reduce(into: [Channel: Set<String>]()) { owners, book in
      guard book.side == .channel, !book.owner.isEmpty else { return }
      owners[book.channel, default: []].insert(book.owner)
    }
    for index in readings.indices {
      // An answer that there is no bill may name its merchant; it is placed first.
      guard let book = readings[index].book, book.side == .channel, book.owner.isEmpty,
        !readings[index].isZeroDay || arePlaced, let known = owners[book.channel]
      else { continue }
      if known.count == 1 { readings[index].book?.owner = known.first ?? "" }
    }
  }

  /// Whose a channel's statement is: by its content, else by the entry of the configuration that named its
  /// file, else the only one there can be.
  private static func owner(
    of statement: Statement, _ entry: Book?, _ merchants: [String]
  ) -> String {
    let named = entry.flatMap { $0.channel.fits(statement.channel) ? $0.owner : nil } ?? ""
    guard !merchants.isEmpty else { return named.isEmpty ? statement.merchant ?? "" : named }
    if let merchant = merchants.first(where: statement.isOf) { return merchant }
    if merchants.contains(named) { return named }
    // A fund bill of WeChat's names nobody; the name it was saved under mostly does.
    let inName = merchants.filter { statement.file.contains($0) }
    if inName.count == 1 { return inName[0] }
    return merchants.count == 1 ? merchants[0] : ""
  }
}

extension Statement {
  /// Fingerprint of its merchant or account, however that is written.
  var account: KeyHash? { merchant.map { fingerprint(person: $0) } }

  /// Whether a merchant or account is its own, however either is written.
  func isOf(_ account: String) -> Bool {
    merchant == account || self.account == fingerprint(person: account)
  }
}
