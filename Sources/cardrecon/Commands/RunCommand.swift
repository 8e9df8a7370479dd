import ArgumentParser
import Foundation
import Payments
import Reports
import Statements

/// `cardrecon run`: the nightly job.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "按配置完成一日对账并发布报告。reconcile a day as configured",
    discussion: """
      默认对昨天（北京时间）的账。报告发布到 output/<日期>/，一步到位：要么全部更新，要么原样不动。
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

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try range()
  }

  func run() async throws {
    do {
      let days = try range()
      let configuration = try ConfigurationReader(path: config).read()
      let bar = ProgressBar(output.lang == .zh ? "读取" : "reading")
      var reconciling = Reconciling(paths: try files(configuration, days))
      reconciling.rules = configuration.rules
      reconciling.options.threads = output.threads
      reconciling.options.profileFolder = configuration.profiles
      reconciling.options.days = days
      reconciling.options.expected = Set(configuration.sources.map(\.channel))
      reconciling.options.reconciled = Set(configuration.sources.map(\.channel))
      reconciling.options.merchants = Dictionary(
        configuration.sources.map { ($0.channel, $0.merchants) }, uniquingKeysWith: +)
      reconciling.options.progress = { bar.update($0, $1) }
      var report = try await reconciling.report()
      bar.finish()
      configuration.nameMissing(in: &report)
      try publish(report, configuration, days)
      try output.show(report, actions: configuration.actions, full: Terminal.isInteractive)
      throw Outcome.exitCode(report.verdict)
    } catch {
      throw Outcome.failure(error, output.lang)
    }
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
    let now = Timestamp(seconds: Int64(time(nil)))
    return now.day.adding(-1)...now.day.adding(-1)
  }

  /// Every file of every configured pattern, for every day of the range.
  private func files(
    _ configuration: Configuration, _ days: ClosedRange<BusinessDay>
  ) throws -> [String] {
    var found: Set<String> = []
    for pattern in configuration.sources.flatMap(\.files) + configuration.ledger {
      for number in days.lowerBound.number...days.upperBound.number {
        let name = Configuration.name(pattern, on: BusinessDay(number: number))
        found.formUnion(Self.matches(configuration.incoming + "/" + name))
      }
    }
    return found.sorted()
  }

  private static func matches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }

  private func publish(
    _ report: DayReport, _ configuration: Configuration, _ days: ClosedRange<BusinessDay>
  ) throws {
    let options = ReportOptions(
      language: output.lang, unmask: output.unmask, actions: configuration.actions)
    let layout = TerminalLayout(width: 100, limit: 200, fullListing: "report.json")
    let name =
      days.lowerBound == days.upperBound
      ? days.lowerBound.description : "\(days.lowerBound)_\(days.upperBound)"
    try Publishing.publish(
      [
        ("report.json", JSONReport.render(report, options: options)),
        ("anomalies.csv", AnomaliesCSV.render(report, options: options)),
        (
          "report.txt",
          Array(TerminalReport.render(report, options: options, layout: layout).utf8)
        ),
      ], as: configuration.output + "/" + name)
    if Terminal.isInteractive, !output.json {
      Terminal.complain(
        (output.lang == .zh ? "报告：" : "reports: ") + configuration.output + "/" + name)
    }
  }
}
