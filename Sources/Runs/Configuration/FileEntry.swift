internal import Glibc
package import Payments
package import Statements

/// The files of one book: a pattern, or several for one and the same (a CSV, its zip).
package struct FileEntry: Hashable, Sendable {
  /// File patterns; `{yyyyMMdd}`, `{yyyy-MM-dd}` and `{yyMMdd}` stand for the day, `*` and `?` for anything.
  package var patterns: [String]
  /// Whether a day without it is an ordinary day.
  package var isOptional = false
  /// The channel's account that its files are statements of; nil for bills.
  package var account: BookContent?
  /// The first day from which on it does not come any more; nil for one in use.
  package var retired: BusinessDay?

  /// What a pattern may hold in braces.
  package static let placeholders = ["{yyyy-MM-dd}", "{yyyyMMdd}", "{yyMMdd}"]

  /// What people call it.
  package var name: String { patterns.first ?? "" }

  /// The patterns with the day filled in.
  package func names(on day: BusinessDay) -> [String] {
    patterns.map { FileEntry.name($0, on: day) }
  }

  /// A pattern with the day filled in.
  package static func name(_ pattern: String, on day: BusinessDay) -> String {
    let text = day.description
    let digits = text.replacing("-", with: "")
    return pattern.replacing("{yyyy-MM-dd}", with: text)
      .replacing("{yyyyMMdd}", with: digits)
      .replacing("{yyMMdd}", with: digits.dropFirst(2))
  }

  /// Whether it does not come any more on a day.
  package func isRetired(on day: BusinessDay) -> Bool { retired.map { $0 <= day } ?? false }

  /// Whether a file of this name is one of its files of a day; folders are not looked at.
  package func means(_ file: String, on day: BusinessDay) -> Bool {
    func last(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? path
    }
    return names(on: day).contains { fnmatch(last($0), last(file), 0) == 0 }
  }
}

extension Configuration {
  /// Every file of every configured pattern for a day, by path.
  package func files(on day: BusinessDay) -> [String] {
    var found: Set<String> = []
    for entry in sources.flatMap(\.files) + ledger + lists {
      for name in entry.names(on: day) {
        found.formUnion(Configuration.matches(incoming + "/" + name))
      }
    }
    return found.sorted()
  }

  /// The files of books whose names tell the day: a list, or a file that is there every day, says nothing of
  /// whether the day's own have come.
  package func datedFiles(on day: BusinessDay) -> [String] {
    var found: Set<String> = []
    for pattern in (sources.flatMap(\.files) + ledger).flatMap(\.patterns)
    where FileEntry.placeholders.contains(where: { pattern.contains($0) }) {
      found.formUnion(Configuration.matches(incoming + "/" + FileEntry.name(pattern, on: day)))
    }
    return found.sorted()
  }

  /// Asks for the folders the files are looked for in.
  ///
  /// - Throws: ``ConfigurationError`` for one that is not there or cannot be listed: nothing is missing of a
  ///   folder that was never looked into.
  package func checkFolders() throws(ConfigurationError) {
    var folders: Set<String> = [incoming]
    for pattern in (sources.flatMap(\.files) + ledger + lists).flatMap(\.patterns) {
      var parts: [Substring] = []
      // What has a day or a wildcard in its name may be there or not.
      for part in pattern.split(separator: "/").dropLast() {
        if part.contains(where: { "{*?[".contains($0) }) { break }
        parts.append(part)
      }
      folders.insert(([incoming[...]] + parts).joined(separator: "/"))
    }
    for folder in folders.sorted() {
      guard let listed = opendir(folder) else {
        let reason = String(cString: strerror(errno))
        throw ConfigurationError(
          path: path,
          detail: Wording(
            zh: "incoming 文件夹 \(folder) 不存在或无法列出（\(reason)）。请更正配置或检查挂载与权限；未做任何对账。",
            en: "the folder of statements \(folder) is not there or cannot be listed (\(reason)). "
              + "Correct the configuration, or look at mounts and permissions; nothing was run."))
      }
      closedir(listed)
    }
  }

  private static func matches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// The book of the entry that means a file; nil where none does.
  package func entry(named file: String, on day: BusinessDay) -> Book? {
    for source in sources {
      if let entry = source.files.first(where: { $0.means(file, on: day) }) {
        return book(of: entry, source)
      }
    }
    return ledger.first { $0.means(file, on: day) }.map(ledgerBook)
  }

  /// Whether every list that is expected is among some files.
  package func hasLists(_ files: [String], on day: BusinessDay) -> Bool {
    lists.filter { !$0.isOptional && !$0.isRetired(on: day) }.allSatisfy { entry in
      files.contains { entry.means($0, on: day) }
    }
  }

  /// Lists that a configuration of before names among the ledger's files: they are read as lists all the same.
  package func listsAmongLedgers(_ statements: [Statement], on day: BusinessDay) -> [String] {
    statements.filter { statement in
      statement.side == .ledger && statement.isPartial
        && ledger.contains { $0.means(statement.file, on: day) }
        && !lists.contains { $0.means(statement.file, on: day) }
    }.map(\.file)
  }

  /// Says of every statement that is missing which files were looked for.
  package func fillIn(_ day: BusinessDay, _ books: [ExpectedBook]) -> [ExpectedBook] {
    books.map { expected in
      var filled = expected
      filled.lookedFor = expected.lookedFor.map { FileEntry.name($0, on: day) }
      return filled
    }
  }
}
