import CLibXML2

/// A libxml2 push parser: owns the context and frees it.
///
/// The network is off, entities are not substituted and document types are never loaded.
/// libxml2's own limits on sizes stay on. The encoding is settled before: it is fed UTF-8.
struct XMLPushParser: ~Copyable {
  /// Bytes handed to libxml2 at a time: they stay in the second-level cache.
  static let chunk = 64 << 10

  /// libxml2's context; valid as long as the parser.
  let context: xmlParserCtxtPtr
  private let onError: xmlStructuredErrorFunc
  private let user: UnsafeMutableRawPointer

  /// Makes a parser for one document.
  init(
    handler: inout xmlSAXHandler, user: UnsafeMutableRawPointer,
    onError: @escaping xmlStructuredErrorFunc
  ) {
    _ = Self.libraryIsReady
    handler.initialized = 0xDEED_BEAF
    handler.serror = onError
    guard let context = xmlCreatePushParserCtxt(&handler, user, nil, 0, nil) else {
      preconditionFailure("out of memory: libxml2 cannot make a parser")
    }
    let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
    xmlCtxtUseOptions(context, Int32(options))
    self.context = context
    self.user = user
    self.onError = onError
  }

  deinit {
    xmlFreeParserCtxt(context)
  }

  /// Parses a chunk; `isLast` with the last one, which may be empty.
  func push(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
    // Errors without a context would go to standard error: this thread's go to us meanwhile.
    let function = __xmlStructuredError().pointee
    let data = __xmlStructuredErrorContext().pointee
    xmlSetStructuredErrorFunc(user, onError)
    defer { xmlSetStructuredErrorFunc(data, function) }
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty, context.pointee.disableSAX == 0 {
      let count = min(rest.count, Self.chunk)
      xmlParseChunk(context, base.assumingMemoryBound(to: CChar.self), Int32(count), 0)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    if isLast { xmlParseChunk(context, nil, 0, 1) }
  }

  /// Initialises libxml2 once, whatever thread comes first.
  private static let libraryIsReady: Bool = {
    xmlInitParser()
    return true
  }()
}
