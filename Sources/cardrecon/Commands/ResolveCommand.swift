public import ArgumentParser
import History
public import Payments
import Reports
import Runs

extension DecisionOutcome: ExpressibleByArgument {}

/// An amount in yuan as people write it: `20`, `20.5`, `20.50`.
struct YuanAmount: ExpressibleByArgument {
  let fen: Int64

  /// Fails on what ``Payments/Money/fen(ofYuan:)`` does not read.
  init?(argument: String) {
    guard let fen = Money.fen(ofYuan: argument) else { return nil }
    self.fen = fen
  }
}

/// `cardrecon resolve`: records what a person did about an anomaly.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "登记差错的处理结果。record what was done",
    discussion: """
      登记后不能修改或删除；弄错了用 --as reopened 重新打开再登记。
      例：cardrecon resolve dd-b7fa6087bd1e --as refunded --by 王会计 --document 2026-1107
      部分办理加 --amount 20.00；实际办理日写 --on；--as in-progress --assignee 何人、--as awaiting-person
      表示跟进中、待本人；只写 --note 是备注，不改变状态。
      在 report.xlsx 的《差错明细表》里填好的，可整表登记：cardrecon resolve --import report.xlsx
      """)

  @Argument(help: "差错编号，可以是多个。anomaly ids")
  var ids: [String] = []

  @Option(
    name: .customLong("as"),
    help:
      "结果：refunded credited corrected written-off not-an-error in-progress awaiting-person reopened"
  )
  var outcome: Decision.Outcome?

  @Option(help: "经办人。who did it")
  var by: String?

  @Option(help: "复核人，须与经办人不同。who checked it")
  var reviewer: String?

  @Option(help: "凭证号。voucher number")
  var document: String?

  @Option(help: "说明；不写 --as 时只记备注。note; alone it changes nothing")
  var note: String?

  @Option(help: "只办理了其中多少（元）。how much of it, in yuan; default all that is left")
  var amount: YuanAmount?

  @Option(help: "实际办理日 yyyy-MM-dd。the day it was done")
  var on: String?

  @Option(help: "由谁跟进（in-progress）。who goes on with it; default --by")
  var assignee: String?

  @Option(
    name: .customLong("import"),
    help: "导入填好的 report.xlsx（差错明细表）。record every worked row of a report.xlsx",
    completion: .file(extensions: ["xlsx"]))
  var workbook: String?

  @OptionGroup var history: HistoryOptions

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func validate() throws {
    if workbook == nil {
      guard !ids.isEmpty, outcome != nil || note != nil, by != nil else {
        throw ValidationError(
          "ID --as OUTCOME --by WHO / ID --note TEXT --by WHO / --import FILE.xlsx")
      }
      if let on, BusinessDay(on) == nil { throw ValidationError("--on \(on): yyyy-MM-dd") }
    } else if amount != nil
      || [ids.first, outcome?.rawValue, by, reviewer, document, note, on, assignee].contains(
        where: {
          $0 != nil
        })
    {
      throw ValidationError("--import FILE.xlsx: the sheet says the rest / 其余内容由表格给出")
    }
  }

  func run() throws {
    do {
      let (configuration, store) = try history.open()
      if let workbook {
        try importWorkbook(workbook, configuration, store)
      } else if let by {
        let outcome = outcome ?? .note
        var decision = Decision(
          anomaly: "", outcome: outcome, who: by, reviewer: reviewer, note: note,
          document: document, day: on.flatMap { BusinessDay($0) }, time: .now)
        (decision.amountFen, decision.assignee) = (amount?.fen, assignee)
        let decided = try Resolution(ids, decision, rules: configuration.decisionRules)
          .record(in: store)
        tell(decided, decision, by: decision.tidied.who)
      }
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }

  /// Says what was recorded of each case, and how it stands now.
  private func tell(_ decided: [ReportedAnomaly], _ decision: Decision, by who: String) {
    let isChinese = lang == .zh
    for anomaly in decided {
      let number = anomaly.progress.decisions.last.map(\.number) ?? 0
      let fen = anomaly.progress.decisions.last?.amountFen
      let money = fen.map { " ¥" + Money.yuan(Int128($0)) } ?? ""
      let what = "\(anomaly.id): \(decision.outcome.label(lang))\(money) — \(who)"
      Terminal.complain(
        isChinese
          ? "\(what)；第 \(number) 号登记，现为：\(anomaly.statusWords(lang))"
          : "\(what); decision \(number), now: \(anomaly.statusWords(lang))")
    }
    Terminal.complain(
      isChinese
        ? "此后生成的报告按此计；要重新生成已有的报告：cardrecon report --date 日期"
        : "it counts in reports made from now on; to make one again: cardrecon report --date DAY")
  }

  private func importWorkbook(
    _ path: String, _ configuration: Configuration, _ store: HistoryStore
  ) throws {
    let found = try WorkedDecisions(
      path: path, rules: configuration.decisionRules, store: store, now: .now
    ).read()
    try store.record(found.decisions, under: configuration.decisionRules)
    let (count, repeated, empty) = (found.decisions.count, found.repeated, found.empty)
    let zh =
      count == 0 && repeated > 0
      ? "没有新的处理结果：\(repeated) 行此前均已登记，什么都没有改变；未填写 \(empty) 行。"
      : "已登记 \(count) 行；此前已登记 \(repeated) 行；未填写、跳过 \(empty) 行。"
    let en =
      count == 0 && repeated > 0
      ? "nothing new: \(repeated) rows were recorded before, nothing has changed; \(empty) empty."
      : "\(count) rows recorded; \(repeated) recorded before; \(empty) empty rows skipped."
    try Terminal.write(Array(((lang == .zh ? zh : en) + "\n").utf8))
  }
}
