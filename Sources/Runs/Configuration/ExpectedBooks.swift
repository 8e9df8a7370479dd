package import Payments
package import Statements

extension Configuration {
  /// The books that are expected every day, each until it is retired.
  ///
  /// - Parameter learned: books that files of a channel named, night after night.
  package func expectedBooks(learned: [Book] = []) -> [ExpectedBook] {
    let channels = sources.flatMap { source -> [ExpectedBook] in
      let patterns = source.files.flatMap(\.patterns)
      let wanted = source.files.filter { !$0.isOptional }
      if !source.merchants.isEmpty {
        return wanted.isEmpty
          ? []
          : source.merchants.map { merchant in
            let own = source.files.filter { $0.patterns.contains { $0.contains(merchant) } }
            let entries = own.isEmpty ? source.files : own
            return ExpectedBook(
              Book(side: .channel, channel: source.channel, owner: merchant),
              lookedFor: own.isEmpty
                ? patterns : own.flatMap(\.patterns).filter { $0.contains(merchant) },
              retired: earliest(
                source.retiredMerchants[merchant], source.retired, lastRetired(entries)))
          }
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
    let ledgers = ledger.filter { !$0.isOptional }.map { entry in
      ExpectedBook(ledgerBook(of: entry), lookedFor: entry.patterns, retired: entry.retired)
    }
    return channels + ledgers
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
    let owner = named.count == 1 ? named[0] : source.files.count > 1 ? entry.name : ""
    return Book(side: .channel, channel: source.channel, owner: owner)
  }

  func ledgerBook(of entry: FileEntry) -> Book {
    Book(side: .ledger, owner: ledger.count > 1 ? entry.name : "")
  }
}
