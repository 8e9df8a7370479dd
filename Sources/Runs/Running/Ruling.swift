internal import History
package import Payments
internal import Reports
internal import Statements

/// What a person decides about a night or a file: recorded in the chain, and the nights it concerns judged
/// again at once.
package struct Ruling {
  private let run: NightRun
  private let who: String
  private let reviewer: String?
  private let note: String?
  private let now: Timestamp
  private var store: HistoryStore { run.store }

  /// Prepares a decision.
  package init(_ run: NightRun, who: String, reviewer: String?, note: String?, now: Timestamp) {
    (self.run, self.who, self.reviewer, self.note, self.now) = (run, who, reviewer, note, now)
  }

  /// Takes a file for whole although the other book doubts it, or for the issue that counts.
  ///
  /// - Parameters:
  ///   - name: of the file, or the beginning of its SHA-256.
  ///   - day: the night it was delivered for, where several have such a file.
  package func accept(
    _ name: String, on day: BusinessDay?, isUndone: Bool
  ) async throws -> NightsResult {
    var file = try found(name, on: day)
    // It holds for the nights that used it; of the same bytes on another day nothing is said.
    if let day { file.days = [day] }
    return try await record(.accept, file, isUndone)
  }

  /// Keeps a file out of every night.
  package func refuse(
    _ name: String, on day: BusinessDay?, isUndone: Bool
  ) async throws -> NightsResult {
    try await record(.refuse, try found(name, on: day), isUndone)
  }

  /// Takes it that a book has no rows on a day.
  package func acceptMissing(
    _ name: String, on day: BusinessDay, isUndone: Bool
  ) async throws -> NightsResult {
    let known = try store.nightDecisions().all.filter {
      $0.act == .acceptMissing && $0.days == [day]
    }
    let books: [Book]
    if isUndone {
      books = known.compactMap(\.book)
    } else {
      guard let basis = try store.basis(of: day) else { throw neverRun(day) }
      guard !basis.isWithdrawn else {
        throw HistoryError.refused(
          Wording(
            zh: "\(day) 已撤回；先重新对账：cardrecon run --date \(day)。",
            en: "\(day) is withdrawn; run it again first: cardrecon run --date \(day)."))
      }
      let missing = try await run.judged(day).judged.intake.statements.filter {
        $0.missingBook != nil
      }
      let unreadable = missing.filter { !$0.statement.file.isEmpty }.map(\.statement.file)
      guard unreadable.isEmpty else {
        let names = unreadable.joined(separator: ", ")
        throw HistoryError.refused(
          Wording(
            zh: "\(day) 的文件已到，只是无法读取（\(names)）：请修复或移走后重跑，不能当作没有账单。",
            en:
              "files of \(day) have come and cannot be read (\(names)): mend them or take them away and "
              + "run again; that is no day without a file."))
      }
      books = missing.compactMap(\.missingBook)
    }
    // Under the name reports give it, and under the one that tells its owner.
    let book = try books.first { book in
      try book.name == name || named(book).name == name
        || Book(side: book.side, channel: book.channel, content: book.content).name == name
    }
    guard let book else {
      let names = Set(books.map(\.name)).sorted()
      throw HistoryError.refused(
        Wording(
          zh: "\(day) 没有缺失的账册 \(name)。"
            + (names.isEmpty ? "这一天没有缺失的账册。" : "缺失的有：\(names.joined(separator: "、"))。"),
          en: "no book \(name) is missing on \(day)"
            + (names.isEmpty ? "; none is." : "; missing are \(names.joined(separator: ", ")).")))
    }
    var decision = decision(.acceptMissing, [day])
    decision.book = isUndone ? book : try named(book)
    decision.isUndone = isUndone ? true : nil
    return try await carryOut(decision)
  }

  /// Takes back what was published of a day.
  package func withdraw(_ day: BusinessDay) async throws -> NightsResult {
    guard let basis = try store.basis(of: day) else { throw neverRun(day) }
    if !basis.isWithdrawn, try store.withdrawal(of: day) != nil {
      // One that was killed on its way is finished by whoever asks again.
      return try await Nights(run).bringUpToDate()
    }
    guard !basis.isWithdrawn else {
      throw HistoryError.refused(
        Wording(zh: "\(day) 已经撤回。", en: "\(day) is withdrawn already."))
    }
    var decision = decision(.withdraw, [day])
    decision.manifest = try store.reports(of: day)[PublishedFile.manifestName]
    return try await carryOut(decision)
  }

  // MARK: - Files

  private struct File {
    var sha256: String
    var name: String
    var days: [BusinessDay]
    /// Whether its bytes are those of others too.
    var isRowless = false
  }

  /// The file of this name or SHA-256 among those of the nights in force.
  private func found(_ name: String, on day: BusinessDay?) throws -> File {
    var files: [String: File] = [:]
    func take(_ sha256: String, _ file: String, _ day: BusinessDay, isRowless: Bool = false) {
      let isMeant = file == name || (name.count >= 8 && sha256.hasPrefix(name.lowercased()))
      guard isMeant else { return }
      // Files without rows are told apart by their names.
      let key = isRowless ? sha256 + " " + file : sha256
      var known = files[key] ?? File(sha256: sha256, name: file, days: [], isRowless: isRowless)
      if !known.days.contains(day) { known.days.append(day) }
      files[key] = known
    }
    for night in try store.days() {
      for record in try store.lastStatements(of: night) {
        take(record.sha256, record.delivered, night, isRowless: record.rows == 0)
      }
    }
    // What was refused is known by the decision, wherever its file is now.
    for decision in try store.nightDecisions().all where decision.act == .refuse {
      guard let sha256 = decision.sha256, let file = decision.file else { continue }
      for day in decision.days { take(sha256, file, day, isRowless: decision.isByName == true) }
    }
    if let day { files = files.filter { $0.value.days.contains(day) } }
    guard let file = files.first, files.count == 1 else {
      let several = files.values.sorted { $0.days[0] < $1.days[0] }.map {
        "\($0.days[0]) \($0.sha256.prefix(12)) \($0.name)"
      }
      throw HistoryError.refused(
        several.isEmpty
          ? Wording(
            zh: "历史中没有名为 \(name) 的文件，也没有以它开头（至少 8 位）的 SHA-256。用 cardrecon archive 查看。",
            en:
              "no file of the history is called \(name), nor does a SHA-256 begin with it (at least 8 "
              + "digits). `cardrecon archive` lists them.")
          : Wording(
            zh: "有几个文件叫 \(name)，请用 SHA-256 指明：\(several.joined(separator: "；"))",
            en: "several files are called \(name), name one by its SHA-256: "
              + several.joined(separator: "; ")))
    }
    return file.value
  }

  /// Only what a person can know better than the program may be accepted: that an end is an end, and which
  /// issue counts. Totals that do not add up stay what they are.
  private func askAcceptable(_ file: File) async throws {
    var faults: [StatementFault] = []
    for day in file.days {
      faults += try await run.judged(day).report.statements.map(\.statement)
        .filter { $0.sha256 == file.sha256 && $0.format != Statement.noBillFormat }.flatMap(
          \.faults)
    }
    let isHeld = faults.contains {
      $0.holds && $0.kind != .statementReissued && $0.kind != .statementDuplicate
    }
    let isAcceptable = faults.contains {
      $0.kind.isDoubt || ($0.kind == .statementReissued && $0.holds)
    }
    if isAcceptable, !isHeld { return }
    let labels = Set(faults.map(\.kind)).sorted { $0.rawValue < $1.rawValue }
    throw HistoryError.refused(
      labels.isEmpty
        ? Wording(
          zh: "\(file.name) 没有存疑，已经采用。", en: "\(file.name) is not doubted; it is in use.")
        : Wording(
          zh: "\(file.name) 的问题（\(labels.map(\.label.zh).joined(separator: "、"))）不能凭认可消除，请重新取得文件。",
          en:
            "what is wrong with \(file.name) (\(labels.map(\.label.en).joined(separator: ", "))) cannot be "
            + "accepted away: get the file again."))
  }

  private func record(
    _ act: NightDecision.Act, _ file: File, _ isUndone: Bool
  ) async throws -> NightsResult {
    if act == .accept, try store.nightDecisions().refuses(file.sha256, named: file.name) {
      throw HistoryError.refused(
        Wording(
          zh: "\(file.name) 已被拒用；先用 refuse --undo 撤销。",
          en: "\(file.name) is refused; take that back first with `refuse --undo`."))
    }
    let isKnown = try store.nightDecisions().all.contains {
      $0.act == act && $0.sha256 == file.sha256
    }
    guard isKnown == isUndone else {
      // One that was killed on its way is finished by whoever asks again.
      if isKnown, try !store.outdatedDays().isEmpty { return try await Nights(run).bringUpToDate() }
      throw HistoryError.refused(
        isUndone
          ? Wording(
            zh: "\(file.name) 没有「\(act.label.zh)」的决定可撤销。",
            en: "\(file.name) was not \(act.label.en): nothing to undo.")
          : Wording(
            zh: "\(file.name) 已有「\(act.label.zh)」的决定。",
            en: "\(file.name) is \(act.label.en) already."))
    }
    if act == .accept, !isUndone { try await askAcceptable(file) }
    var decision = decision(act, file.days)
    (decision.sha256, decision.file) = (file.sha256, file.name)
    decision.isUndone = isUndone ? true : nil
    decision.isByName = act == .refuse && file.isRowless ? true : nil
    return try await carryOut(decision)
  }

  // MARK: - Carrying out

  private func decision(_ act: NightDecision.Act, _ days: [BusinessDay]) -> NightDecision {
    var decision = NightDecision(act, days: days, who: who, time: now)
    (decision.reviewer, decision.note) = (reviewer, note)
    return decision
  }

  private func carryOut(_ decision: NightDecision) async throws -> NightsResult {
    try store.record(decision, under: run.configuration.decisionRules)
    NightStep.reached(.decided)
    return try await Nights(run).bringUpToDate()
  }

  /// A book of which only the channel is told is the one that channel has always been.
  private func named(_ book: Book) throws -> Book {
    guard book.owner.isEmpty, book.side == .channel else { return book }
    let owners = Set(
      try store.delivered().coverage.books.map(\.book)
        .filter { $0.side == .channel && $0.channel == book.channel && !$0.owner.isEmpty }.map(
          \.owner))
    var book = book
    if owners.count == 1 { book.owner = owners.first ?? "" }
    return book
  }

  private func neverRun(_ day: BusinessDay) -> HistoryError {
    .refused(
      Wording(zh: "\(day) 没有对过账。", en: "\(day) was never run."))
  }
}
