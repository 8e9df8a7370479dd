import CLibXML2
import Glibc

/// A libxml2 push parser: owns the context and frees it.
///
/// The network is off, entities are not substituted and document types are never loaded.
/// libxml2's own limits on sizes stay on. The encoding is settled before: it is fed UTF-8.
struct XMLPushParser: ~Copyable {
  /// Bytes of a tag. libxml2 compares each attribute with all before it: a tag of a megabyte takes minutes.
  static let longestTag = 256 << 10
  /// Bytes handed to libxml2 at a time: they stay in the second-level cache.
  static let chunk = 64 << 10

  /// libxml2's context; valid as long as the parser.
  let context: xmlParserCtxtPtr
  private let onError: xmlStructuredErrorFunc
  private let user: UnsafeMutableRawPointer
  private let tags = TagLengths()

  /// Whether a tag was longer than ``longestTag``: nothing behind it is parsed.
  var hasLongTag: Bool { tags.isTooLong }

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
    tags.read(bytes)
    guard !tags.isTooLong else {
      xmlStopParser(context)
      return
    }
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

/// Measures the tags of a text that comes in pieces, and what stands between them.
final class TagLengths {
  /// Whether a tag is longer than ``XMLPushParser/longestTag``.
  private(set) var isTooLong = false
  /// Whether more text than a cell may have stands between two tags.
  private(set) var isTextTooLong = false
  private let longestText: Int
  private var length = 0
  private var isInTag = false
  private var quote: UInt8 = 0

  init(longestText: Int = .max) { self.longestText = longestText }

  func read(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var place = 0
    while place < bytes.count, !isTooLong {
      if !isInTag {
        let start = memchr(base + place, 0x3C, bytes.count - place).map {
          UnsafeRawPointer($0) - base
        }
        length += (start ?? bytes.count) - place
        isTextTooLong = isTextTooLong || length > longestText
        guard let start else { return }
        place = start + 1
        (isInTag, length, quote) = (true, 0, 0)
      }
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        length += 1
        if quote != 0 {
          if byte == quote { quote = 0 }
        } else if byte == 0x22 || byte == 0x27 {
          quote = byte
        } else if byte == 0x3E || length == 1 && byte == 0x21 {
          // Comments and the like have no attributes.
          isTooLong = length > XMLPushParser.longestTag
          (isInTag, length) = (false, 0)
          break
        }
      }
      isTooLong = isTooLong || isInTag && length > XMLPushParser.longestTag
    }
  }
}
