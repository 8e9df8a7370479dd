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
    known = Dictionary(grouping: try store.decisions().map(\.decision), by: \.anomaly)
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

  /// Whether a decision about the anomaly that still counts says the same: a note that came after it makes the
  /// sheet no other.
  private func isRepeated(_ decision: Decision) -> Bool {
    let all = known[decision.anomaly] ?? []
    let start = all.lastIndex { $0.outcome == .reopened } ?? 0
    return all[start...].contains { $0.asGiven == decision.asGiven }
  }

  private func decision(_ line: inout Line) -> Decision? {
    let outcome = outcome(&line)
    let (who, reviewer) = (name(.who, &line), name(.reviewer, &line))
    let document = name(.document, &line)
    let day = day(&line)
    checkAmount(&line)
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

  /// What the sheet says a case is about must be what it is: an amount typed over is not what was found.
  private func checkAmount(_ line: inout Line) {
    guard let text = line.amount, !text.isEmpty, let anomaly = anomalies[line.id],
      fenOf(text) != anomaly.amountFen
    else { return }
    let yuan = Money.yuan(Int128(anomaly.amountFen))
    line.refuseAmount(
      zh: "金额“\(text)”与该差错的 \(yuan) 不同：金额不能在表中更改。只办理了一部分的，用 cardrecon resolve --amount 登记；"
        + "差错本身有变的，请重新下载该日的表。",
      en:
        "`\(text)` is not the case's amount of \(yuan): amounts are not changed in the sheet. What was done "
        + "in part is recorded with cardrecon resolve --amount; where the case itself has changed, take "
        + "the day's sheet again.")
  }

  private func outcome(_ line: inout Line) -> Decision.Outcome? {
    let text = line[.outcome]
    // Something worth knowing needs no outcome.
    let isNote =
      text.isEmpty && !line[.note].isEmpty && line[.document].isEmpty && line[.day].isEmpty
    if isNote { return .note }
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
    case .note: .note
    case .assignee: .who
    case .amount: nil
    }
  }
}

extension WorkedDecisions {
  /// Where the columns stand; people may have moved them.
  fileprivate struct Columns {
    var id: Int
    var amount: Int?
    var clerk: [ClerkColumn: Int] = [:]

    /// Nil when a row is not the heading.
    init?(_ cells: [String]) {
      let texts = cells.map(trimmed)
      func place(_ label: Wording) -> Int? {
        texts.firstIndex { $0 == label.zh || $0 == label.en }
      }
      guard let id = place(ReportColumn.id.label) else { return nil }
      self.id = id
      amount = place(ReportColumn.amount.label)
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

    /// What stands in the column of amounts; nil where the sheet has none.
    var amount: String? { columns.amount.map(text) }

    subscript(_ column: ClerkColumn) -> String { columns.clerk[column].map(text) ?? "" }

    private func text(_ index: Int) -> String {
      row.cells.indices.contains(index) ? trimmed(row.cells[index]) : ""
    }

    /// Notes a problem with its sheet, row and column; of the id when no column is given.
    mutating func refuse(_ column: ClerkColumn?, zh: String, en: String) {
      refuse(
        at: column.map { columns.clerk[$0] } ?? columns.id,
        column?.label ?? ReportColumn.id.label, zh, en)
    }

    /// Notes a problem with the amount.
    mutating func refuseAmount(zh: String, en: String) {
      refuse(at: columns.amount, ReportColumn.amount.label, zh, en)
    }

    private mutating func refuse(at index: Int?, _ label: Wording, _ zh: String, _ en: String) {
      let sheet = PaperName.anomalies.label
      let letter = index.map { letters($0) } ?? "?"
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

/// The fen of an amount as a spreadsheet keeps it: `50`, `50.5`, `1,234.50`, or with more digits than there are
/// fen, rounded; nil for anything else.
private func fenOf(_ text: String) -> Int64? {
  let plain = text.replacing(",", with: "").replacing("¥", with: "")
  let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
  let isNumber = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  guard (1...2).contains(parts.count), isNumber, (1...15).contains(parts[0].count),
    let whole = Int64(parts[0])
  else { return nil }
  let thousandths = Int64(((parts.count == 2 ? parts[1] : "") + "000").prefix(3)) ?? 0
  return whole * 100 + (thousandths + 5) / 10
}
