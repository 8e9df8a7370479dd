internal import Columns
internal import Payments

/// Writes JSON as UTF-8 bytes, field by field, in the order it is told.
///
/// Pretty output is what `python3 -m json.tool --indent 2 --no-ensure-ascii` prints: two spaces a
/// level, one field a line, `{}` and `[]` when empty. Absent values are `null`. Chinese and `/` are
/// not escaped; control, direction and invisible characters are (`\u202e`), so that a report is
/// safe to show in a terminal and parses back to exactly what it was made from.
///
///     var json = JSONWriter()
///     json.object { json in
///       json.field("schema", "cardrecon.report/1")
///     }
///     let bytes = json.finish()
public struct JSONWriter: Sendable {
  private var bytes: [UInt8] = []
  private let isPretty: Bool
  private var depth = 0
  /// Whether something stands before the next value of the container being written.
  private var hasSibling = false
  /// Takes what is written of a long document, part by part.
  private let sink: (@Sendable ([UInt8]) -> Void)?

  /// Creates a writer of pretty or compact JSON, with room for `capacity` bytes.
  ///
  /// - Parameter sink: takes what is written of a long array, part by part, before ``finish()`` gives what
  ///   is left; nil to keep all of it until then.
  public init(
    isPretty: Bool = true, capacity: Int = 0, sink: (@Sendable ([UInt8]) -> Void)? = nil
  ) {
    self.isPretty = isPretty
    self.sink = sink
    bytes.reserveCapacity(capacity)
  }

  /// The document, ending in a line feed.
  public consuming func finish() -> [UInt8] {
    precondition(depth == 0, "a JSON container was left open")
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  // MARK: Containers

  /// Writes an object as the document or as an array's element.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    container(open: "{", close: "}", body)
  }

  /// Writes an object as a field.
  public mutating func object(_ key: String, _ body: (inout JSONWriter) -> Void) {
    self.key(key)
    container(open: "{", close: "}", body)
  }

  /// Writes an array as a field, one element for each of `elements`.
  public mutating func array<Elements: Sequence>(
    _ key: String, of elements: Elements,
    _ body: (inout JSONWriter, Elements.Element) -> Void
  ) {
    self.key(key)
    container(open: "[", close: "]") { json in
      for element in elements { body(&json, element) }
    }
  }

  /// Writes an array as a field, pieces of a long one at once: the same bytes, sooner.
  public mutating func longArray<Element>(
    _ key: String, of elements: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) {
    let piece = 64
    guard elements.count > piece else { return array(key, of: elements, body) }
    self.key(key)
    // A few pieces at a time: they are in memory twice.
    let batch = piece * 64
    container(open: "[", close: "]") { json in
      for first in stride(from: 0, to: elements.count, by: batch) {
        let some = elements[first...].prefix(batch)
        let written = concurrently((some.count + piece - 1) / piece) { index in
          var part = JSONWriter(isPretty: json.isPretty, depth: json.depth)
          part.hasSibling = first + index > 0
          for element in some[(first + index * piece)...].prefix(piece) { body(&part, element) }
          return part.bytes
        }
        for part in written { json.bytes += part }
        if let sink = json.sink {
          sink(json.bytes)
          json.bytes.removeAll(keepingCapacity: true)
        }
      }
      json.hasSibling = true
    }
  }

  /// An empty writer that goes on inside a container.
  private init(isPretty: Bool, depth: Int) {
    self.init(isPretty: isPretty)
    self.depth = depth
  }

  /// Writes an array as the document or as an array's element.
  public mutating func array<Elements: Sequence>(
    of elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
  ) {
    separate()
    container(open: "[", close: "]") { json in
      for element in elements { body(&json, element) }
    }
  }

  // MARK: Fields

  /// Writes a text, or null.
  public mutating func field(_ key: String, _ value: String?) {
    self.key(key)
    guard let value else { return null() }
    string(value)
  }

  /// Writes a whole number, or null.
  public mutating func field(_ key: String, _ value: (some BinaryInteger)?) {
    self.key(key)
    guard let value else { return null() }
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Writes true or false.
  public mutating func field(_ key: String, _ value: Bool) {
    self.key(key)
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes a text as an array's element.
  public mutating func element(_ value: String) {
    separate()
    string(value)
  }

  // MARK: Bytes

  private mutating func container(
    open: Unicode.Scalar, close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    depth += 1
    hasSibling = false
    body(&self)
    depth -= 1
    // `hasSibling` is false only when the body wrote nothing: `{}` stays on one line.
    if hasSibling { breakLine() }
    bytes.append(UInt8(ascii: close))
    hasSibling = true
  }

  private mutating func separate() {
    if hasSibling { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { breakLine() }
    hasSibling = true
  }

  private mutating func key(_ key: String) {
    separate()
    string(key)
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth * 2 { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func null() {
    bytes.append(contentsOf: "null".utf8)
  }

  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var (done, index) = (0, 0)
      while index < utf8.count {
        guard let escaped = JSONWriter.escapedCharacter(utf8, at: index) else {
          index += 1
          continue
        }
        bytes.append(contentsOf: utf8[done..<index])
        appendEscape(escaped.scalar)
        index += escaped.length
        done = index
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[done...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The character starting at `index` of valid UTF-8, when it must be escaped.
  @inline(__always)
  private static func escapedCharacter(
    _ utf8: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let byte = utf8[index]
    if byte == 0x22 || byte == 0x5C { return (Unicode.Scalar(byte), 1) }
    return PlainText.isMarked(byte) ? PlainText.unsafeScalar(in: utf8, at: index) : nil
  }

  private mutating func appendEscape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes.append(contentsOf: "\\\"".utf8)
    case "\\": bytes.append(contentsOf: "\\\\".utf8)
    case "\n": bytes.append(contentsOf: "\\n".utf8)
    case "\r": bytes.append(contentsOf: "\\r".utf8)
    case "\t": bytes.append(contentsOf: "\\t".utf8)
    default: for unit in String(scalar).utf16 { appendEscape(unit) }
    }
  }

  /// `\u202e`.
  private mutating func appendEscape(_ unit: UInt16) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] {
      let digit = UInt8((unit >> shift) & 0xF)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
