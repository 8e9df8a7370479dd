import ArgumentParser
import History
import Payments
import Runs

/// What every command needs by which a person decides about a night or a file.
struct RulingOptions: ParsableArguments {
  @Option(help: "由谁决定，记入审计链。who decides; recorded")
  var by: String

  @Option(help: "复核人，须与决定人不同。who checked it")
  var reviewer: String?

  @Option(help: "理由。why")
  var note: String?

  @Option(help: "配置文件。configuration", completion: .file())
  var config = "cardrecon.yaml"

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  /// Decides while no run is at work, and says what the nights concerned have become.
  func carryOut(_ body: (Ruling) async throws -> NightsResult) async throws {
    do {
      let configuration = try ConfigurationReader(path: config).read()
      let folder = try StateFolder(existing: configuration.state)
      let lock = try RunLock(folder, holder: RunCommand.holder(lang))
      let run = NightRun(
        configuration: configuration, store: try HistoryStore(folder), language: lang,
        unmask: false, threads: 2)
      try await run.repair()
      let ruling = Ruling(run, who: by, reviewer: reviewer, note: note, now: .now)
      let result = try await body(ruling)
      _ = consume lock
      for line in result.news(lang) { Terminal.complain(line) }
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }

  /// A day as it is typed.
  static func day(_ text: String) throws -> BusinessDay {
    guard let day = BusinessDay(text) else {
      throw ValidationError("--date \(text): no such day; expected yyyy-MM-dd")
    }
    return day
  }
}
