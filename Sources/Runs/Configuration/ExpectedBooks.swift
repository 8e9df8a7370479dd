package import Payments
package import Statements

extension Configuration {
  /// The books that are expected every day, each until it is retired.
  ///
  /// - Parameter learned: books that files of a channel named, night after night.
  package func expectedBooks(learned: [Book] = []) -> [ExpectedBook] {
    let channels = sources.flatMap { bills(of: $0, learned: learned) + accounts(of: $0) }
    let ledgers = ledger.filter { !$0.isOptional }.map { entry in
      ExpectedBook(ledgerBook(of: entry), lookedFor: entry.patterns, retired: entry.retired)
    }
    return channels + ledgers
  }

  /// The bills of a channel.
  private func bills(of source: ConfiguredSource, learned: [Book]) -> [ExpectedBook] {
    let files = source.files.filter { $0.account == nil }
    let patterns = files.flatMap(\.patterns)
    let wanted = files.filter { !$0.isOptional }
    if !source.merchants.isEmpty {
      return wanted.isEmpty ? [] : merchants(of: source, files, .both)
    }
    let mine = learned.filter { $0.channel == source.channel }
    if source.files.count == 1, !mine.isEmpty {
      let retired = earliest(source.retired, lastRetired(source.files))
      return mine.map { ExpectedBook($0, lookedFor: patterns, retired: retired) }
    }
    return wanted.map { entry in
      ExpectedBook(
        book(of: entry, source), lookedFor: entry.patterns,
        retired: earliest(source.retired, entry.retired))
    }
  }

  /// The statements of a channel's own accounts, each kind for itself: no bill stands in for one.
  private func accounts(of source: ConfiguredSource) -> [ExpectedBook] {
    let all = source.files.filter { $0.account != nil && !$0.isOptional }
    return BookContent.accounts.parts.flatMap { content -> [ExpectedBook] in
      let files = all.filter { $0.account == content }
      if files.isEmpty { return [] }
      if !source.merchants.isEmpty { return merchants(of: source, files, content) }
      return files.map { entry in
        ExpectedBook(
          book(of: entry, source), lookedFor: entry.patterns,
          retired: earliest(source.retired, entry.retired))
      }
    }
  }

  /// A book for each merchant of a channel, in the files whose names tell it, else in all of them.
  private func merchants(
    of source: ConfiguredSource, _ files: [FileEntry], _ content: BookContent
  ) -> [ExpectedBook] {
    let areNamed = files.contains { entry in
      source.merchants.contains { merchant in entry.patterns.contains { $0.contains(merchant) } }
    }
    return source.merchants.compactMap { merchant in
      let own = files.filter { $0.patterns.contains { $0.contains(merchant) } }
      // Where the names of an account's files tell merchants, those they do not tell have none.
      if own.isEmpty, areNamed, content != .both { return nil }
      let patterns = (own.isEmpty ? files : own).flatMap(\.patterns)
      return ExpectedBook(
        Book(side: .channel, channel: source.channel, owner: merchant, content: content),
        lookedFor: own.isEmpty ? patterns : patterns.filter { $0.contains(merchant) },
        retired: earliest(
          source.retiredMerchants[merchant], source.retired, lastRetired(own.isEmpty ? files : own))
      )
    }
  }

  /// Whether a file's name tells its day: the pattern that means it has a place for it.
  func tellsDay(_ file: String, _ day: BusinessDay) -> Bool {
    sources.flatMap(\.files).flatMap(\.patterns).contains { pattern in
      FileEntry.placeholders.contains { pattern.contains($0) }
        && FileEntry(patterns: [pattern]).means(file, on: day)
    }
  }

  /// How many files a day the configuration has that may be of the merchant a file is of, this one counted.
  func billsADay(besides file: String, on day: BusinessDay) -> Int {
    guard let source = sources.first(where: { $0.files.contains { $0.means(file, on: day) } }),
      let mine = source.files.first(where: { $0.means(file, on: day) })
    else { return 1 }
    func merchants(_ entry: FileEntry) -> [String] {
      source.merchants.filter { merchant in entry.patterns.contains { $0.contains(merchant) } }
    }
    let own = merchants(mine)
    return source.files.filter { entry in
      guard entry.account == mine.account else { return false }
      let others = merchants(entry)
      return entry == mine
        || !entry.isRetired(on: day)
          && (others.isEmpty || own.isEmpty || others.contains(where: own.contains))
          && !source.merchants.isEmpty
    }.count
  }

  private func earliest(_ days: BusinessDay?...) -> BusinessDay? { days.compactMap(\.self).min() }

  /// From when on none of some files comes any more; nil while one does.
  private func lastRetired(_ entries: [FileEntry]) -> BusinessDay? {
    let days = entries.compactMap(\.retired)
    return days.count == entries.count ? days.max() : nil
  }

  /// An entry's own book: its pattern tells it apart where there are several.
  func book(of entry: FileEntry, _ source: ConfiguredSource) -> Book {
    let named = source.merchants.filter { merchant in
      entry.patterns.contains { $0.contains(merchant) }
    }
    let alike = source.files.filter { $0.account == entry.account }
    let owner = named.count == 1 ? named[0] : alike.count > 1 ? entry.name : ""
    return Book(
      side: .channel, channel: source.channel, owner: owner, content: entry.account ?? .both)
  }

  func ledgerBook(of entry: FileEntry) -> Book {
    Book(side: .ledger, owner: ledger.count > 1 ? entry.name : "")
  }
}
