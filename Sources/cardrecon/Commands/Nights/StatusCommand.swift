import ArgumentParser
import Foundation
import Payments
import Reports
import Runs

/// `cardrecon status`: what has come, what is late, what to ask whom for.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "账册×日期：已到、晚到、缺失、存疑，该向谁要什么。what has come and what has not",
    discussion: """
      --max-age 用于监控：最近一次对账早于此时长即以 1 退出。
      例：cardrecon status --days 14 ；cardrecon status --max-age 26h
      """)

  @Option(help: "往前看几天。days to look back")
  var days = 7

  @Option(
    help: ArgumentHelp(
      "最近一次对账早于此即退出 1，如 26h、90min。exit 1 when the last run is older", valueName: "age"))
  var maxAge: String?

  @Flag(help: "输出 JSON。print JSON and nothing else")
  var json = false

  @OptionGroup var history: HistoryOptions

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func validate() throws {
    guard (1...366).contains(days) else {
      throw ValidationError("--days \(days): expected 1 to 366")
    }
    _ = try age()
  }

  func run() throws {
    do {
      let (configuration, store) = try history.open()
      let now = Timestamp.now
      let shown = (1...Int32(days)).reversed().map { now.day.adding(-$0) }
      let grid = try GridAssembly(store, configuration).grid(shown, now: now)
      try Terminal.write(
        json
          ? StatusReport.renderJSON(grid, language: lang)
          : Array(StatusReport.render(grid, language: lang, width: Terminal.width).utf8))
      if let age = try age(), grid.lastRun.map({ now.seconds - $0.seconds > age }) ?? true {
        Terminal.complain(
          lang == .zh
            ? "cardrecon: 最近一次对账早于 \(maxAge ?? "")"
            : "cardrecon: the last run is older than \(maxAge ?? "")")
        throw ExitCode(1)
      }
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }

  /// `26h`, `90min`, `2d` in seconds.
  private func age() throws -> Int64? {
    guard let maxAge else { return nil }
    for (unit, seconds) in [("min", 60), ("h", 3_600), ("d", 86_400)] as [(String, Int64)]
    where maxAge.hasSuffix(unit) {
      if let count = Int64(maxAge.dropLast(unit.count)), (1...100_000).contains(count) {
        return count * seconds
      }
    }
    throw ValidationError("--max-age \(maxAge): expected 26h, 90min or 2d")
  }
}
