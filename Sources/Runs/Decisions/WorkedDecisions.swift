package import History
package import Payments
internal import Reports
internal import Statements

/// A worked sheet has rows that cannot be recorded; none was.
package struct WorkedSheetError: Error {
  /// Each with its sheet, row and column.
  package var problems: [Wording]
}

/// What a clerk filled in on 差错明细表, read row by row and checked before anything is recorded.
package struct WorkedDecisions {
  /// What a sheet comes to.
  package struct Found {
    /// What is to be recorded.
    package var decisions: [Decision] = []
    /// Rows recorded before, word for word.
    package var repeated = 0
    /// Rows with nothing filled in.
    package var empty = 0
    fileprivate var problems: [Wording] = []
  }

  let path: String
  private let rules: DecisionRules
  /// Now: when the decisions are recorded.
  let now: Timestamp
  private let anomalies: [String: ReportedAnomaly]
  private let known: [String: [Decision]]

  /// Length of a name or a voucher number at most, in characters.
  private static let lengthLimit = 64

  /// Prepares the reading of a workbook.
  package init(
    path: String, rules: DecisionRules, store: HistoryStore, now: Timestamp
  ) throws {
    (self.path, self.now, self.rules) = (path, now, rules)
    anomalies = Dictionary(
      try store.anomalies().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    known = Dictionary(grouping: try store.decisions(), by: \.anomaly)
  }

  /// Reads the sheet.
  ///
  /// - Throws: ``WorkedSheetError`` with every problem of every row, when there is one.
  package func read() throws -> Found {
    let label = PaperName.anomalies.label
    let sheet = try WorkedSheet(path: path, named: [label.zh, label.en])
    guard let place = sheet.rows.firstIndex(where: { Columns($0.cells) != nil }),
      let columns = Columns(sheet.rows[place].cells)
    else {
      throw WorkedSheetError(problems: [
        Wording(
          zh: "\(path)：找不到《\(label.zh)》的表头（\(ReportColumn.id.label.zh)、"
            + "\(ClerkColumn.outcome.label.zh)……）。请导入本程序生成的 report.xlsx。",
          en: "\(path): no heading of “\(label.en)” (\(ReportColumn.id.label.en), "
            + "\(ClerkColumn.outcome.label.en), …). Import a report.xlsx of this program.")
      ])
    }
    var found = Found()
    var rows: [String: Int] = [:]
    for row in sheet.rows[(place + 1)...] {
      var line = Line(row: row, columns: columns)
      guard line.isFilled else {
        if !line.id.isEmpty { found.empty += 1 }
        continue
      }
      let decision = decision(&line)
      if let first = rows[line.id], !line.id.isEmpty {
        line.refuse(
          nil, zh: "编号 \(line.id) 在第 \(first) 行已填写过。",
          en: "\(line.id) is filled in on row \(first).")
      }
      rows[line.id] = row.number
      found.problems += line.problems
      guard let decision, line.problems.isEmpty else { continue }
      if isRepeated(decision) { found.repeated += 1 } else { found.decisions.append(decision) }
    }
    guard found.problems.isEmpty else { throw WorkedSheetError(problems: found.problems) }
    return found
  }

  /// Whether the last decision about the anomaly says the same.
  private func isRepeated(_ decision: Decision) -> Bool {
    guard var last = known[decision.anomaly]?.last else { return false }
    last.time = decision.time
    return last == decision
  }

  private func decision(_ line: inout Line) -> Decision? {
    let outcome = outcome(&line)
    let (who, reviewer) = (name(.who, &line), name(.reviewer, &line))
    let document = name(.document, &line)
    let day = day(&line)
    let decision = Decision(
      anomaly: line.id, outcome: outcome ?? .reopened, who: who, reviewer: reviewer,
      note: line[.note], document: document, day: day, time: now
    ).tidied
    // What was recorded before, word for word, is not a second decision.
    let isDecided = outcome == nil || isRepeated(decision)
    for problem in rules.problems(of: decision, about: anomalies[line.id])
    where !(isDecided && problem.field == .outcome) {
      line.refuse(problem.field.column, zh: problem.wording.zh, en: problem.wording.en)
    }
    return outcome.map { _ in decision }
  }

  private func outcome(_ line: inout Line) -> Decision.Outcome? {
    let text = line[.outcome]
    let found = Decision.Outcome.allCases.first {
      [$0.label.zh, $0.label.en, $0.rawValue].contains(text)
    }
    if found == nil {
      let labels = Decision.Outcome.allCases.map(\.label)
      let (zh, en) = (
        labels.map(\.zh).joined(separator: "、"), labels.map(\.en).joined(separator: ", ")
      )
      line.refuse(
        .outcome, zh: text.isEmpty ? "未选择处理结果：\(zh)。" : "“\(text)”不是处理结果，应为：\(zh)。",
        en: text.isEmpty ? "choose an outcome: \(en)." : "“\(text)” is none of: \(en).")
    }
    return found
  }

  private func name(_ column: ClerkColumn, _ line: inout Line) -> String {
    let text = line[column]
    if text.count > Self.lengthLimit {
      line.refuse(
        column, zh: "超过 \(Self.lengthLimit) 个字。",
        en: "longer than \(Self.lengthLimit) characters.")
    }
    return text
  }

  private func day(_ line: inout Line) -> BusinessDay? {
    let text = line[.day]
    guard !text.isEmpty else { return nil }
    guard let day = BusinessDay(text.prefix { $0 != " " }.replacing("/", with: "-")) else {
      line.refuse(
        .day, zh: "“\(text)”不是日期，应为 2026-11-03 的形式。",
        en: "“\(text)” is no day; write it like 2026-11-03.")
      return nil
    }
    return day
  }
}

extension DecisionRules.Field {
  /// The clerk's column it is written in; nil for the id.
  fileprivate var column: ClerkColumn? {
    switch self {
    case .anomaly: nil
    case .outcome: .outcome
    case .who: .who
    case .reviewer: .reviewer
    case .document: .document
    case .day: .day
    }
  }
}

extension WorkedDecisions {
  /// Where the columns stand; people may have moved them.
  fileprivate struct Columns {
    var id: Int
    var clerk: [ClerkColumn: Int] = [:]

    /// Nil when a row is not the heading.
    init?(_ cells: [String]) {
      let texts = cells.map(trimmed)
      func place(_ label: Wording) -> Int? {
        texts.firstIndex { $0 == label.zh || $0 == label.en }
      }
      guard let id = place(ReportColumn.id.label) else { return nil }
      self.id = id
      for column in ClerkColumn.allCases { clerk[column] = place(column.label) }
      guard clerk[.outcome] != nil, clerk[.who] != nil else { return nil }
    }
  }

  /// One row and what is wrong with it.
  fileprivate struct Line {
    var row: WorkedSheet.Row
    var columns: Columns
    var problems: [Wording] = []

    init(row: WorkedSheet.Row, columns: Columns) { (self.row, self.columns) = (row, columns) }

    var id: String { text(columns.id) }
    var isFilled: Bool { ClerkColumn.allCases.contains { !self[$0].isEmpty } }

    subscript(_ column: ClerkColumn) -> String { columns.clerk[column].map(text) ?? "" }

    private func text(_ index: Int) -> String {
      row.cells.indices.contains(index) ? trimmed(row.cells[index]) : ""
    }

    /// Notes a problem with its sheet, row and column; of the id when no column is given.
    mutating func refuse(_ column: ClerkColumn?, zh: String, en: String) {
      let sheet = PaperName.anomalies.label
      let index = column.map { columns.clerk[$0] } ?? columns.id
      let letter = index.map { letters($0) } ?? "?"
      let label = column?.label ?? ReportColumn.id.label
      problems.append(
        Wording(
          zh: "《\(sheet.zh)》第 \(row.number) 行 \(letter) 列（\(label.zh)）：\(zh)",
          en: "“\(sheet.en)” row \(row.number), column \(letter) (\(label.en)): \(en)"))
    }
  }
}

/// Column 2 is `C`, column 26 is `AA`.
private func letters(_ index: Int) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
  let last = String(alphabet[index % 26])
  return index < 26 ? last : letters(index / 26 - 1) + last
}

/// Without the spaces people type around a word.
private func trimmed(_ text: String) -> String {
  var rest = text[...]
  while let first = rest.first, first.isWhitespace { rest.removeFirst() }
  while let last = rest.last, last.isWhitespace { rest.removeLast() }
  return String(rest)
}
