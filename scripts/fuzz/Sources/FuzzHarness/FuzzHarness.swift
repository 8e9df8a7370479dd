internal import Glibc
internal import Payments
internal import Synchronization

@testable internal import Statements

/// What the three entry points share: bytes in, the readers' promises checked.
public enum FuzzHarness {
  /// The program's own layouts, parsed once.
  private static let profiles: [Profile] = {
    guard let profiles = try? Profile.builtIn() else { fatalError("a built-in layout is broken") }
    return profiles
  }()

  /// Reads `bytes` as a file delivered under `name` and checks what every reading promises.
  public static func read(_ bytes: [UInt8], as name: String) {
    var options = Intake.Options()
    options.threads = 1
    let reader = StatementReader(profiles: profiles, options: options)
    let box = Mutex<[Reading]>([])
    let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(done, 0, 0)
    defer {
      sem_destroy(done)
      done.deallocate()
    }
    let signal = Signal(semaphore: done)
    Task.detached {
      let file = StatementFile(path: name, bytes: bytes)
      let readings = (try? await reader.read([file], names: [name])) ?? []
      box.withLock { $0 = readings }
      signal.raise()
    }
    while sem_wait(done) != 0 {}
    let readings = box.withLock { $0 }
    precondition(!readings.isEmpty, "a file that was given must be accounted for")
    for reading in readings { check(reading) }
    quote(Intake(readings, options: options))
  }

  /// Renders the first sheet of a workbook made of these parts.
  public static func render(_ parts: [String: [UInt8]]) {
    if let sheet = try? Workbook.sheets(parts).first { check(sheet) }
  }

  /// Renders the sheets of an old workbook's stream.
  public static func render(stream: [UInt8]) {
    let sheets = try? OldWorkbook.sheets(ofStream: stream, path: "", limit: 1 << 26)
    for sheet in sheets ?? [] { check(sheet) }
  }

  /// The stream in the container of an old workbook; none in anything else.
  public static func stream(of file: [UInt8]) -> [UInt8] {
    CompoundFile(file).flatMap { try? OldWorkbook.stream(of: $0) } ?? []
  }

  private static func check(_ sheet: Sheet) {
    let bytes = (try? sheet.file.read(at: 0, count: sheet.file.size)) ?? []
    precondition(sheet.rows.count == bytes.count { $0 == 0x0A }, "one line a row")
  }

  /// Every row read is an entry or is counted as lost, with its money.
  private static func check(_ reading: Reading) {
    let (table, read) = (reading.table, reading.statement.read)
    precondition(table.count + reading.unkeyed.rows == read.rows, "rows are conserved")
    let fen = table.fen.reduce(Int128(0)) { $0 + Int128($1) }
    precondition(fen + reading.unkeyed.fen == read.fen, "money is conserved")
    precondition(table.fen.allSatisfy { $0 >= 0 }, "an amount is never negative")
  }

  /// Quotes some rows as a report does, and masks them where they name a person.
  private static func quote(_ intake: Intake) {
    for row in 0..<min(intake.entries.count, 8) {
      guard let evidence = try? intake.evidence(row) else { continue }
      check(evidence.line.personal, in: evidence.line.text)
    }
    for rejection in intake.rejections.prefix(8) { check(rejection.personal, in: rejection.text) }
    _ = intake.inspections(rows: 2)
  }

  private static func check(_ spans: [PersonalSpan], in text: String) {
    for span in spans {
      precondition(span.utf8.upperBound <= text.utf8.count, "a span lies in its text")
    }
  }
}

extension Dictionary: WorkbookParts where Key == String, Value == [UInt8] {
  var names: [String] { Array(keys) }
  func part(_ name: String) throws(Refusal) -> StatementFile? {
    self[name].map { StatementFile(path: name, bytes: $0) }
  }
}

/// A semaphore another thread raises.
private struct Signal: @unchecked Sendable {
  let semaphore: UnsafeMutablePointer<sem_t>

  func raise() { sem_post(semaphore) }
}
