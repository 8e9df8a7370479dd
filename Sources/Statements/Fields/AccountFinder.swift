/// Finds who a free text is about: the digits after 学号, 工号, 学工号 or 卡号, else the first run of
/// 8 to 18 digits (FORMATS §0).
///
/// Digits that the text itself calls something else, such as a bank card or a telephone, are nobody's
/// account: they are passed over.
struct AccountFinder {
  private let encoding: TextEncoding
  private let labels: NumberLabels

  /// For texts that were decoded.
  static let utf8 = AccountFinder(.utf8)

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
    labels = NumberLabels(encoding)
  }

  /// The bytes of the account, or nil. Walks whole characters, so that a trail byte of GB18030 that
  /// looks like a digit is never taken for one.
  func find(_ text: UnsafeRawBufferPointer) -> Range<Int>? {
    // What most texts are: a label and its number, or no number at all.
    if let start = labels.ownLength(text), start < text.count, text[start] &- 0x30 <= 9 {
      var end = start + 1
      while end < text.count, text[end] &- 0x30 <= 9 { end += 1 }
      return start..<end
    }
    guard text.contains(where: { $0 &- 0x30 <= 9 }) else { return nil }
    var firstRun: Range<Int>?
    var (offset, stretch) = (0, 0)
    while offset < text.count {
      guard text[offset] &- 0x30 <= 9 else {
        offset += encoding.characterLength(text, at: offset)
        continue
      }
      var end = offset + 1
      while end < text.count, text[end] &- 0x30 <= 9 { end += 1 }
      switch labels.label(text, stretch..<offset) {
      case .account: return offset..<end
      case .elsewhere: break
      case nil: if firstRun == nil, (8...18).contains(end - offset) { firstRun = offset..<end }
      }
      (offset, stretch) = (end, end)
    }
    return firstRun
  }
}

/// What a free text calls a number in it: the words right before its digits.
struct NumberLabels {
  enum Label {
    /// A person or card of the school.
    case account
    /// A bank card, a telephone, an identity card: nothing of the school's.
    case elsewhere
  }

  private let own: [[UInt8]]
  /// Those of ``own`` that no foreign word ends with.
  private let certain: [[UInt8]]
  private let foreign: [[UInt8]]
  private let encoding: TextEncoding
  private let colon: [UInt8]

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
    own = ["学号", "工号", "卡号"].map(encoding.encode)
    foreign = [
      "银行卡号", "银行卡", "银行账号", "借记卡号", "借记卡", "信用卡号", "信用卡", "储蓄卡号", "贷记卡号",
      "对方卡号", "付款卡号", "付款账号", "卡尾号", "手机号", "手机号码", "手机", "电话", "身份证号", "身份证",
    ].map(encoding.encode)
    colon = encoding.encode("：")
    let foreign = self.foreign
    certain = own.filter { word in !foreign.contains { $0.suffix(word.count).elementsEqual(word) } }
  }

  /// How long the school's word is that a text begins with; nil when it begins with none.
  @inline(__always)
  func ownLength(_ text: UnsafeRawBufferPointer) -> Int? {
    for word in own where ends(text, 0..<min(text.count, word.count), word) { return word.count }
    return nil
  }

  /// What the words before a run of digits call it; nil when they call it nothing.
  func label(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Label? {
    var end = range.upperBound
    while end > range.lowerBound {
      if text[end - 1] == 0x20 || text[end - 1] == 0x3A {
        end -= 1
      } else if ends(text, range.lowerBound..<end, colon) {
        end -= colon.count
      } else {
        break
      }
    }
    let words = range.lowerBound..<end
    for word in certain where ends(text, words, word) && isWhole(text, words, word.count) {
      return .account
    }
    if foreign.contains(where: { ends(text, words, $0) && isWhole(text, words, $0.count) }) {
      return .elsewhere
    }
    return own.contains { ends(text, words, $0) && isWhole(text, words, $0.count) } ? .account : nil
  }

  @inline(__always)
  private func ends(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ word: [UInt8]) -> Bool {
    let start = range.upperBound - word.count
    guard start >= range.lowerBound else { return false }
    for index in word.indices where text[start + index] != word[index] { return false }
    return true
  }

  /// Whether the last `length` bytes begin at the beginning of a character.
  private func isWhole(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ length: Int) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound - length {
      offset += encoding.characterLength(text, at: offset)
    }
    return offset == range.upperBound - length
  }
}
