import ArgumentParser
import History
import Payments
import Reports
import Runs

/// `cardrecon decisions`: the register of what people did about cases.
struct DecisionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decisions",
    abstract: "处理登记簿：何人、何时、何事、多少、凭证。the register of what was done",
    discussion: """
      列出全部登记，包括备注、跟进、重新打开，以及依据已变（差错已不存在）的。
      例：cardrecon decisions --since 2026-11-01 --csv > decisions.csv
      """)

  @Option(help: "登记日不早于 yyyy-MM-dd。recorded on or after")
  var since: String?

  @Flag(help: "输出 JSON。as JSON")
  var json = false

  @Flag(help: "输出 CSV（Excel 可打开）。as CSV")
  var csv = false

  @OptionGroup var history: HistoryOptions

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func validate() throws {
    if json, csv { throw ValidationError("--json / --csv") }
    if let since, BusinessDay(since) == nil {
      throw ValidationError("--since \(since): yyyy-MM-dd")
    }
  }

  func run() throws {
    do {
      let (_, store) = try history.open()
      let from = since.flatMap { BusinessDay($0) }
      let standing = Dictionary(
        try store.anomalies().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      let gone = Dictionary(
        try store.decisionsWithoutBasis().map { ($0.0.anomaly, $0.1) },
        uniquingKeysWith: { first, _ in first })
      let entries = try store.decisions().filter { entry in
        from.map { $0 <= entry.decision.time.day } ?? true
      }.map { number, decision in
        let known = standing[decision.anomaly]
        return DecisionRegister.Entry(
          CaseDecision(decision, number: number),
          of: known ?? gone[decision.anomaly].flatMap(\.self), isWithoutBasis: known == nil)
      }
      let register = DecisionRegister(entries, language: lang)
      try Terminal.write(json ? register.json : csv ? register.csv : Array(register.text.utf8))
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }
}
