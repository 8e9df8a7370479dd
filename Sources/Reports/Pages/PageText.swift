import Mustache

/// Text on a page: what HTML would take for markup is written as entities.
///
/// The library's own escaping looks at characters; all five that matter are single bytes, so bytes are
/// looked at here and a text without them is returned as it is.
struct PageText: MustacheContentType {
  /// The name templates know it by.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: { PageText.entity($0) != nil }) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 32)
    for byte in text.utf8 {
      if let entity = PageText.entity(byte) {
        bytes.append(contentsOf: entity.utf8)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds a text to a page's bytes.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { utf8 in
      var done = 0
      for index in utf8.indices {
        guard let entity = entity(utf8[index]) else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[done..<index]))
        bytes.append(contentsOf: entity.utf8)
        done = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[done...]))
    }
  }

  /// What stands for a byte of markup; nil for every other byte.
  @inline(__always)
  private static func entity(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
