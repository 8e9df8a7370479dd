import CLibXML2
import Payments

/// What a reader of XML elements wants to hear; names come without their prefixes.
protocol XMLElementSink {
  /// An element starts, on this line.
  mutating func start(_ name: String, _ attributes: [(name: String, value: String)], line: Int)
  /// Text inside the current element; may come in pieces.
  mutating func text(_ bytes: UnsafeRawBufferPointer)
  /// The current element ends.
  mutating func end(_ name: String)
}

/// Reads a whole XML document, block by block, and tells a sink of its elements.
///
/// For bank answers and workbook parts. camt statements have a reader of their own
/// that makes no text. Document types are refused and the limits of libxml2 stay on.
func readElements<Sink: XMLElementSink>(
  _ file: StatementFile, into sink: inout Sink
) throws(Refusal) {
  let failure = withUnsafeMutablePointer(to: &sink) { sink -> Refusal? in
    let walk = ElementWalk(
      start: { sink.pointee.start($0, $1, line: $2) }, text: { sink.pointee.text($0) },
      end: { sink.pointee.end($0) })
    return withExtendedLifetime(walk) {
      do throws(StatementError) {
        return try walk.read(file).map { Refusal($0) }
      } catch {
        return Refusal(error)
      }
    }
  }
  if let failure { throw failure }
}

extension Refusal {
  /// What is said of a file whose XML cannot be read.
  init(_ error: XMLReadError) { self.init(error.fault, error.reason, line: error.line) }
}

/// The state behind the pointer libxml2 hands to its callbacks.
private final class ElementWalk {
  static let depthLimit = 256

  let start: (String, [(name: String, value: String)], Int) -> Void
  let text: (UnsafeRawBufferPointer) -> Void
  let end: (String) -> Void
  var failure: XMLReadError?
  var depth = 0
  var isClosed = false
  /// Empty lines in front, which the parser does not see.
  var skippedLines = 0
  var context: xmlParserCtxtPtr?

  init(
    start: @escaping (String, [(name: String, value: String)], Int) -> Void,
    text: @escaping (UnsafeRawBufferPointer) -> Void, end: @escaping (String) -> Void
  ) {
    self.start = start
    self.text = text
    self.end = end
  }

  var line: Int { context.map { Int(xmlSAX2GetLineNumber($0)) + skippedLines } ?? 0 }

  /// Stops at the first thing that is wrong.
  func fail(_ reason: XMLReadError) {
    guard failure == nil else { return }
    failure = reason
    if let context { xmlStopParser(context) }
  }

  func read(_ file: StatementFile) throws(StatementError) -> XMLReadError? {
    let head = try file.read(at: 0, count: 1_024)
    let encoding = head.withUnsafeBytes { XMLEncoding(prefix: $0) }
    var transcoder: XMLTranscoder?
    if let converter = encoding.converter {
      transcoder = XMLTranscoder(from: converter)
      if transcoder == nil { return .unknownEncoding(encoding.name) }
    }
    var handler = elementHandler()
    let parser = XMLPushParser(
      handler: &handler, user: Unmanaged.passUnretained(self).toOpaque(), onError: elementError)
    context = parser.context
    defer { context = nil }
    var (isBlank, lines) = (true, 1)
    try file.forEachBlock(from: encoding.mark) { block in
      lines += block.count { $0 == 0x0A }
      var body = block
      // Banks put empty lines in front, which XML does not allow.
      if isBlank, encoding.converter == nil {
        body = UnsafeRawBufferPointer(rebasing: block.drop { $0 <= 0x20 })
        skippedLines += block.prefix(block.count - body.count).count { $0 == 0x0A }
      }
      isBlank = isBlank && body.allSatisfy { $0 <= 0x20 }
      if transcoder?.convert(body, to: { parser.push($0, isLast: false) }) == nil {
        parser.push(body, isLast: false)
      }
      return failure == nil && !parser.hasLongTag && transcoder?.isDamaged != true
    }
    if isBlank { return .empty }
    if transcoder?.isDamaged == true || transcoder?.isAmidCharacter == true {
      return failure ?? .encoding(line: line, column: nil, name: encoding.name)
    }
    if failure == nil { parser.push(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) }
    if parser.hasLongTag { return .longTag(line: line) }
    guard let failure else { return nil }
    // Where an error stands at the very end of the text it is the end that is missing.
    let isAtEnd =
      failure.reason.en.contains("Premature end") || (failure.line ?? 0) >= lines
    return failure.kind == .notWellFormed && !isClosed && isAtEnd
      ? .truncated(line: failure.line ?? line, column: failure.column ?? 0) : failure
  }
}

private func walk(_ user: UnsafeMutableRawPointer) -> ElementWalk {
  Unmanaged<ElementWalk>.fromOpaque(user).takeUnretainedValue()
}

private func elementHandler() -> xmlSAXHandler {
  var handler = xmlSAXHandler()
  handler.startElementNs = { user, name, _, _, _, _, count, _, attributes in
    guard let user, let name else { return }
    let walk = walk(user)
    walk.depth += 1
    guard walk.depth <= ElementWalk.depthLimit else {
      walk.fail(.tooDeep(line: walk.line, column: 0, limit: ElementWalk.depthLimit))
      return
    }
    walk.start(String(cString: name), attributeValues(attributes, Int(count)), walk.line)
  }
  handler.endElementNs = { user, name, _, _ in
    guard let user, let name else { return }
    let walk = walk(user)
    walk.depth -= 1
    if walk.depth == 0 { walk.isClosed = true }
    walk.end(String(cString: name))
  }
  handler.characters = elementText
  handler.ignorableWhitespace = elementText
  handler.cdataBlock = elementText
  handler.internalSubset = { user, _, _, _ in
    guard let user else { return }
    let walk = walk(user)
    walk.fail(.documentType(line: walk.line, column: 0))
  }
  return handler
}

/// libxml2 gives five pointers an attribute: name, prefix, namespace, value, end of value.
private func attributeValues(
  _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
) -> [(name: String, value: String)] {
  guard let attributes else { return [] }
  return (0..<count).compactMap { index in
    guard let name = attributes[index * 5], let start = attributes[index * 5 + 3],
      let end = attributes[index * 5 + 4]
    else { return nil }
    let value = UnsafeBufferPointer(start: start, count: end - start)
    return (String(cString: name), String(decoding: value, as: UTF8.self))
  }
}

private let elementText: charactersSAXFunc = { user, bytes, count in
  guard let user, let bytes else { return }
  walk(user).text(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
}

private let elementError: xmlStructuredErrorFunc = { user, error in
  guard let user, let error, error.pointee.level == XML_ERR_FATAL else { return }
  let walk = walk(user)
  guard walk.failure == nil else { return }
  walk.failure = xmlFailure(error.pointee, skippedLines: walk.skippedLines)
}
