/// A text as it is compared: character by character, full-width forms as usual ones, Latin letters small, every dash,
/// blank and middle dot as one of each, characters that nobody sees left out; with where each stands in the text.
struct FoldedText {
  /// The characters as Unicode scalars.
  private(set) var codes: [UInt32] = []
  /// Where each starts in the text, in UTF-8 bytes; one more for the end.
  private(set) var starts: [Int] = []

  /// Folds a text, given as UTF-8.
  init(_ bytes: UnsafeRawBufferPointer) {
    codes.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count + 1)
    var place = 0
    while place < bytes.count {
      let (code, length) = FoldedText.scalar(bytes, place)
      if let folded = FoldedText.folded(code) {
        codes.append(folded)
        starts.append(place)
      }
      place += length
    }
    starts.append(bytes.count)
  }

  /// How many characters there are.
  var count: Int { codes.count }

  /// Where some of its characters stand in the text, as UTF-8 offsets.
  func utf8(_ range: Range<Int>) -> Range<Int> {
    starts[range.lowerBound]..<starts[range.upperBound]
  }

  /// The characters that start within some bytes of the text.
  func places(_ utf8: Range<Int>) -> Range<Int> {
    func first(_ offset: Int) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if starts[middle] < offset { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return first(utf8.lowerBound)..<first(utf8.upperBound)
  }

  /// The character at a place; 0 outside.
  subscript(_ place: Int) -> UInt32 { place >= 0 && place < codes.count ? codes[place] : 0 }

  /// Whether a word stands at a place.
  func holds(_ word: [UInt32], at place: Int) -> Bool {
    guard place >= 0, place + word.count <= codes.count else { return false }
    var offset = 0
    while offset < word.count {
      if codes[place + offset] != word[offset] { return false }
      offset += 1
    }
    return true
  }

  /// A word's characters, folded the same way.
  static func codes(_ word: String) -> [UInt32] {
    var word = word
    return word.withUTF8 { FoldedText(UnsafeRawBufferPointer($0)).codes }
  }

  private static func scalar(
    _ bytes: UnsafeRawBufferPointer, _ place: Int
  ) -> (code: UInt32, length: Int) {
    let first = UInt32(bytes[place])
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard length > 1, place + length <= bytes.count else { return (first, 1) }
    var code = first & (0x7F >> UInt32(length))
    for offset in 1..<length { code = code << 6 | UInt32(bytes[place + offset] & 0x3F) }
    return (code, length)
  }

  private static func folded(_ code: UInt32) -> UInt32? {
    switch code {
    case 0x41...0x5A: code + 0x20
    case 0..<0x80: code
    case 0xA0, 0x2000...0x200A, 0x202F, 0x3000: 0x20
    case 0xAD, 0x200B...0x200F, 0x2060, 0xFEFF: nil
    case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: 0x2D
    case 0xB7, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65: 0xB7
    case 0xFF21...0xFF3A: code - 0xFEE0 + 0x20
    case 0xFF01...0xFF5E: code - 0xFEE0
    default: code
    }
  }
}

extension UInt32 {
  var isDigit: Bool { self &- 0x30 <= 9 }
  /// Whether it is a small Latin letter, as all are once folded.
  var isLatin: Bool { self &- 0x61 < 26 }
  var isHan: Bool { (0x3400...0x9FFF).contains(self) || (0x20000...0x323AF).contains(self) }
  /// Whether it is part of a word of letters and digits.
  var isWord: Bool { isDigit || isLatin || self == 0x5F }
}

/// Words to look for in folded texts, by their first character.
struct WordTable<Value: Sendable>: Sendable {
  private var words: [UInt32: [(word: [UInt32], value: Value)]] = [:]
  /// A bit for each character a word starts with: nearly all characters start none.
  private var firsts = [UInt64](repeating: 0, count: 1 << 10)

  init(_ list: [(String, Value)]) {
    for (text, value) in list {
      let codes = FoldedText.codes(text)
      words[codes[0], default: []].append((codes, value))
    }
    for first in words.keys where first < 1 << 16 {
      firsts[Int(first >> 6)] |= 1 << UInt64(first & 63)
    }
    for first in words.keys { words[first]?.sort { $0.word.count > $1.word.count } }
  }

  /// The longest word that starts at a place: its length and what it stands for. A word of Latin letters does not
  /// start within another.
  func at(_ place: Int, in text: FoldedText) -> (length: Int, value: Value)? {
    let first = text[place]
    guard first < 1 << 16, firsts[Int(first >> 6)] & (1 << UInt64(first & 63)) != 0,
      let list = words[first]
    else { return nil }
    if first.isLatin, text[place - 1].isLatin { return nil }
    for (word, value) in list where text.holds(word, at: place) { return (word.count, value) }
    return nil
  }

  /// The longest word that ends before a place.
  func ending(_ place: Int, in text: FoldedText) -> (length: Int, value: Value)? {
    for length in stride(from: min(place, 8), through: 1, by: -1) {
      if let found = at(place - length, in: text), found.length == length { return found }
    }
    return nil
  }
}

extension WordTable where Value == Bool {
  init(_ words: [String]) { self.init(words.map { ($0, true) }) }
}
