internal import Payments

/// Finds the school's order number in a bank's free text: what follows 订单号, 订单 or 单号, else the
/// first word of at least twelve letters and digits that has both, else of more than eighteen
/// digits. A number the text calls a person's, a bank card or a telephone, or that is built like a bank card's,
/// is no order: taken for one, it would keep the payment from the credit of its account. Neither is an identity
/// number, whatever stands before it.
struct OrderFinder {
  private let marks: [[UInt8]]
  private let colon: [UInt8]
  private let encoding: TextEncoding
  private let folding: TextFolding
  private let labels: NumberLabels

  /// For texts that were decoded.
  static let utf8 = OrderFinder(.utf8)

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
    (folding, labels) = (.of(encoding), .of(encoding))
    marks = ["订单号", "订单", "单号"].map(encoding.encode)
    colon = encoding.encode("：")
  }

  /// The bytes of the order number, or nil.
  ///
  /// - Parameter day: the row's day, asked for only where characters are built like an identity number: whoever has
  ///   one was born years before, while an order may be made of a region and the day itself.
  func find(
    _ text: UnsafeRawBufferPointer, on day: () -> BusinessDay? = { nil }
  ) -> Range<Int>? {
    var offset = 0
    var pending = PendingLabel()
    var mixed: Range<Int>?
    var long: Range<Int>?
    while offset < text.count {
      if OrderFinder.isWord(text[offset]) {
        let end = OrderFinder.wordEnd(text, offset)
        let word = text[offset..<end]
        let label = pending.take()
        if mixed == nil, label == nil, OrderFinder.isMixed(word), !isPerson(word, day),
          !isAddress(text, end)
        {
          mixed = offset..<end
        }
        if long == nil, label == nil, OrderFinder.isLongNumber(word), !OrderFinder.isCard(word) {
          long = offset..<end
        }
        pending = PendingLabel(NumberLabels.key(word))
        offset = end
        continue
      }
      if let mark = marks.first(where: { starts(text, offset, $0) }),
        let named = word(in: text, after: offset + mark.count), !isPerson(text[named], day)
      {
        return named
      }
      let (folded, length) = folding.fold(text, at: offset)
      pending.pass(text, at: offset, folded: folded, length: length, labels)
      offset += length
    }
    return mixed ?? long
  }

  /// Whether a word is an identity number, with dashes or without.
  private func isPerson(
    _ word: Slice<UnsafeRawBufferPointer>, _ day: () -> BusinessDay?
  ) -> Bool {
    let characters = word.filter { $0 != 0x2D }
    return IdentityNumber.isOne(characters, bornBy: nil)
      && IdentityNumber.isOne(characters, bornBy: day().map(IdentityNumber.latestBirth))
  }

  /// Whether a word that ends at a place goes on as a mail address does.
  private func isAddress(_ text: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    guard end < text.count, text[end] == 0x40 else { return false }
    let domain = OrderFinder.wordEnd(text, end + 1)
    return domain > end + 1 && domain < text.count && text[domain] == 0x2E
  }

  private func word(in text: UnsafeRawBufferPointer, after start: Int) -> Range<Int>? {
    var low = start
    while low < text.count {
      if text[low] == 0x20 || text[low] == 0x3A {
        low += 1
      } else if starts(text, low, colon) {
        low += colon.count
      } else {
        break
      }
    }
    let high = OrderFinder.wordEnd(text, low)
    return high > low ? low..<high : nil
  }

  private func starts(_ text: UnsafeRawBufferPointer, _ offset: Int, _ word: [UInt8]) -> Bool {
    offset + word.count <= text.count && text[offset..<(offset + word.count)].elementsEqual(word)
  }

  private static func wordEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < text.count, isWord(text[end]) { end += 1 }
    return end
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte &- 0x30) <= 9 || ((byte | 0x20) &- 0x61) < 26 || byte == 0x2D || byte == 0x5F
  }

  private static func isMixed(_ word: Slice<UnsafeRawBufferPointer>) -> Bool {
    word.count >= 12 && word.contains { ($0 &- 0x30) <= 9 }
      && word.contains { (($0 | 0x20) &- 0x61) < 26 }
  }

  private static func isLongNumber(_ word: Slice<UnsafeRawBufferPointer>) -> Bool {
    word.count > 18 && word.contains { ($0 &- 0x30) <= 9 }
      && !word.contains { (($0 | 0x20) &- 0x61) < 26 }
  }

  /// Whether the digits are built like a UnionPay card's: nineteen from 62 on, with dashes or without, of which the last is
  /// the check digit of the others (ISO/IEC 7812-1, annex B). One in ten other numbers of that
  /// length and beginning is as well.
  private static func isCard(_ word: Slice<UnsafeRawBufferPointer>) -> Bool {
    let word = word.filter { $0 != 0x2D }
    guard word.count == 19, word.starts(with: [0x36, 0x32]) else { return false }
    var sum = 0
    for (place, byte) in word.reversed().enumerated() {
      guard byte &- 0x30 <= 9 else { return false }
      let digit = Int(byte &- 0x30) << (place & 1)
      sum += digit > 9 ? digit - 9 : digit
    }
    return sum % 10 == 0
  }
}
