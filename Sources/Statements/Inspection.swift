internal import Columns
public import Payments

/// Everything that can be said about one file by itself.
public struct Inspection: Sendable {
  /// The statement with its faults.
  public var statement: Statement
  /// What the layout is called.
  public var title: Wording
  /// Why this layout was chosen.
  public var reason: Wording
  /// How the file is written, in words one can read to the bank; nil where nobody knows.
  public var form: Wording?
  /// How its text is spelled.
  public var encoding: String
  /// Header names, behind a spreadsheet's letters, and what each is read as; nil for columns that are ignored.
  public var columns: [(header: Wording, role: String?)]
  /// The first rows.
  public var firstRows: [EvidenceLine]
  /// Rows that could not be read.
  public var rejections: [Rejection]
}

extension Intake {
  /// Describes every statement that was given, with its first `rows` rows.
  public func inspections(rows: Int) -> [Inspection] {
    var result: [Inspection] = []
    let stretches = Dictionary(
      entries.statement.stretches.map { (Int($0.value), $0.rows) },
      uniquingKeysWith: { first, _ in first })
    for (index, given) in statements.enumerated() {
      guard let recognition = given.recognition else { continue }
      var lines: [EvidenceLine] = []
      for row in stretches[index] ?? 0..<0 {
        guard lines.count < rows, let evidence = try? evidence(row) else { break }
        lines.append(evidence.line)
      }
      let scan = given.people(keys)
      result.append(
        Inspection(
          statement: given.statement, title: recognition.title ?? Wording(zh: "", en: ""),
          reason: scan.masked(recognition.whole), form: recognition.form.map { scan.masked($0) },
          encoding: recognition.encoding ?? "—",
          columns: recognition.columns.enumerated().map { place, column in
            let letters = recognition.hasLetters ? columnLetters(place) + " " : ""
            let header = letters + column.header
            return (scan.masked(Wording(zh: header, en: header)), column.role)
          }, firstRows: lines,
          rejections: rejections.filter { $0.stands(in: given.statement.file) }))
    }
    return result
  }
}

extension Rejection {
  /// Whether it is of a file, or of one of its sheets.
  fileprivate func stands(in name: String) -> Bool {
    file == name || file.hasPrefix(name + "/")
  }
}

extension Recognition {
  /// Why its format was chosen, and how many statements its file was read as.
  fileprivate var whole: Wording {
    guard accounts > 1 else { return reason }
    let more = Recognition.wording(accounts: accounts)
    return Wording(zh: reason.zh + "；" + more.zh, en: reason.en + "; " + more.en)
  }
}
