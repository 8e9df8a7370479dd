import ArgumentParser
import Foundation
import History
import Payments
import Reports
import Runs
import Statements

/// `cardrecon run`: the nightly job.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "按配置完成一日对账并发布报告。reconcile a day as configured",
    discussion: """
      默认对昨天（北京时间）的账；此前 catchUp（默认 14）天内缺失或不完整、而文件已到或已变的日子先补对。报告发布到 output/<日期>/，一步到位：要么全部更新，要么原样不动。
      例：cardrecon run --config /etc/cardrecon.yaml --date 2026-11-02
      """)

  @Option(help: "配置文件。configuration")
  var config = "cardrecon.yaml"

  @Option(help: "对账日 yyyy-MM-dd，默认昨天。the day; default yesterday, Asia/Shanghai")
  var date: String?

  @Option(help: "区间起始日。first day of a range")
  var from: String?

  @Option(help: "区间结束日。last day of a range")
  var to: String?

  @Flag(help: "账平时什么都不输出，否则输出邮件摘要。nothing when it balances, else --mail")
  var quiet = false

  @Flag(help: "输出邮件摘要：结论、最大的几笔、报告所在。print the mail: verdict, worst cases, place")
  var mail = false

  @Flag(help: "只试算并显示，不存档、不登记、不发布。show what would be found, store nothing")
  var dryRun = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try range()
  }

  func run() async throws {
    async let _ = Intake.prepareLayouts()
    do {
      let days = try range()
      try refuseUnfinished(days)
      let configuration = try ConfigurationReader(path: config).read()
      try configuration.checkFolders()
      if dryRun { try await tryOut(days, configuration) }
      let result = try await nights(days, configuration)
      warnOfMissedNights(result.report.missedNights)
      hintAtLists(
        configuration.listsAmongLedgers(
          result.report.statements.map(\.statement), on: days.upperBound))
      try show(
        result, configuration,
        days.lowerBound == days.upperBound
          ? configuration.output + "/\(days.upperBound)" : configuration.output)
      throw ExitCodes.of(result.verdict)
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  /// Runs the nights while nobody else does.
  private func nights(
    _ days: ClosedRange<BusinessDay>, _ configuration: Configuration
  ) async throws -> NightsResult {
    let folder = try StateFolder(configuration.state)
    let lock = try RunLock(folder, holder: Self.holder(output.lang))
    let store = try HistoryStore(folder)
    try output.recordUnmasking(
      "run " + (date ?? "\(days.lowerBound) — \(days.upperBound)"), in: store)
    let bar = ProgressBar(output.lang == .zh ? "读取" : "reading")
    let nights = Nights(output.nightRun(configuration, store) { bar.update($0, $1) })
    try await nights.run.repair()
    let result = try await nights.run(days)
    bar.finish()
    _ = consume lock
    return result
  }

  /// One line for a log, the whole report for a person, the mail for whoever asked for it.
  private func show(
    _ result: NightsResult, _ configuration: Configuration, _ folder: String
  ) throws {
    let report = result.report
    let news = result.news(output.lang)
    if quiet, result.verdict == .balanced, news.isEmpty, report.openNights.isEmpty { return }
    guard quiet || mail, !output.json else {
      // Beside JSON, and before a report, what else was done is for whoever reads the log.
      for line in news { Terminal.complain("cardrecon: " + line) }
      return try output.show(
        report, actions: configuration.actions, full: Terminal.isInteractive)
    }
    let options = ReportOptions(language: output.lang, actions: configuration.actions)
    let text = MailReport.render(
      report, folder: folder, options: options, news: news,
      head: result.head?.sentence(output.lang))
    try Terminal.write(Array(text.utf8))
  }

  /// Judges the days, and shows them, without recording or publishing anything.
  private func tryOut(
    _ days: ClosedRange<BusinessDay>, _ configuration: Configuration
  ) async throws {
    // Without a history there is one for the moment.
    let passing = NSTemporaryDirectory() + "cardrecon-dry-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: passing) }
    let isKnown = FileManager.default.fileExists(atPath: configuration.state)
    let folder =
      try isKnown ? StateFolder(existing: configuration.state) : StateFolder(passing)
    let nights = Nights(output.nightRun(configuration, try HistoryStore(folder)))
    let late = try nights.late(before: days.lowerBound)
    var verdict = Verdict.balanced
    for day in late
      + (days.lowerBound.number...days.upperBound.number).map(BusinessDay.init(number:))
    {
      let report = try await nights.run.tryOut(day, files: configuration.files(on: day))
      verdict = max(verdict, report.verdict)
      let isAsked = days.contains(day)
      if isAsked || !output.json {
        try output.show(
          report, actions: configuration.actions, full: Terminal.isInteractive && isAsked)
      }
    }
    Terminal.complain(
      output.lang == .zh
        ? "cardrecon: 试算（--dry-run）：没有存档、登记或发布任何内容；其后各日未随之重新推算"
        : "cardrecon: dry run: nothing was archived, recorded or published, and days after were not judged "
          + "again")
    throw ExitCodes.of(verdict)
  }

  /// A day that is not over has no statements yet: run now, it would stand there for ever.
  private func refuseUnfinished(_ days: ClosedRange<BusinessDay>) throws {
    let today = Timestamp.now.day
    guard days.upperBound >= today else { return }
    throw HistoryError.refused(
      Wording(
        zh: "\(days.upperBound) 还没有结束（今天是 \(today)），不能对账；请检查日期。",
        en:
          "\(days.upperBound) is not over (today is \(today)): nothing to reconcile; check the date."
      ))
  }

  /// Who holds the lock, for the run that finds it held.
  static func holder(_ language: Language) -> String {
    let now = Timestamp.now
    return language == .zh ? "进程 \(getpid())，自 \(now)" : "process \(getpid()) since \(now)"
  }

  /// Says which nights were missed, and how to make up for them.
  private func warnOfMissedNights(_ days: ClosedRange<BusinessDay>?) {
    guard let (first, final) = days.map({ ($0.lowerBound, $0.upperBound) }) else { return }
    let missed = first == final ? "\(first)" : "\(first) — \(final)"
    let command = "cardrecon run --from \(first) --to \(final)"
    Terminal.complain(
      output.lang == .zh
        ? "cardrecon: \(missed) 尚未对账；补跑：\(command)"
        : "cardrecon: \(missed) not reconciled yet: \(command)")
  }

  /// Says where lists belong: under `ledger:` nobody misses one that has not come.
  private func hintAtLists(_ files: [String]) {
    guard !files.isEmpty, !quiet else { return }
    let names = files.joined(separator: output.lang == .zh ? "、" : ", ")
    Terminal.complain(
      output.lang == .zh
        ? "cardrecon: \(names) 是名单，不是台账；请在配置中移到 lists: 之下，缺少时才会提示"
        : "cardrecon: \(names): a list, no ledger; name it under lists: in the configuration, so that "
          + "it is missed when it does not come")
  }

  private func range() throws -> ClosedRange<BusinessDay> {
    func day(_ text: String, _ option: String) throws -> BusinessDay {
      guard let day = BusinessDay(text) else {
        throw ValidationError("--\(option) \(text): no such day; expected yyyy-MM-dd")
      }
      return day
    }
    guard date == nil || (from == nil && to == nil) else {
      throw ValidationError("give --date, or --from and --to, not both")
    }
    if let from, let to {
      let (first, last) = (try day(from, "from"), try day(to, "to"))
      guard first <= last else { throw ValidationError("--from \(from) is after --to \(to)") }
      return first...last
    }
    guard from == nil, to == nil else {
      throw ValidationError("--from and --to are given together")
    }
    if let date {
      let only = try day(date, "date")
      return only...only
    }
    let now = Timestamp.now
    return now.day.adding(-1)...now.day.adding(-1)
  }
}
