internal import Columns
internal import Payments
internal import Statements

/// Where the rows of a run stand: which file, which part of it, which row of it — the same in every run
/// that reads the file.
struct RowPlaces {
  private let intake: Intake
  /// Row of each statement's first entry.
  private let firstRows: [Int]
  /// Statement of each file and member.
  private let statementOf: [String: Int]

  init(_ intake: Intake) {
    self.intake = intake
    var firstRows = [Int](repeating: 0, count: intake.statements.count)
    for (rows, statement) in intake.entries.statement.stretches {
      firstRows[Int(statement)] = rows.lowerBound
    }
    self.firstRows = firstRows
    statementOf = Dictionary(
      intake.statements.indices.map {
        (intake.statements[$0].statement.sha256 + ":" + intake.statements[$0].member, $0)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// A row's file, part and number, as one text.
  func place(_ row: Int) -> String {
    let statement = Int(intake.entries.statement[row])
    return intake.statements[statement].statement.sha256 + ":"
      + intake.statements[statement].member + ":\(number(of: row))"
  }

  /// A row's number in its statement, counted from 0.
  func number(of row: Int) -> Int { row - firstRows[Int(intake.entries.statement[row])] }

  /// The row with this number in a statement; nil where this run has no such row.
  func row(_ number: Int, of sha256: String, _ member: String) -> Int? {
    row(number, of: sha256 + ":" + member)
  }

  /// The row at a place; nil where this run has no such row.
  func row(at place: String) -> Int? {
    guard let mark = place.lastIndex(of: ":"), let number = Int(place[place.index(after: mark)...])
    else { return nil }
    return row(number, of: String(place[..<mark]))
  }

  private func row(_ number: Int, of statement: String) -> Int? {
    guard let index = statementOf[statement] else { return nil }
    let row = firstRows[index] + number
    let isThere = row < intake.entries.count && Int(intake.entries.statement[row]) == index
    return isThere ? row : nil
  }
}
