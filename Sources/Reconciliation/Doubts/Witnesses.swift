internal import Columns
import Payments

/// What a statement is asked: which book it is of, whoever's, and the stretch it claims. Of thousands of statements
/// of one day all are asked the same.
struct Question: Hashable {
  let book: Book
  let span: TimeSpan

  init(_ book: Book, _ span: TimeSpan) {
    self.book = Book(side: book.side, channel: book.channel, content: book.content)
    self.span = span
  }
}

/// Rows that have not met their counterpart and could have it in what a question is about.
struct UnmetRows {
  /// By when the counterpart is due.
  let due: RowPile
  /// Those of them whose counterpart must be before the stretch ends.
  let closing: RowPile
  /// When the counterpart may be at the earliest, in order.
  let earliest: [Int64]
}

/// Rows that have met their counterpart and could have it in what a question is about.
struct MetRows {
  /// When it is due, in order.
  let due: [Int64]
  /// When it may be at the earliest, in order.
  let earliest: [Int64]
}

/// Some rows, added up.
struct RowSum {
  var rows: Int
  var fen: Int128
}

/// Rows in the order of a moment, for adding up those before or after any other.
struct RowPile {
  private let moments: [Int64]
  /// The fen of all rows before a place.
  private let fen: [Int128]

  init(_ rows: [(moment: Int64, fen: Int64)]) {
    let sorted = rows.sorted { $0.moment < $1.moment }
    moments = sorted.map(\.moment)
    fen = sorted.reduce(into: [0]) { sums, row in
      sums.append(sums[sums.count - 1] + Int128(row.fen))
    }
  }

  var isEmpty: Bool { moments.isEmpty }

  /// All rows.
  var all: RowSum { RowSum(rows: moments.count, fen: fen[moments.count]) }

  /// The rows before a moment.
  func before(_ moment: Int64) -> RowSum {
    let rows = moments.places(before: moment)
    return RowSum(rows: rows, fen: fen[rows])
  }

  /// The rows after a moment.
  func after(_ moment: Int64) -> RowSum {
    let sum = before(moment + 1)
    return RowSum(rows: all.rows - sum.rows, fen: all.fen - sum.fen)
  }
}

extension [Int64] {
  /// How many of these moments, which are in order, are before another.
  func places(before moment: Int64) -> Int { firstPlace { $0 >= moment } }
}

/// Rows by the day they are of, so that those of a stretch are found without asking all.
struct RowsByDay {
  private var rows: [BusinessDay: [Int32]] = [:]

  init(_ rows: some Sequence<Int32>, _ table: EntryTable) {
    // Rows of a day stand together: a day is looked up once for all of them.
    var (day, open) = (BusinessDay(number: .min), [Int32]())
    for row in rows {
      let own = Timestamp(seconds: Int64(table.time[Int(row)])).day
      if own != day {
        add(open, of: day)
        (day, open) = (own, [])
      }
      open.append(row)
    }
    add(open, of: day)
  }

  private mutating func add(_ some: [Int32], of day: BusinessDay) {
    if !some.isEmpty { rows[day, default: []] += some }
  }

  /// The rows of the days a stretch touches.
  func rows(touching span: TimeSpan) -> [Int32] {
    let (first, last) = (span.start.day, span.end.adding(seconds: -1).day)
    guard first <= last else { return [] }
    guard Int(last.number) - Int(first.number) < rows.count else {
      return rows.filter { first <= $0.key && $0.key <= last }.flatMap(\.value)
    }
    return (first.number...last.number).flatMap { rows[BusinessDay(number: $0)] ?? [] }
  }
}
