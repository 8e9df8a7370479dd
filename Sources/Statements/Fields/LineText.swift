extension String {
  /// The text between two marks, or nil when either is missing.
  func cut(after start: String, until end: String) -> String? {
    guard let low = firstRange(of: start)?.upperBound,
      let high = self[low...].firstRange(of: end)?.lowerBound
    else { return nil }
    return String(self[low..<high])
  }

  /// The line without its line end and outer spaces.
  var trimmedLine: String {
    func isInk(_ byte: UInt8?) -> Bool { byte.map { $0 > 0x20 && $0 < 0x7F } ?? true }
    if isInk(utf8.first), isInk(utf8.last) { return self }
    let isSpace = { (character: Character) in character.isWhitespace }
    let head = drop(while: isSpace)
    guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(head[...last])
  }
}
