public import ArgumentParser
import Columns
import Foundation
import History
public import Payments
import Reports
import Runs

extension Language: ExpressibleByArgument {}

/// A number of bytes as people write it: `512M`, `2G`.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  /// Fails on anything but a whole number of at least one mebibyte, with `M` or `G` behind it.
  init?(argument: String) {
    guard let unit = ["M": 1 << 20, "G": 1 << 30][argument.suffix(1).uppercased()],
      let count = Int(argument.dropLast()), (1...1 << 20).contains(count)
    else { return nil }
    bytes = count * unit
  }
}

/// How results are shown; the same on every command that shows some.
struct OutputOptions: ParsableArguments {
  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  @Flag(help: "只输出 report.json 内容。print report.json and nothing else")
  var json = false

  @Flag(help: "显示完整姓名与账号。do not mask names and account numbers")
  var unmask = false

  @Option(help: "完整显示的理由，记入审计链。why names are shown in full; recorded")
  var unmaskReason: String?

  @Option(help: "由谁要求完整显示，记入审计链。who asks for it; recorded")
  var by: String?

  @Option(help: "并行线程数。threads")
  var threads: Int = 2

  @Option(
    help: ArgumentHelp(
      "内存上限，如 512M、2G；超出的行存入临时文件（TMPDIR，默认 /var/tmp）。"
        + "memory to stay within; rows beyond it lie in temporary files",
      valueName: "size"))
  var memory: MemorySize?

  func validate() throws {
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads \(threads): expected 1 to 64")
    }
    // Every command has these options, and they are validated before anything else is done.
    Workers.limit = threads
    if let memory { MemoryBudget.limit = memory.bytes }
    // Large files are unpacked there whatever the limit is.
    if let folder = ProcessInfo.processInfo.environment["TMPDIR"], !folder.isEmpty {
      MemoryBudget.folder = folder
    }
  }

  /// Records in the audit chain that names and numbers are shown in full, if they are: who asked and
  /// why. Called before anything is shown.
  func recordUnmasking(_ command: String, in store: HistoryStore) throws {
    guard unmask else { return }
    func filled(_ text: String?) -> String? {
      text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }
    guard let who = filled(by), let reason = filled(unmaskReason) else {
      throw HistoryError.refused(
        Wording(
          zh: "--unmask 会完整显示姓名与账号：请用 --by 写明何人、--unmask-reason 写明为何，两者记入审计链。",
          en: "--unmask shows names and account numbers in full: say who with --by and why with "
            + "--unmask-reason; both are recorded in the audit chain."))
    }
    try store.record(Unmasking(command: command, who: who, reason: reason, time: .now))
  }

  /// How nights are run with these options.
  func nightRun(
    _ configuration: Configuration, _ store: HistoryStore,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) -> NightRun {
    var run = NightRun(
      configuration: configuration, store: store, language: lang, unmask: unmask,
      threads: threads)
    run.progress = progress
    return run
  }

  /// Shows a report on standard output.
  func show(_ report: DayReport, actions: ActionSettings = ActionSettings(), full: Bool = true)
    throws
  {
    let options = ReportOptions(language: lang, unmask: unmask, actions: actions)
    if json {
      try Terminal.write { sink in JSONReport.render(report, options: options, to: sink) }
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
