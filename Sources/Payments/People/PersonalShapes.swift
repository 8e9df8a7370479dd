/// What names a person by its form, wherever in a text it stands: telephone numbers, identity numbers, bank cards,
/// mail addresses, rooms of dormitories. Texts are UTF-8.
///
/// - Telephone: 11 digits of a mobile number (1, then 3 to 9), also behind +86, or an area code and 7 or 8 digits
///   (GB/T 3565: 0, then 2 or 3 digits); dashes or blanks between the digits.
/// - Identity number (GB 11643): 18 characters, region, day of birth and check digit (ISO 7064 MOD 11-2).
/// - Bank card (ISO/IEC 7812): 13 to 19 digits with a right Luhn digit, and an issuer's first digits or a word for
///   a card before them; dashes or blanks between the digits.
struct PersonalShapes {
  /// Whether digits as they stand, without what is between them, are an order or serial of the night.
  let isKey: (UnsafeRawBufferPointer) -> Bool

  /// Where somebody is named in `text[range]`.
  func find(_ text: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      let byte = text[place]
      if byte &- 0x30 <= 9 {
        place = numbers(text, from: place, body)
      } else if byte == UInt8(ascii: "@") {
        place = mail(text, at: place, body)
      } else {
        place += 1
      }
    }
  }

  // MARK: - Numbers

  /// Runs of digits with one dash or blank between them, at most.
  private struct Groups {
    var places: [Range<Int>] = []
    /// Where what follows begins.
    var end = 0
  }

  /// Looks at digits with what joins them, and says where to go on.
  private func numbers(
    _ text: UnsafeRawBufferPointer, from start: Int, _ body: (Range<Int>) -> Void
  ) -> Int {
    let groups = groups(text, from: start)
    // Inside a word of letters and digits they are part of a number of another kind.
    let isOpen = start > 0 && isWordByte(text[start - 1])
    var first = 0
    while first < groups.places.count {
      var found: Int?
      // The longest that has a form, from here on.
      var last = min(first + 6, groups.places.count) - 1
      while last >= first, found == nil {
        let isFree = !(first == 0 && isOpen) && !isInWord(text, groups.places[last].upperBound)
        if isFree, let end = form(text, Array(groups.places[first...last])) {
          found = last
          body(groups.places[first].lowerBound..<end)
        }
        last -= 1
      }
      first = (found ?? first) + 1
    }
    return groups.end
  }

  private func groups(_ text: UnsafeRawBufferPointer, from start: Int) -> Groups {
    var groups = Groups()
    var place = start
    while place < text.count, text[place] &- 0x30 <= 9 {
      var end = place
      while end < text.count, text[end] &- 0x30 <= 9 { end += 1 }
      groups.places.append(place..<end)
      groups.end = end
      let isJoined = end + 1 < text.count && (text[end] == 0x2D || text[end] == 0x20)
      guard isJoined, text[end + 1] &- 0x30 <= 9 else { break }
      place = end + 1
    }
    return groups
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
  }

  /// Whether letters go on behind digits; an identity number's X is not one.
  private func isInWord(_ text: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    guard end < text.count, isWordByte(text[end]) else { return false }
    let isCheck = text[end] | 0x20 == UInt8(ascii: "x")
    return !isCheck
      || end + 1 < text.count && (isWordByte(text[end + 1]) || text[end + 1] &- 0x30 <= 9)
  }

  /// The end of what groups of digits are together, if they are a person's number and no key.
  private func form(_ text: UnsafeRawBufferPointer, _ groups: [Range<Int>]) -> Int? {
    guard let first = groups.first, let last = groups.last else { return nil }
    let count = groups.reduce(0) { $0 + $1.count }
    guard (11...19).contains(count) else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(20)
    for group in groups { digits += text[group] }
    var end = last.upperBound
    let hasCheck = count == 17 && end < text.count && text[end] | 0x20 == UInt8(ascii: "x")
    if hasCheck {
      digits.append(UInt8(ascii: "X"))
      end += 1
    }
    let isOne = groups.count == 1 || areGroupsOf(text, groups)
    guard isOne,
      PersonalShapes.isIdentity(digits) || !hasCheck && isTelephone(text, groups, digits)
        || !hasCheck && isBankCard(text, first.lowerBound, digits)
    else { return nil }
    let isKey =
      digits.withUnsafeBytes { self.isKey($0) }
      || groups.contains { group in
        self.isKey(UnsafeRawBufferPointer(rebasing: text[group]))
      }
    return isKey ? nil : end
  }

  /// Whether several groups are written as one number is: not a day and a time, not amounts beside each other.
  private func areGroupsOf(_ text: UnsafeRawBufferPointer, _ groups: [Range<Int>]) -> Bool {
    groups.allSatisfy {
      $0.count >= 3 || $0 == groups.last && $0.count >= 2 || $0 == groups.first && $0.count == 2
    }
  }

  private func isTelephone(
    _ text: UnsafeRawBufferPointer, _ groups: [Range<Int>], _ digits: [UInt8]
  ) -> Bool {
    func isMobile(_ some: ArraySlice<UInt8>) -> Bool {
      some.count == 11 && some.first == 0x31 && (0x33...0x39).contains(some[some.startIndex + 1])
    }
    if isMobile(digits[...]) { return true }
    // 86 or 0086 before it.
    if digits.count == 13, digits.starts(with: "86".utf8), isMobile(digits[2...]) { return true }
    if digits.count == 15, digits.starts(with: "0086".utf8), isMobile(digits[4...]) { return true }
    // An area code has a mark behind it, else any serial with a zero in front would be one.
    guard groups.count == 2, digits[0] == 0x30, (3...4).contains(groups[0].count) else {
      return false
    }
    return (7...8).contains(groups[1].count)
  }

  /// Whether 18 characters are an identity number: a region, a day, and the check digit that fits.
  static func isIdentity(_ text: [UInt8]) -> Bool {
    guard text.count == 18 else { return false }
    let digits = text.prefix(17).map { Int($0) - 0x30 }
    guard digits.allSatisfy((0...9).contains) else { return false }
    let region = digits[0] * 10 + digits[1]
    let regions: [ClosedRange<Int>] = [
      11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71...71, 81...83, 91...91,
    ]
    guard regions.contains(where: { $0.contains(region) }) else { return false }
    let year = digits[6] * 1_000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    let day = BusinessDay(
      year: year, month: digits[10] * 10 + digits[11], day: digits[12] * 10 + digits[13])
    guard (1900...2099).contains(year), day != nil else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    return Array("10X98765432".utf8)[sum % 11] == text[17] & ~(text[17] >= 0x60 ? 0x20 : 0)
  }

  /// Whether digits are a bank card's: the Luhn digit fits, and they begin as cards do or a word says so.
  private func isBankCard(_ text: UnsafeRawBufferPointer, _ start: Int, _ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count), PersonalShapes.isLuhn(digits) else { return false }
    if PersonalShapes.hasIssuer(digits) { return true }
    let before = UnsafeRawBufferPointer(rebasing: text[max(0, start - 24)..<start])
    return PersonalShapes.cardWords.contains { before.holds($0) }
  }

  private static let cardWords = [
    "卡号", "银行卡", "账号", "帐号", "信用卡", "储蓄卡", "尾号", "card", "Card", "CARD",
  ]
  .map { Array($0.utf8) }

  static func isLuhn(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = Int(digit) - 0x30
      let doubled = place % 2 == 1 ? value * 2 : value
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// Whether digits begin as cards of China UnionPay (62, and 60, 68, 69, 9558 of before), Visa, Mastercard, JCB
  /// or American Express do, and are as long.
  private static func hasIssuer(_ digits: [UInt8]) -> Bool {
    let first = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) - 0x30 }
    let count = digits.count
    switch first / 100 {
    case 62: return (16...19).contains(count)
    case 60, 68, 69, 94, 95: return count == 16 || count == 19
    case 34, 37: return count == 15
    case 35: return count == 16
    case 40...49: return count == 16 || count == 13
    case 51...55: return count == 16
    default: return (2_221...2_720).contains(first) && count == 16
    }
  }

  // MARK: - Mail

  /// Covers the address around an @, and says where to go on.
  private func mail(
    _ text: UnsafeRawBufferPointer, at place: Int, _ body: (Range<Int>) -> Void
  ) -> Int {
    func isLocal(_ byte: UInt8) -> Bool {
      byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26
        || [0x2E, 0x2D, 0x5F, 0x2B, 0x2A].contains(byte)
    }
    var (start, end) = (place, place + 1)
    while start > 0, isLocal(text[start - 1]) { start -= 1 }
    while end < text.count, isLocal(text[end]) { end += 1 }
    let domain = text[(place + 1)..<end]
    guard start < place, domain.dropFirst().contains(0x2E) else { return place + 1 }
    body(start..<end)
    return end
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a word stands somewhere in the bytes.
  func holds(_ word: [UInt8]) -> Bool {
    guard let first = word.first, count >= word.count else { return false }
    return (0...(count - word.count)).contains { start in
      self[start] == first && self[start..<(start + word.count)].elementsEqual(word)
    }
  }
}
