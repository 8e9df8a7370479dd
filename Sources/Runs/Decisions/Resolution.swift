package import History
package import Payments

/// What a person did about several anomalies at once, recorded for all of them or for none.
package struct Resolution {
  private let decisions: [Decision]
  private let rules: DecisionRules

  /// Describes what was done.
  ///
  /// - Parameters:
  ///   - ids: the anomalies; one given twice counts once.
  ///   - decision: what was done about each, whatever anomaly it names.
  package init(_ ids: [String], _ decision: Decision, rules: DecisionRules) {
    var seen = Set<String>()
    decisions = ids.filter { seen.insert($0).inserted }.map { id in
      var mine = decision.tidied
      mine.anomaly = id
      return mine
    }
    self.rules = rules
  }

  /// Records the decisions.
  ///
  /// - Throws: `HistoryError.refusals` naming every problem; then nothing is recorded.
  /// - Returns: the anomalies decided about, as they stand now.
  package func record(in store: HistoryStore) throws -> [ReportedAnomaly] {
    var problems: [Wording] = []
    for decision in decisions {
      for problem in rules.problems(of: decision, about: try store.anomaly(decision.anomaly)) {
        let wording = problem.field.optionWording(problem.wording)
        // What is wrong with all of them is said once.
        if !problems.contains(wording) { problems.append(wording) }
      }
    }
    guard problems.isEmpty else {
      throw HistoryError.refusals(problems)
    }
    try store.record(decisions, under: rules)
    return try decisions.compactMap { try store.anomaly($0.anomaly) }
  }
}

extension DecisionRules.Field {
  /// A problem as it is told to whoever typed the command: with its option.
  fileprivate func optionWording(_ problem: Wording) -> Wording {
    switch self {
    case .anomaly:
      Wording(
        zh: problem.zh + "用 cardrecon anomalies 查看编号。",
        en: problem.en.dropLast() + "; `cardrecon anomalies` lists them.")
    case .outcome: problem
    case .who: Wording(zh: "--by：" + problem.zh, en: "--by: " + problem.en)
    case .reviewer: Wording(zh: "--reviewer：" + problem.zh, en: "--reviewer: " + problem.en)
    case .document: Wording(zh: "--document：" + problem.zh, en: "--document: " + problem.en)
    case .day: Wording(zh: "--on：" + problem.zh, en: "--on: " + problem.en)
    case .amount: Wording(zh: "--amount：" + problem.zh, en: "--amount: " + problem.en)
    case .note: Wording(zh: "--note：" + problem.zh, en: "--note: " + problem.en)
    case .assignee: Wording(zh: "--assignee：" + problem.zh, en: "--assignee: " + problem.en)
    }
  }
}
