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
    let file = try found(name, on: day)
    if !isUndone { try await askAcceptable(file) }
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
      guard try store.basis(of: day) != nil else { throw neverRun(day) }
      books = try await run.judged(day).judged.intake.statements.compactMap(\.missingBook)
    }
    guard let book = books.first(where: { $0.name == name }) else {
      let names = Set(books.map(\.name)).sorted()
      throw HistoryError.refused(
        Wording(
          zh: "\(day) 没有缺失的账册 \(name)。"
            + (names.isEmpty ? "这一天没有缺失的账册。" : "缺失的有：\(names.joined(separator: "、"))。"),
          en: "no book \(name) is missing on \(day)"
            + (names.isEmpty ? "; none is." : "; missing are \(names.joined(separator: ", ")).")))
    }
    var decision = decision(.acceptMissing, [day])
    decision.book = try named(book)
    decision.isUndone = isUndone ? true : nil
    return try await carryOut(decision)
  }

  /// Takes back what was published of a day.
  package func withdraw(_ day: BusinessDay) async throws -> NightsResult {
    guard let basis = try store.basis(of: day) else { throw neverRun(day) }
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
  }

  /// The file of this name or SHA-256 among those of the nights in force.
  private func found(_ name: String, on day: BusinessDay?) throws -> File {
    var files: [String: File] = [:]
    func take(_ sha256: String, _ file: String, _ day: BusinessDay) {
      let isMeant = file == name || (name.count >= 8 && sha256.hasPrefix(name.lowercased()))
      guard isMeant else { return }
      files[sha256, default: File(sha256: sha256, name: file, days: [])].days.append(day)
    }
    for night in try day.map({ [$0] }) ?? store.days() {
      var seen = Set<String>()
      for record in try store.statements(of: night) where seen.insert(record.sha256).inserted {
        take(record.sha256, record.delivered, night)
      }
      for (sha256, file) in try store.basis(of: night)?.leftOut ?? [:] { take(sha256, file, night) }
    }
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
    guard let day = file.days.last else { return }
    let statements = try await run.judged(day).report.statements.map(\.statement)
      .filter { $0.sha256 == file.sha256 }
    let faults = statements.flatMap(\.faults)
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
    let isKnown = try store.nightDecisions().all.contains {
      $0.act == act && $0.sha256 == file.sha256
    }
    guard isKnown == isUndone else {
      throw HistoryError.refused(
        isUndone
          ? Wording(
            zh: "\(file.name) 没有「\(act.label.zh)」的决定可撤销。",
            en: "\(file.name) was not \(act.label.en): nothing to undo.")
          : Wording(
            zh: "\(file.name) 已有「\(act.label.zh)」的决定。",
            en: "\(file.name) is \(act.label.en) already."))
    }
    var decision = decision(act, file.days)
    (decision.sha256, decision.file) = (file.sha256, file.name)
    decision.isUndone = isUndone ? true : nil
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
