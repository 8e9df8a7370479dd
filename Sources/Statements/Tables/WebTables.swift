import CLibXML2
import Payments

/// The tables of a web page, each a sheet: what many banks send under the name of an Excel file.
///
/// libxml2's HTML parser reads whatever a browser would; what is kept of a page is bounded by what it comes to.
enum WebTables {
  /// Reads the tables that have rows.
  ///
  /// - Parameter limit: bytes of all cells.
  static func sheets(_ file: StatementFile, limit: Int) throws(Refusal) -> [Sheet] {
    try SheetLimits.check(file)
    let walk = TableWalk(limit: limit)
    let bytes = try file.wholeBytes()
    guard bytes.withUnsafeBytes({ read($0, by: walk) }) else {
      throw Refusal(XMLReadError.encoding(line: nil, column: nil, name: "UTF-8 / GB18030"))
    }
    guard !walk.hasTooManyTables else { throw SheetLimits.tooManySheets }
    guard !walk.isTooDeep else {
      throw Refusal(XMLReadError.tooDeep(line: 1, column: 0, limit: TableWalk.deepest))
    }
    guard !walk.isTooLong else {
      throw Refusal(.unreadable, SheetLimits.told(limit), line: 1)
    }
    guard !walk.hasLongTag else { throw Refusal(XMLReadError.longTag(line: 1)) }
    return try walk.sheets.filter { $0.size > 0 }.sheets(path: file.path)
  }

  /// Reads a page.
  ///
  /// - Returns: whether it is text at all.
  private static func read(_ bytes: UnsafeRawBufferPointer, by walk: TableWalk) -> Bool {
    // A byte-order mark of UTF-8 is no text.
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let text = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(isMarked ? 3 : 0))
    if TextEncoding.utf8.firstInvalid(in: text) == nil {
      walk.read(text)
      return true
    }
    guard TextEncoding.gb18030.firstInvalid(in: text) == nil else { return false }
    let decoded = Array(TextEncoding.gb18030.decode(text).utf8)
    decoded.withUnsafeBytes { walk.read($0) }
    return true
  }

  /// Elements a page or a part of one begins with.
  private static let names: Set = [
    "html", "head", "body", "table", "meta", "style", "div", "script", "center", "form", "span",
    "title", "tr", "thead", "tbody", "p", "br", "font",
  ]

  /// Whether a document's first element is one of a web page.
  static func begin(with root: XMLRoot) -> Bool { names.contains(root.name.lowercased()) }
}

/// The state behind the pointer libxml2 hands to its callbacks.
private final class TableWalk {
  private(set) var sheets: [SheetWriter] = []
  private(set) var isTooLong = false
  private(set) var hasTooManyTables = false
  private(set) var isTooDeep = false
  /// Whether a tag was longer than any of a page.
  var hasLongTag: Bool { tags.isTooLong }
  private let tags = TagLengths(longestText: SheetLimits.cell)
  private let limit: Int
  private var size = 0
  /// Tables that are open, the innermost last.
  private var open: [Table] = []
  private var context: htmlParserCtxtPtr?
  /// Tables inside tables inside tables are no statement.
  static let deepest = 32

  private struct Table {
    /// Its place among the sheets.
    var sheet: Int
    var row = 0
    var cells: [[UInt8]] = []
    /// The text of the cell that is open, and how many columns it spans.
    var cell: [UInt8]?
    var span = 1
  }

  init(limit: Int) { self.limit = limit }

  func read(_ bytes: UnsafeRawBufferPointer) {
    var handler = htmlSAXHandler()
    handler.startElement = { user, name, attributes in
      guard let user, let name else { return }
      tableWalk(user).start(String(cString: name), attributes)
    }
    handler.endElement = { user, name in
      guard let user, let name else { return }
      tableWalk(user).end(String(cString: name))
    }
    handler.characters = { user, bytes, count in
      guard let user, let bytes else { return }
      tableWalk(user).text(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
    handler.ignorableWhitespace = handler.characters
    // Scripts and styles come as these.
    handler.cdataBlock = { _, _, _ in }
    let user = Unmanaged.passUnretained(self).toOpaque()
    guard
      let context = htmlCreatePushParserCtxt(
        &handler, user, nil, 0, nil, XML_CHAR_ENCODING_UTF8)
    else { preconditionFailure("out of memory: libxml2 cannot make a parser") }
    defer { htmlFreeParserCtxt(context) }
    htmlCtxtUseOptions(
      context,
      Int32(
        HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
          | HTML_PARSE_IGNORE_ENC.rawValue | HTML_PARSE_RECOVER.rawValue))
    self.context = context
    defer { self.context = nil }
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty, !isTooLong {
      let count = min(rest.count, XMLPushParser.chunk)
      tags.read(UnsafeRawBufferPointer(rebasing: rest[..<count]))
      // libxml2 would look for the end of either again with every chunk.
      guard !tags.isTooLong else { break }
      isTooLong = tags.isTextTooLong
      htmlParseChunk(context, base.assumingMemoryBound(to: CChar.self), Int32(count), 0)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    if !isTooLong, !hasLongTag { htmlParseChunk(context, nil, 0, 1) }
    while !open.isEmpty { closeTable() }
  }

  private func start(
    _ name: String, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    switch name {
    case "table":
      hasTooManyTables = sheets.count >= SheetLimits.sheets
      isTooDeep = open.count >= Self.deepest
      guard !isTooDeep, !hasTooManyTables else { return stop() }
      sheets.append(SheetWriter(name: "\(sheets.count + 1)"))
      open.append(Table(sheet: sheets.count - 1))
    case "tr":
      closeRow()
      if !open.isEmpty { open[open.count - 1].row += 1 }
    case "td", "th":
      closeCell()
      guard !open.isEmpty else { return }
      open[open.count - 1].cell = []
      open[open.count - 1].span = span(attributes)
    case "br": text(" ".utf8)
    default: break
    }
  }

  private func end(_ name: String) {
    switch name {
    case "td", "th": closeCell()
    case "tr": closeRow()
    case "table": closeTable()
    default: break
    }
  }

  private func text(_ bytes: some Collection<UInt8>) {
    guard !open.isEmpty, let length = open[open.count - 1].cell?.count else { return }
    size += bytes.count
    guard size <= limit, length + bytes.count <= SheetLimits.cell else { return stop() }
    open[open.count - 1].cell?.append(contentsOf: bytes)
  }

  private func stop() {
    isTooLong = true
    if let context { xmlStopParser(context) }
  }

  /// How many columns a cell takes.
  private func span(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> Int {
    guard var pair = attributes else { return 1 }
    while let name = pair[0] {
      if String(cString: name) == "colspan", let value = pair[1] {
        return min(64, max(1, Int(String(cString: value)) ?? 1))
      }
      pair += 2
    }
    return 1
  }

  // MARK: - Closing

  private func closeCell() {
    guard !open.isEmpty, let cell = open[open.count - 1].cell else { return }
    open[open.count - 1].cell = nil
    let (span, count) = (open[open.count - 1].span, open[open.count - 1].cells.count)
    guard count + span <= SheetLimits.columns else {
      if !cell.isEmpty { sheets[open[open.count - 1].sheet].farCells += 1 }
      return
    }
    size += span
    open[open.count - 1].cells.append(trimmed(cell))
    open[open.count - 1].cells += repeatElement([], count: span - 1)
  }

  private func closeRow() {
    closeCell()
    guard let table = open.last else { return }
    if table.cells.contains(where: { !$0.isEmpty }) {
      sheets[table.sheet].append(table.cells, row: max(1, table.row))
    }
    open[open.count - 1].cells = []
  }

  private func closeTable() {
    closeRow()
    _ = open.popLast()
  }

  /// A cell's text as a browser shows it: white space is one blank, none at the ends.
  private func trimmed(_ cell: [UInt8]) -> [UInt8] {
    let text = String(decoding: cell, as: UTF8.self)
    return Array(
      text.split { $0.isWhitespace || $0 == "\u{A0}" }.joined(separator: " ").utf8)
  }
}

private func tableWalk(_ user: UnsafeMutableRawPointer) -> TableWalk {
  Unmanaged<TableWalk>.fromOpaque(user).takeUnretainedValue()
}
