public import ArgumentParser
public import History
import Payments

extension Decision.Outcome: ExpressibleByArgument {}

/// `cardrecon resolve`: records what a person did about an anomaly.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "登记差错的处理结果。record what was done",
    discussion: """
      登记后不能修改或删除；弄错了用 --as reopened 重新打开再登记。
      例：cardrecon resolve dd-b7fa6087bd1e --as refunded --by 王会计 --document 2026-1107
      """)

  @Argument(help: "差错编号，可以是多个。anomaly ids")
  var ids: [String]

  @Option(
    name: .customLong("as"),
    help: "结果：refunded credited corrected written-off not-an-error reopened")
  var outcome: Decision.Outcome

  @Option(help: "经办人。who did it")
  var by: String

  @Option(help: "复核人，须与经办人不同。who checked it")
  var reviewer: String?

  @Option(help: "凭证号。voucher number")
  var document: String?

  @Option(help: "说明。note")
  var note: String?

  @OptionGroup var history: HistoryOptions

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func run() throws {
    do {
      let (configuration, store) = try history.open()
      try checkPeople(configuration)
      for id in ids {
        let decision = Decision(
          anomaly: id, outcome: outcome, who: by, reviewer: reviewer, note: note,
          document: document, time: .now)
        try store.record(decision)
        Terminal.complain("\(id): \(outcome.label(lang)) — \(by)")
      }
    } catch {
      throw Outcome.failure(error, lang)
    }
  }

  private func checkPeople(_ configuration: Configuration) throws {
    func refuse(_ zh: String, _ en: String) -> HistoryError {
      .refused(Wording(zh: zh, en: en))
    }
    guard !by.allSatisfy(\.isWhitespace) else {
      throw refuse("--by 不能为空：要写明经办人。", "--by is empty: say who did it.")
    }
    if configuration.needsReview, reviewer == nil {
      throw refuse(
        "配置要求复核（review: true）：请用 --reviewer 写明复核人。",
        "the configuration asks for a second person (review: true): name one with --reviewer.")
    }
    if let reviewer, reviewer == by {
      throw refuse("复核人须与经办人不同。", "who checks must not be who did it.")
    }
  }
}
