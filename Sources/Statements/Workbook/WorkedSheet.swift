internal import Payments

/// A sheet of a workbook that people worked on, cell by cell.
public struct WorkedSheet: Sendable {
  /// A row that stands in the file; empty rows need not.
  public struct Row: Hashable, Sendable {
    /// Its number, counted from 1.
    public var number: Int
    /// Its cells from column A on: text as it is, dates as `yyyy-MM-dd HH:mm:ss`.
    public var cells: [String]
  }

  /// Its rows, from above.
  public let rows: [Row]

  /// Bytes a worked workbook may have.
  private static let limit = 256 << 20

  /// Reads the first sheet that is called one of `names`, or the first of all when none is.
  ///
  /// - Throws: ``StatementError/cannotRead(path:problem:)`` when the file cannot be read or is no
  ///   workbook.
  public init(path: String, named names: [String]) throws(StatementError) {
    let file = try StatementFile(path: path)
    guard file.size <= Self.limit else {
      throw .cannotRead(path: path, problem: "> \(Self.limit >> 20) MiB")
    }
    try self.init(file, named: names)
  }

  /// Reads a sheet of a workbook in memory; `path` is what errors call it.
  public init(_ bytes: [UInt8], path: String, named names: [String]) throws(StatementError) {
    try self.init(StatementFile(path: path, bytes: bytes), named: names)
  }

  private init(_ file: StatementFile, named names: [String]) throws(StatementError) {
    let sheets: [Sheet]
    do throws(Refusal) {
      sheets = try Self.sheets(file, named: names)
    } catch {
      throw .cannotRead(path: file.path, problem: error.reason.zh + " / " + error.reason.en)
    }
    let sheet = sheets[0]
    let bytes = try sheet.file.read(at: 0, count: sheet.file.size)
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    rows = zip(sheet.rows, lines).map { number, line in
      Row(
        number: number,
        cells: line.split(separator: 0x1F, omittingEmptySubsequences: false).map {
          String(decoding: $0, as: UTF8.self)
        })
    }
  }

  private static func sheets(
    _ file: StatementFile, named names: [String]
  ) throws(Refusal) -> [Sheet] {
    let archive: ZipArchive
    do throws(UnpackError) {
      archive = try ZipArchive(file)
    } catch {
      throw error.refusal
    }
    return try Workbook.sheets(
      archive, named: names, path: file.path, limit: SheetLimits.bytes(ofPacked: file.size))
  }

  /// Whether every part of a workbook is whole: it unpacks to the bytes that were packed, and its
  /// markup ends where it should. A writer whose disk fills up leaves parts that are not.
  ///
  /// - Parameter rows: how many rows each sheet must have, in order; nil where that is not known.
  public static func isWhole(_ bytes: [UInt8], rows: [Int]? = nil) -> Bool {
    struct RowCounter: XMLElementSink {
      private(set) var rows = 0

      mutating func start(
        _ name: String, _ attributes: [(name: String, value: String)], line: Int
      ) { if name == "row" { rows += 1 } }
      mutating func text(_ bytes: UnsafeRawBufferPointer) {}
      mutating func end(_ name: String) {}
    }
    var sheets = 0
    do {
      let members = try ZipArchive(StatementFile(path: "", bytes: bytes)).readAll()
      for member in members where member.name.hasSuffix(".xml") {
        var sink = RowCounter()
        try readElements(member.file, into: &sink)
        let number =
          member.name.hasPrefix("xl/worksheets/sheet")
          ? Int(member.name.dropFirst(19).dropLast(4)) : nil
        if let rows, let number, !rows.indices.contains(number - 1) || rows[number - 1] != sink.rows
        {
          return false
        }
        if number != nil { sheets += 1 }
      }
      if let rows, sheets != rows.count { return false }
      return members.contains { $0.name == "xl/workbook.xml" }
    } catch {
      return false
    }
  }
}
