/// Numbers that are a person's by their form, wherever in a text they stand.
///
/// | what | form |
/// |---|---|
/// | mobile telephone | 11 digits, 1 then 3 to 9, also behind 86, +86 or 0086 |
/// | fixed line (GB/T 3565) | area code (010, 02x, 0xxx) and 7 or 8 digits with a mark between, `(0755)26531234` |
/// | identity number | ``IdentityNumber`` |
/// | bank card (ISO/IEC 7812) | 13 to 19 digits, a right Luhn digit, and an issuer's beginning or a word for a card before |
///
/// Between the digits may stand one dash or blank; where they are grouped as people group such a number, also dots,
/// brackets, TABs or several blanks. Inside a longer run of digits or a word with letters nothing is found, and
/// neither is an amount with decimals.
struct PersonalNumbers {
  let text: FoldedText
  let latestBirth: BusinessDay?
  /// Whether some characters are, or stand in, an order or serial.
  let isKey: (Range<Int>) -> Bool

  /// A run of digits, and whether what joins it to the one before is one dash or blank.
  private struct Group {
    var range: Range<Int>
    var isTight = true
    var isBehindTab = false
  }

  /// Calls `body` with where a number stands, in characters.
  func find(_ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      place = text[place].isDigit ? numbers(from: place, body) : place + 1
    }
  }

  private func numbers(from start: Int, _ body: (Range<Int>) -> Void) -> Int {
    let groups = groups(from: start)
    // Inside a word of letters and digits they are part of a number of another kind.
    let isOpen = text[start - 1].isWord
    var first = 0
    while first < groups.count {
      var found: Int?
      // The longest that has a form, from here on.
      var last = min(first + 6, groups.count) - 1
      while last >= first, found == nil {
        let count = groups[first...last].reduce(0) { $0 + $1.range.count }
        if (11...19).contains(count), !(first == 0 && isOpen),
          let end = form(Array(groups[first...last]))
        {
          found = last
          body(groups[first].range.lowerBound..<end)
        }
        last -= 1
      }
      first = (found ?? first) + 1
    }
    return groups.last?.range.upperBound ?? start + 1
  }

  private func groups(from start: Int) -> [Group] {
    var groups = [Group(range: start..<digitsEnd(start))]
    while let last = groups.last?.range.upperBound {
      var next = last
      while next < last + 3, PersonalNumbers.isJoint(text[next]) { next += 1 }
      guard next > last, text[next].isDigit else { break }
      let isTight = next == last + 1 && (text[last] == 0x2D || text[last] == 0x20)
      groups.append(
        Group(
          range: next..<digitsEnd(next), isTight: isTight,
          isBehindTab: (last..<next).contains { text[$0] == 0x09 }))
    }
    return groups
  }

  private func digitsEnd(_ start: Int) -> Int {
    var end = start
    while text[end].isDigit { end += 1 }
    return end
  }

  /// A dash, blank, TAB, dot or bracket.
  private static func isJoint(_ code: UInt32) -> Bool {
    [0x2D, 0x20, 0x09, 0x2E, 0x28, 0x29].contains(code)
  }

  /// The end of what groups of digits are together, if they are a person's number and no key.
  private func form(_ groups: [Group]) -> Int? {
    guard let first = groups.first?.range.lowerBound, var end = groups.last?.range.upperBound
    else { return nil }
    let sizes = groups.map(\.range.count)
    if isDecimal(first, end) { return nil }
    var digits = groups.flatMap { text.codes[$0.range].map { UInt8($0) } }
    let hasCheck = digits.count == 17 && text[end] == 0x78 && !text[end + 1].isWord
    if hasCheck {
      digits.append(UInt8(ascii: "X"))
      end += 1
    } else if text[end].isLatin || text[end] == 0x5F {
      return nil
    }
    let joined = groups.dropFirst()
    let isTight = joined.allSatisfy(\.isTight) && PersonalNumbers.areParts(sizes)
    // People's numbers are grouped so; amounts, days and columns beside each other are not.
    func isGrouped(_ usual: [[Int]]) -> Bool {
      groups.count == 1 || isTight || usual.contains(sizes)
    }
    if isGrouped([[6, 8, 4], [6, 4, 4, 4], [6, 8, 3], [6, 4, 4, 3], [6, 12]]),
      IdentityNumber.isOne(digits, bornBy: latestBirth)
    {
      // An identity number is never an order or a serial.
      return end
    }
    if hasCheck { return nil }
    let isOne =
      isMobile(sizes, digits, isTight: isTight) || isFixedLine(groups, sizes, digits)
      || isGrouped([
        [4, 4, 4, 4], [4, 4, 4, 4, 3], [4, 4, 4, 4, 2], [6, 13], [6, 10], [4, 6, 5],
      ])
        && isBankCard(first, digits)
    guard isOne, !groups.contains(where: { $0.range.count > 5 && isKey($0.range) }),
      !isKey(first..<end)
    else { return nil }
    return end
  }

  /// Whether digits are an amount: one or two decimals behind them, or a zero and a point before.
  private func isDecimal(_ start: Int, _ end: Int) -> Bool {
    if text[start - 1] == 0x2E, text[start - 2] == 0x30, !text[start - 3].isDigit { return true }
    guard text[end] == 0x2E, text[end + 1].isDigit else { return false }
    return digitsEnd(end + 1) - end <= 3
  }

  /// Whether several groups are written as one number is: not a day and a time, not amounts beside each other.
  private static func areParts(_ sizes: [Int]) -> Bool {
    sizes.enumerated().allSatisfy { place, size in
      size >= 3 || place == sizes.count - 1 && size >= 2 || place == 0 && size == 2
    }
  }

  // MARK: - Telephones

  private func isMobile(_ sizes: [Int], _ digits: [UInt8], isTight: Bool) -> Bool {
    func isMobile(_ some: ArraySlice<UInt8>) -> Bool {
      some.count == 11 && some.first == 0x31 && (0x33...0x39).contains(some[some.startIndex + 1])
    }
    let country = PersonalNumbers.country(digits)
    guard isMobile(digits[country...]) else { return false }
    var rest = sizes
    if country > 0, rest[0] == country { rest.removeFirst() } else { rest[0] -= country }
    return isTight || [[11], [3, 4, 4], [3, 8], [7, 4], [4, 4, 3]].contains(rest)
  }

  /// How many digits the country is, China's, before a mobile number of eleven digits.
  private static func country(_ digits: [UInt8]) -> Int {
    if digits.count == 13, digits.starts(with: "86".utf8) { return 2 }
    return digits.count == 15 && digits.starts(with: "0086".utf8) ? 4 : 0
  }

  /// An area code has a mark behind it, else any serial with a zero in front would be one.
  private func isFixedLine(_ groups: [Group], _ sizes: [Int], _ digits: [UInt8]) -> Bool {
    guard sizes.count > 1, !groups.contains(where: \.isBehindTab) else { return false }
    var rest = groups[...]
    var area = Array(digits[..<sizes[0]])
    if area.elementsEqual("86".utf8) || area.elementsEqual("0086".utf8) {
      rest = rest.dropFirst()
      guard let next = rest.first else { return false }
      area = text.codes[next.range].map { UInt8($0) }
      if area.first != 0x30 { area.insert(0x30, at: 0) }
    }
    rest = rest.dropFirst()
    let isArea =
      area == Array("010".utf8) || area.count == 3 && area.starts(with: "02".utf8)
      || area.count == 4 && area[0] == 0x30 && (0x33...0x39).contains(area[1])
    guard isArea, let local = rest.first?.range, (0x32...0x38).contains(text[local.lowerBound])
    else { return false }
    switch rest.map(\.range.count) {
    // A day is no telephone.
    case [8]: return !isDay(local) || rest.first?.isTight == false
    case [7], [4, 4], [3, 4]: return true
    default: return false
    }
  }

  private func isDay(_ range: Range<Int>) -> Bool {
    let digits = text.codes[range].map { Int($0) - 0x30 }
    let year = digits[..<4].reduce(0) { $0 * 10 + $1 }
    return (1_990...2_099).contains(year)
      && BusinessDay(
        year: year, month: digits[4] * 10 + digits[5], day: digits[6] * 10 + digits[7]) != nil
  }

  // MARK: - Bank cards

  /// Whether digits are a bank card's: the Luhn digit fits, and they begin as cards do or a word says so.
  private func isBankCard(_ start: Int, _ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count), PersonalNumbers.isLuhn(digits) else { return false }
    if PersonalNumbers.hasIssuer(digits) { return true }
    return (max(0, start - 12)..<start).contains { place in
      PersonalNumbers.cardWords.at(place, in: text) != nil
    }
  }

  private static let cardWords = WordTable([
    "卡号", "银行卡", "账号", "帐号", "信用卡", "储蓄卡", "借记卡", "尾号", "card",
  ])

  static func isLuhn(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = Int(digit) - 0x30
      let doubled = place % 2 == 1 ? value * 2 : value
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// Whether digits begin as cards of China UnionPay (62, and 60, 68, 69, 94, 95 of before), Visa, Mastercard, JCB or
  /// American Express do, and are as long.
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
}
