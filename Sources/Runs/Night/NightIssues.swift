internal import History
internal import Payments
internal import Statements

/// Which of a night's statements were issued before, and what the new issue says otherwise.
struct NightIssues {
  let day: BusinessDay
  let store: HistoryStore

  /// Name of the delivered file a statement stands in.
  static func delivered(_ statement: Statement, _ names: [String]) -> String {
    names.first { statement.file == $0 || statement.file.hasPrefix($0 + "/") } ?? statement.file
  }

  /// Tonight's files that replace another issue.
  func reissued(_ inputs: [Intake.Source]) throws -> Set<String> {
    var found = Set<String>()
    // What was used because a person accepted it is held again when that is taken back.
    let accepted = Set(
      try store.everyNightDecision().filter { $0.act == .accept }.compactMap(\.sha256))
    for input in inputs {
      guard let name = input.name else { continue }
      let sha256 =
        input.sha256 ?? input.path.split(separator: "/").last.map(String.init) ?? ""
      let earlier = try store.earlierIssue(of: name, member: nil, on: day, than: sha256)
      guard earlier != nil else { continue }
      // What counted once stays in use when the day is run again.
      let wasUsed = try store.wasUsed(sha256, on: day)
      if accepted.contains(sha256) || !wasUsed { found.insert(sha256) }
    }
    return found
  }

  /// Says of each statement that was issued again what changed.
  func compare(
    _ report: inout DayReport, _ intake: Intake, _ names: [String], _ options: Intake.Options
  ) async throws {
    let reissues = Reissues(store: store, day: day, options: options)
    let own = intake.statements.filter { !$0.isContext }
    for (place, given) in own.enumerated() where !given.statement.sha256.isEmpty {
      let statement = given.statement
      let reissue = try await reissues.compare(
        sha256: statement.sha256, delivered: NightIssues.delivered(statement, names),
        member: given.member)
      guard let reissue else { continue }
      report.statements[place].reissue = reissue
      report.statements[place].statement.faults.append(
        StatementFault(
          .statementReissued,
          detail: Wording(
            zh: "当日重新下发：与先前版本（SHA-256 \(reissue.earlier.prefix(16))…，已存档）相比，"
              + "新增 \(reissue.added) 行，删去 \(reissue.removed) 行，"
              + "改动 \(reissue.changed) 行。",
            en:
              "issued again: against the issue before (SHA-256 \(reissue.earlier.prefix(16))…, kept "
              + "in the archive) \(reissue.added) rows added, \(reissue.removed) removed, "
              + "\(reissue.changed) changed."),
          holds: false, voidsCoverage: false))
    }
  }
}
