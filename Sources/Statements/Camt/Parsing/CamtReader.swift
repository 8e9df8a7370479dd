import CLibXML2

/// Reads a camt.052, .053 or .054 file, fed in chunks of any size.
///
/// ```swift
/// var reader = CamtReader()
/// try reader.feed(chunk, into: &sink)   // as often as there are chunks
/// try reader.finish(into: &sink)
/// ```
/// What was delivered before an error is sound, but the file as a whole is not.
struct CamtReader: ~Copyable {
  /// Bytes looked at before the encoding is settled.
  private static let prefixLength = 1024

  private let walk: UnsafeMutablePointer<CamtWalk>
  private let parser: XMLPushParser
  private var transcoder: XMLTranscoder?
  private var encodingName = "UTF-8"
  private var prefix: [UInt8]? = []
  private var leftOut = 0
  private var failure: XMLReadError?

  /// Prepares a reader for one file.
  init() {
    walk = .allocate(capacity: 1)
    walk.initialize(to: CamtWalk())
    var handler = camtHandler()
    parser = XMLPushParser(handler: &handler, user: walk, onError: camtError)
    walk.pointee.bind(parser.context)
  }

  deinit {
    walk.deinitialize(count: 1)
    walk.deallocate()
  }

  /// Reads a chunk. Returns false when the sink wants no more.
  mutating func feed<Sink: CamtSink>(
    _ bytes: UnsafeRawBufferPointer, into sink: inout Sink
  ) throws(XMLReadError) -> Bool {
    try run(bytes, isLast: false, into: &sink)
  }

  /// Goes on elsewhere in the file: what is fed next does not follow what was fed.
  ///
  /// - Parameters:
  ///   - bytes: bytes left out between the two.
  ///   - lines: line ends among them.
  mutating func jump(bytes: Int, lines: Int) {
    precondition(prefix == nil, "the encoding is settled by what stands before")
    walk.pointee.skippedBytes += bytes
    walk.pointee.skippedLines += lines
  }

  /// Ends the file.
  mutating func finish<Sink: CamtSink>(into sink: inout Sink) throws(XMLReadError) {
    _ = try run(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, into: &sink)
  }

  private mutating func run<Sink: CamtSink>(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, into sink: inout Sink
  ) throws(XMLReadError) -> Bool {
    if let failure { throw failure }
    failure = withUnsafeMutablePointer(to: &sink) { sink in
      walk.pointee.delivery = CamtDelivery(
        document: { sink.pointee.begin($0) }, begin: { sink.pointee.begin($0) },
        take: { sink.pointee.take($0) }, end: { sink.pointee.end($0) })
      defer { walk.pointee.delivery = nil }
      return settleAndPush(bytes, isLast: isLast)
    }
    if let failure { throw failure }
    return !walk.pointee.stopped
  }

  /// Gathers the first bytes, settles the encoding by them, then passes all through.
  private mutating func settleAndPush(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool
  ) -> XMLReadError? {
    guard var gathered = prefix else { return push(bytes, isLast: isLast) }
    let missing = min(bytes.count, Self.prefixLength - gathered.count)
    gathered.append(contentsOf: bytes.prefix(missing))
    guard gathered.count == Self.prefixLength || isLast else {
      prefix = gathered
      return nil
    }
    prefix = nil
    let failure = gathered.withUnsafeBytes { all in
      settle(all) ?? push(UnsafeRawBufferPointer(rebasing: all[leftOut...]), isLast: false)
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing))
    return failure ?? push(rest, isLast: isLast)
  }

  /// Settles the encoding, and what to leave out before the document: a mark, leading space.
  private mutating func settle(_ prefix: UnsafeRawBufferPointer) -> XMLReadError? {
    let encoding = XMLEncoding(prefix: prefix)
    encodingName = encoding.name
    leftOut = encoding.mark
    if let converter = encoding.converter {
      transcoder = XMLTranscoder(from: converter)
      walk.pointee.positionsKnown = false
      return transcoder == nil ? .unknownEncoding(encoding.name) : nil
    }
    while leftOut < prefix.count, [0x20, 0x09, 0x0A, 0x0D].contains(prefix[leftOut]) {
      if prefix[leftOut] == 0x0A { walk.pointee.skippedLines += 1 }
      leftOut += 1
    }
    walk.pointee.skippedBytes = leftOut
    return leftOut == prefix.count ? .empty : nil
  }

  private mutating func push(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> XMLReadError? {
    if transcoder == nil {
      parser.push(bytes, isLast: false)
    } else {
      transcoder?.convert(bytes) { parser.push($0, isLast: false) }
    }
    if parser.hasLongTag { return .longTag(line: walk.pointee.skippedLines + 1) }
    if let failure = found(isLast: false) { return failure }
    if transcoder?.isDamaged == true { return damage }
    guard isLast, !walk.pointee.stopped else { return nil }
    if transcoder?.isAmidCharacter == true { return truncation }
    parser.push(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
    return found(isLast: true)
  }

  /// What the walk or libxml2 found. What fails only because the file ends is truncation.
  private func found(isLast: Bool) -> XMLReadError? {
    guard !walk.pointee.stopped else { return nil }
    if let failure = walk.pointee.failure {
      // What is held back to the end is one unfinished piece of markup or text.
      let isUnfinished = failure.kind == .notWellFormed || failure.kind == .encoding
      if isLast, !walk.pointee.rootClosed, isUnfinished { return truncation }
      return failure.kind == .encoding ? damage : failure
    }
    guard isLast else { return nil }
    if !walk.pointee.rootClosed { return truncation }
    guard walk.pointee.document == nil else { return nil }
    return .notCamt(root: walk.pointee.rootName, namespace: walk.pointee.rootNamespace)
  }

  private var truncation: XMLReadError {
    .truncated(line: walk.pointee.line, column: walk.pointee.column)
  }

  private var damage: XMLReadError {
    let place = walk.pointee.failure
    return .encoding(
      line: place?.line ?? walk.pointee.line, column: place?.column ?? walk.pointee.column,
      name: encodingName)
  }
}

/// Reads a whole camt file held in memory.
func readCamt<Sink: CamtSink>(
  _ bytes: UnsafeRawBufferPointer, into sink: inout Sink
) throws(XMLReadError) {
  var reader = CamtReader()
  guard try reader.feed(bytes, into: &sink) else { return }
  try reader.finish(into: &sink)
}

// MARK: - libxml2's side

/// The callbacks: each only steps into the walk behind the user pointer.
private func camtHandler() -> xmlSAXHandler {
  var handler = xmlSAXHandler()
  handler.startElementNs = { user, name, _, namespace, _, _, count, _, attributes in
    guard let user, let name else { return }
    user.assumingMemoryBound(to: CamtWalk.self).pointee
      .enter(name, namespace: namespace, attributes: attributes, count: count)
  }
  handler.endElementNs = { user, _, _, _ in
    user?.assumingMemoryBound(to: CamtWalk.self).pointee.leave()
  }
  handler.characters = camtText
  // The same function for both spares libxml2 from asking which of them a space is.
  handler.ignorableWhitespace = camtText
  handler.cdataBlock = camtText
  handler.internalSubset = { user, _, _, _ in
    guard let walk = user?.assumingMemoryBound(to: CamtWalk.self) else { return }
    walk.pointee.fail(.documentType(line: walk.pointee.line, column: walk.pointee.column))
  }
  return handler
}

private let camtText: charactersSAXFunc = { user, bytes, count in
  guard let user, let bytes else { return }
  user.assumingMemoryBound(to: CamtWalk.self).pointee.text(bytes, Int(count))
}

/// Keeps the first error that ends the parse; warnings and unbound prefixes do not.
private let camtError: xmlStructuredErrorFunc = { user, error in
  guard let walk = user?.assumingMemoryBound(to: CamtWalk.self), let error else { return }
  guard error.pointee.level == XML_ERR_FATAL, walk.pointee.failure == nil else { return }
  walk.pointee.failure = xmlFailure(error.pointee, skippedLines: walk.pointee.skippedLines)
}
