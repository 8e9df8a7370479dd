import CLibXML2
import Payments

/// The tables of a web page, each a sheet: what many banks send under the name of an Excel file.
///
/// libxml2's HTML parser reads whatever a browser would; what is kept of a page is bounded by what it comes to.
enum WebTables {
  /// Reads the tables that have rows.
  ///
  /// - Parameter limit: bytes of all cells.
  static func sheets(
    _ bytes: UnsafeRawBufferPointer, limit: Int
  ) throws(XMLReadError) -> [Sheet] {
    var text = bytes
    // A byte-order mark of UTF-8 is no text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      text = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(3))
    }
    let walk = TableWalk(limit: limit)
    if TextEncoding.utf8.firstInvalid(in: text) == nil {
      walk.read(text)
    } else if TextEncoding.gb18030.firstInvalid(in: text) == nil {
      let decoded = Array(TextEncoding.gb18030.decode(text).utf8)
      decoded.withUnsafeBytes { walk.read($0) }
    } else {
      throw .encoding(line: nil, column: nil, name: "UTF-8 / GB18030")
    }
    guard !walk.isTooLong else {
      throw .tooLarge(line: 1, column: 0, what: SheetLimits.told(limit))
    }
    return walk.sheets.filter { !$0.rows.isEmpty }
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
  private(set) var sheets: [Sheet] = []
  private(set) var isTooLong = false
  private let limit: Int
  private var size = 0
  /// Tables that are open, the innermost last.
  private var open: [Table] = []
  private var context: htmlParserCtxtPtr?
  /// Tables inside tables inside tables are no statement.
  private static let deepest = 32

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
      htmlParseChunk(context, base.assumingMemoryBound(to: CChar.self), Int32(count), 0)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    if !isTooLong { htmlParseChunk(context, nil, 0, 1) }
    while !open.isEmpty { closeTable() }
  }

  private func start(
    _ name: String, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    switch name {
    case "table":
      guard open.count < Self.deepest, sheets.count < SheetLimits.sheets else { return stop() }
      sheets.append(Sheet(name: "\(sheets.count + 1)"))
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
    guard count + span <= SheetLimits.columns else { return }
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
