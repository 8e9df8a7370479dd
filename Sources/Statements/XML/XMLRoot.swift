/// The root element of an XML file.
struct XMLRoot: Hashable, Sendable {
  /// Its name without prefix.
  var name: String
  /// Its namespace; empty without one.
  var namespace: String
}

/// Finds the root element in a file's first bytes, for telling formats apart.
///
/// Tolerates a byte order mark, UTF-16, leading space, a declaration, comments, processing
/// instructions and a document type (that one is refused later, when the file is read). Nil when
/// this is no XML or the first tag does not end within the prefix.
func sniffXMLRoot(_ prefix: UnsafeRawBufferPointer) -> XMLRoot? {
  guard let wide = wideOffset(prefix) else {
    var text = XMLScan(prefix)
    return text.root()
  }
  // UTF-16: markup is ASCII, so every other byte will do.
  var narrow: [UInt8] = []
  narrow.reserveCapacity(prefix.count / 2)
  for index in stride(from: wide, to: prefix.count - 1, by: 2) {
    let isASCII = prefix[index ^ 1] == 0
    narrow.append(isASCII ? prefix[index] : UInt8(ascii: "?"))
  }
  return narrow.withUnsafeBytes { bytes in
    var text = XMLScan(bytes)
    return text.root()
  }
}

/// Where the ASCII halves of UTF-16 text begin; nil when it is not UTF-16.
func wideOffset(_ prefix: UnsafeRawBufferPointer) -> Int? {
  guard prefix.count >= 4 else { return nil }
  switch (prefix[0], prefix[1]) {
  case (0xFE, 0xFF): return 3
  case (0xFF, 0xFE): return 2
  case (0x00, 0x3C): return 1
  case (0x3C, 0x00): return 0
  default: return nil
  }
}

/// A small reader of a document's first bytes.
struct XMLScan {
  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skipSpace() {
    while let byte = next, byte <= 0x20 { index += 1 }
  }

  /// Steps over a word when it is next.
  mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return false }
    index += count
    return true
  }

  /// Steps past the next occurrence of a word.
  private mutating func skipPast(_ word: StaticString) -> Bool {
    while index < bytes.count {
      if skip(word) { return true }
      index += 1
    }
    return false
  }

  /// The next `name = "value"` of a tag or a declaration; nil at its end.
  mutating func attribute() -> (name: String, value: String)? {
    skipSpace()
    let name = word()
    guard !name.isEmpty else { return nil }
    skipSpace()
    guard skip("=") else { return nil }
    skipSpace()
    guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return nil
    }
    index += 1
    let start = index
    while let byte = next, byte != quote { index += 1 }
    guard next == quote else { return nil }
    defer { index += 1 }
    return (name, String(decoding: bytes[start..<index], as: UTF8.self))
  }

  private mutating func word() -> String {
    let start = index
    while let byte = next, byte > 0x20, !"=/>?<\"'".utf8.contains(byte) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// The root element: the first tag after all that may stand before it.
  mutating func root() -> XMLRoot? {
    while true {
      skipSpace()
      guard skip("<") else { return nil }
      if skip("!--") {
        guard skipPast("-->") else { return nil }
      } else if skip("?") {
        guard skipPast("?>") else { return nil }
      } else if skip("!") {
        guard skipDocumentType() else { return nil }
      } else {
        return tag()
      }
    }
  }

  private mutating func skipDocumentType() -> Bool {
    var open = 1
    while let byte = next {
      index += 1
      if byte == UInt8(ascii: "<") { open += 1 }
      if byte == UInt8(ascii: ">") { open -= 1 }
      if open == 0 { return true }
    }
    return false
  }

  private mutating func tag() -> XMLRoot? {
    let qualified = word()
    guard let first = qualified.utf8.first, isNameStart(first) else { return nil }
    let parts = qualified.split(separator: ":", maxSplits: 1)
    let wanted = parts.count == 2 ? "xmlns:\(parts[0])" : "xmlns"
    var namespace = ""
    while let (name, value) = attribute() {
      if name == wanted { namespace = value }
    }
    skipSpace()
    guard skip(">") || skip("/>") else { return nil }
    return XMLRoot(name: String(parts.last ?? ""), namespace: namespace)
  }

  private func isNameStart(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    let isLetter = lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    return byte >= 0x80 || byte == UInt8(ascii: "_") || isLetter
  }
}
