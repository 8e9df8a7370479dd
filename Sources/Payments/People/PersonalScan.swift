/// Finds who is named in a row's text, wherever it stands there: the one engine for all that is quoted.
///
/// To what the row's columns say comes what names a person by its form (``PersonalShapes``) or by the words around
/// it (``PersonalWords``), the names of the row's columns wherever else they stand, and names of three characters or
/// more that the same file has in a column of names. Companies, banks and the school are nobody. Digits that are, or
/// stand in, an order or a serial stay whole.
public struct PersonalScan {
  private let shapes: PersonalShapes
  private let isName: (UnsafeRawBufferPointer) -> Bool

  /// - Parameters:
  ///   - isKey: whether digits are an order or serial of the night.
  ///   - isName: whether some characters, as UTF-8, stand in a column of names of the same file.
  public init(
    isKey: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in false },
    isName: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in false }
  ) {
    shapes = PersonalShapes(isKey: isKey)
    self.isName = isName
  }

  /// Where a text names somebody, in no order.
  ///
  /// - Parameters:
  ///   - known: what its columns say.
  ///   - keys: the row's own orders and serials.
  public func spans(
    of text: String, known: [PersonalSpan] = [], keys: [String] = []
  ) -> [PersonalSpan] {
    var text = text
    return text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      var found = known.compactMap { tidied($0, bytes) }
      addNames(of: found, bytes, to: &found)
      let kept = keys.flatMap { bytes.places(of: Array($0.utf8)) }
      shapes.find(bytes) { range in
        let isInKey = kept.contains {
          $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound
        }
        if !isInKey { found.append(PersonalSpan(utf8: range, isName: false)) }
      }
      PersonalWords.find(bytes) { range, isName in
        let isNobody = isName && Organisation.isOne(UnsafeRawBufferPointer(rebasing: bytes[range]))
        if !isNobody { found.append(PersonalSpan(utf8: range, isName: isName)) }
      }
      addKnownNames(bytes, to: &found)
      return found
    }
  }

  /// A text as it may be shown to anybody.
  public func masked(_ text: String) -> String { Masking.text(text, spans: spans(of: text)) }

  /// What a column says, less what is no person; a number that stands where names do is one.
  private func tidied(_ span: PersonalSpan, _ bytes: UnsafeRawBufferPointer) -> PersonalSpan? {
    guard span.isName else { return span }
    let range = span.utf8.clamped(to: 0..<bytes.count)
    let name = UnsafeRawBufferPointer(rebasing: bytes[range])
    if Organisation.isOne(name) { return nil }
    let isNumber = name.contains { $0 &- 0x30 <= 9 } && name.allSatisfy { $0 < 0x80 }
    return PersonalSpan(utf8: range, isName: !isNumber)
  }

  /// The names of the row's columns wherever else they stand.
  private func addNames(
    of known: [PersonalSpan], _ bytes: UnsafeRawBufferPointer, to found: inout [PersonalSpan]
  ) {
    for span in known where span.isName {
      let name = bytes[span.utf8]
      let isLatin = name.allSatisfy { $0 < 0x80 }
      guard name.count >= (isLatin ? 3 : 6), !name.contains(UInt8(ascii: "*")) else { continue }
      for place in bytes.places(of: Array(name)) where place != span.utf8 {
        found.append(PersonalSpan(utf8: place, isName: true))
      }
    }
  }

  /// Names of the file's other rows: three or four Chinese characters of a run of them, or more with a point.
  private func addKnownNames(_ bytes: UnsafeRawBufferPointer, to found: inout [PersonalSpan]) {
    var place = 0
    while place < bytes.count {
      guard (0xE3...0xE9).contains(bytes[place]), place + 9 <= bytes.count else {
        place += 1
        continue
      }
      let lengths = pointedLengths(bytes, place) + [12, 9]
      let length = lengths.first { length in
        length >= 9 && place + length <= bytes.count
          && isName(UnsafeRawBufferPointer(rebasing: bytes[place..<(place + length)]))
      }
      if let length {
        found.append(PersonalSpan(utf8: place..<(place + length), isName: true))
      }
      place += length ?? 3
    }
  }

  /// How long a name with points between its parts may be, in bytes, the longest first.
  private func pointedLengths(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> [Int] {
    var (end, lengths) = (start, [Int]())
    var hasPoint = false
    while end < bytes.count, end - start < 60 {
      if (0xE3...0xE9).contains(bytes[end]), end + 3 <= bytes.count {
        end += 3
        if hasPoint { lengths.append(end - start) }
      } else if end + 2 <= bytes.count, bytes[end] == 0xC2, bytes[end + 1] == 0xB7 {
        end += 2
        hasPoint = true
      } else {
        break
      }
    }
    return lengths.reversed()
  }
}

/// Companies and offices by the words in their names.
public enum Organisation {
  /// What stands in their names, and hardly in a person's.
  public static let words = [
    "公司", "集团", "企业", "大学", "学院", "学校", "中学", "小学", "幼儿园", "研究院", "研究所", "事务所", "医院", "银行",
    "中心", "委员会", "工会", "校友会", "基金", "协会", "财政", "政府", "出版社", "旅行社", "合作社", "酒店", "饭店", "餐厅", "餐饮",
    "超市", "商店", "商行", "经营部", "门市部", "营业部", "工作室", "管理局", "管理处", "服务部", "财付通", "支付宝", "微信",
    "银联", "网联", "云闪付", "CO.,", "Co.,", "LTD", "Ltd", "LIMITED", "Limited", "INC.", "Inc.", "GMBH",
    "GmbH",
    "UNIVERSITY", "University", "TENPAY", "Tenpay", "ALIPAY", "Alipay", "BANK", "Bank",
  ]

  private static let known = words.map { Array($0.utf8) }

  /// Whether a name, as UTF-8, is one's.
  static func isOne(_ name: UnsafeRawBufferPointer) -> Bool {
    name.count >= 3 && known.contains { name.holds($0) }
  }
}

extension UnsafeRawBufferPointer {
  /// Where some bytes stand; none of fewer than two.
  fileprivate func places(of word: [UInt8]) -> [Range<Int>] {
    guard let first = word.first, word.count >= 2, count >= word.count else { return [] }
    var found: [Range<Int>] = []
    var place = 0
    while place + word.count <= count {
      if self[place] == first, self[place..<(place + word.count)].elementsEqual(word) {
        found.append(place..<(place + word.count))
        place += word.count
      } else {
        place += 1
      }
    }
    return found
  }
}
