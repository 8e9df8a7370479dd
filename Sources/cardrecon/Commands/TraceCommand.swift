import ArgumentParser
import Payments
import Reports
import Runs
import Statements

/// `cardrecon trace`: one serial in, the whole life of that payment out.
struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "按流水号查一笔充值的全过程。the whole life of a payment",
    discussion: """
      流水号可以是渠道流水号、商户订单号、退款单号、一卡通流水号或差错编号；只记得末尾 8 位以上也可以查。
      例：cardrecon trace 4200002345202611020000000001 · cardrecon trace --account 2023010188
      """)

  @Argument(help: "流水号、订单号或差错编号。serial, order or anomaly id")
  var serial: String?

  @Option(help: "卡号或学工号。card or student number")
  var account: String?

  @Option(help: "只看这一天 yyyy-MM-dd。one day only, with --account")
  var date: String?

  @Option(
    help: "把查询单写成可打印的网页。write a printable case sheet", completion: .file(extensions: ["html"]))
  var html: String?

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (serial == nil) != (account == nil) else {
      throw ValidationError("SERIAL / --account N")
    }
    if let date, BusinessDay(date) == nil { throw ValidationError("--date \(date): yyyy-MM-dd") }
  }

  func run() async throws {
    async let _ = Intake.prepareLayouts()
    do {
      let (configuration, store) = try history.open()
      try output.recordUnmasking("trace \(serial ?? account ?? "")", in: store)
      let bar = ProgressBar(output.lang == .zh ? "查找" : "searching")
      var tracer = try Tracer(configuration: configuration, store: store, threads: output.threads)
      tracer.progress = { bar.update($0, $1) }
      var trace = Trace(query: "")
      if let account {
        trace = try await tracer.trace(account: account, on: date.flatMap { BusinessDay($0) })
      } else if let serial {
        trace = try await tracer.trace(serial)
      }
      bar.finish()
      let options = ReportOptions(
        language: output.lang, unmask: output.unmask, actions: configuration.actions)
      let today = Timestamp.now.day
      if let html {
        let sheet = CasePage.render(
          trace, today: today, options: options, school: configuration.school)
        try publishFile(sheet, to: html)
      }
      if output.json {
        try Terminal.write(TraceReport.renderJSON(trace, today: today, options: options))
      } else {
        let layout = TerminalLayout(width: Terminal.width, color: Terminal.isInteractive)
        let text = TraceReport.render(trace, today: today, options: options, layout: layout)
        try Terminal.write(Array(text.utf8))
      }
      throw trace.groups.isEmpty ? ExitCode(1) : ExitCode.success
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }
}
