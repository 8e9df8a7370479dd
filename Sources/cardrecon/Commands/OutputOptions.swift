public import ArgumentParser
public import Payments
import Reports

extension Language: ExpressibleByArgument {}

/// How results are shown; the same on every command that shows some.
struct OutputOptions: ParsableArguments {
  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  @Flag(help: "只输出 report.json 内容。print report.json and nothing else")
  var json = false

  @Flag(help: "显示完整姓名与账号。do not mask names and account numbers")
  var unmask = false

  @Option(help: "并行线程数。threads")
  var threads: Int = 2

  func validate() throws {
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads \(threads): expected 1 to 64")
    }
  }

  /// Shows a report on standard output.
  func show(_ report: DayReport, actions: ActionSettings = ActionSettings(), full: Bool = true)
    throws
  {
    let options = ReportOptions(language: lang, unmask: unmask, actions: actions)
    if json {
      try Terminal.write(JSONReport.render(report, options: options))
    } else if full {
      let layout = TerminalLayout(
        width: Terminal.width, color: Terminal.isInteractive, fullListing: "--json")
      try Terminal.write(
        Array(TerminalReport.render(report, options: options, layout: layout).utf8))
    } else {
      try Terminal.write(Array((TerminalReport.summaryLine(report, language: lang) + "\n").utf8))
    }
  }
}
