import ArgumentParser
import Foundation
import History
import Payments
import Reports
import Runs

/// `cardrecon report`: a day published again from history, or a month.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "由历史重新发布一天，或生成月报。publish a day again, or a month",
    discussion: """
      日报由归档的原始文件重新判定，处理情况截至最近一号登记，--as-of N 截至第 N 号：字节与当时相同；月报发布到 output/<年-月>/。
      例：cardrecon report --date 2026-11-02 · cardrecon report --month 2026-11
      """)

  @Option(help: "重新发布这一天 yyyy-MM-dd。the day to publish again")
  var date: String?

  @Option(
    name: .customLong("as-of"),
    help: "处理情况只到第几号登记（0 为尚无登记）。as people had decided by then; default all")
  var asOf: Int64?

  @Option(help: "月报的月份 yyyy-MM。the month")
  var month: String?

  @Option(help: "审计抽样的对数。pairs in the audit sample")
  var sample: Int = 20

  @Option(help: "审计抽样的种子。seed of the audit sample")
  var seed: UInt64 = 1

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (date == nil) != (month == nil) else {
      throw ValidationError("--date yyyy-MM-dd / --month yyyy-MM")
    }
    if let date, BusinessDay(date) == nil { throw ValidationError("--date \(date): yyyy-MM-dd") }
    if let asOf {
      guard asOf >= 0, date != nil else { throw ValidationError("--date yyyy-MM-dd --as-of 0…") }
    }
    if let month, ClosedRange(month: month) == nil {
      throw ValidationError("--month \(month): yyyy-MM")
    }
    guard (0...1_000).contains(sample) else { throw ValidationError("--sample 0…1000") }
  }

  func run() async throws {
    do {
      let configuration = try ConfigurationReader(path: history.config).read()
      let folder = try StateFolder(configuration.state)
      let lock = try RunLock(folder, holder: RunCommand.holder(output.lang))
      let store = try HistoryStore(folder)
      try output.recordUnmasking("report \(date ?? month ?? "")", in: store)
      var run = output.nightRun(configuration, store)
      if let asOf {
        let last = try store.decisionMark().number
        guard asOf <= last else { throw notRecorded(asOf, last) }
        run.decidedUpTo = asOf
      }
      try await run.repair()
      if let day = date.flatMap({ BusinessDay($0) }) {
        try await publish(day, run)
      } else if let month, let days = ClosedRange(month: month) {
        try await publish(days, named: month, run)
      }
      _ = consume lock
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  private func publish(_ day: BusinessDay, _ run: NightRun) async throws {
    guard try run.store.days().contains(day) else { throw unknown("\(day)") }
    let report = try await run.republish(day)
    try run.calendar.publish()
    if output.json { try output.show(report, actions: run.configuration.actions) }
    say(run.folder(of: day).path)
  }

  private func notRecorded(_ number: Int64, _ last: Int64) -> HistoryError {
    .refused(
      Wording(
        zh: "--as-of \(number)：只登记到第 \(last) 号。用 cardrecon decisions 查看。",
        en: "--as-of \(number): there are \(last) decisions; `cardrecon decisions` lists them."))
  }

  private func publish(
    _ days: ClosedRange<BusinessDay>, named name: String, _ run: NightRun
  ) async throws {
    guard try run.store.days().contains(where: days.contains) else { throw unknown(name) }
    let month = try await MonthAssembly(
      run, days: days, sample: AuditSample(seed: seed, size: sample)
    ).report()
    let papers = MonthPapers(month, for: run)
    let folder = ReportFolder(run.configuration.output + "/" + name)
    try papers.publish(in: folder, of: run)
    if output.json {
      try Terminal.write(papers.json)
    } else {
      say(folder.path)
    }
  }

  private func say(_ folder: String) {
    Terminal.complain(output.lang == .zh ? "已发布 \(folder)" : "published \(folder)")
  }

  private func unknown(_ what: String) -> HistoryError {
    .refused(
      Wording(
        zh: "\(what) 尚未对账，没有可发布的内容。先运行 cardrecon run --date … 。",
        en: "\(what) has not been reconciled: nothing to publish. Run cardrecon run --date … first."
      ))
  }
}
