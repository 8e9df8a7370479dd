internal import Payments

/// What a free text calls the numbers in it: the words right before them.
final class NumberLabels: Sendable {
  enum Label: Hashable, Sendable {
    /// A card of the school.
    case card
    /// A student or a member of staff.
    case student
    /// A card or a student, the text says both.
    case person
    /// A bank card, a telephone, an identity card: nothing of the school's.
    case foreign

    /// What a number after it is a number of; nil where it is nobody's.
    var kind: NamedNumber.Kind? {
      switch self {
      case .card: .card
      case .student: .student
      case .person: .any
      case .foreign: nil
      }
    }
  }

  static let utf8 = NumberLabels(.utf8)
  static let gb18030 = NumberLabels(.gb18030)

  /// Those of an encoding.
  @inline(__always)
  static func of(_ encoding: TextEncoding) -> NumberLabels { encoding == .utf8 ? utf8 : gb18030 }

  /// A word of up to sixteen bytes, the last of them lowest.
  private struct Word {
    var bytes: (UInt64, UInt64)
    var mask: (UInt64, UInt64)
    var length: Int
    var label: Label

    init(_ text: [UInt8], _ label: Label) {
      (bytes, mask, length) = ((0, 0), (0, 0), text.count)
      for (place, byte) in text.reversed().enumerated() {
        let shift = UInt64(place % 8 * 8)
        if place < 8 {
          bytes.0 |= UInt64(byte) << shift
          mask.0 |= 0xFF << shift
        } else {
          bytes.1 |= UInt64(byte) << shift
          mask.1 |= 0xFF << shift
        }
      }
      self.label = label
    }
  }

  /// Words of Han characters by their last byte; of one last byte the longest first, so that 银行卡号 wins
  /// over 卡号.
  private let words: [Word]
  /// Where the words of a last byte start in them; behind the last, where they end.
  private let starts: InlineArray<257, UInt8>
  /// The words that a text may begin with to be seen through at once: up to eight bytes, the first lowest.
  private let usual: InlineArray<3, (bytes: UInt64, mask: UInt64)>
  private let usualLength: Int
  /// 为 and 是 may stand between a word and its number, 或 between two words; the last byte lowest.
  private let copulas: (UInt64, UInt64)
  private let or: UInt64
  private let strokes: (UInt64, UInt64)
  /// Bytes of a Han character.
  private let wide: Int

  private init(_ encoding: TextEncoding) {
    // 学工号, 职工号 and 教工号 end with 工号.
    let student = ["学号", "工号", "学籍号"]
    let card = ["卡号", "一卡通号", "一卡通账号", "一卡通帐号", "校园卡账号", "校园卡帐号"]
    let banks = ["工行", "建行", "农行", "中行", "交行", "招行", "邮储", "银联", "社保", "医保"]
    let foreign =
      [
        "银行卡号", "银行卡号码", "银行卡", "银行账号", "银行帐号", "银行账户", "借记卡号", "借记卡", "信用卡号", "信用卡",
        "储蓄卡号", "储蓄卡", "贷记卡号", "对方卡号", "对方账号", "对方帐号", "付款卡号", "付款账号", "付款帐号", "收款卡号",
        "收款账号", "收款帐号", "卡尾号", "尾号", "手机号", "手机号码", "手机", "电话号码", "电话号", "电话", "联系方式",
        "身份证号码", "身份证号", "身份证", "证件号码", "证件号", "微信号", "支付宝账号", "柜员工号", "操作员工号", "收银员工号",
      ] + banks.map { $0 + "卡号" }
    let all =
      student.map { ($0, Label.student) } + card.map { ($0, Label.card) }
      + foreign.map { ($0, Label.foreign) }
    let words = all.map { Word(encoding.encode($0), $1) }
      .sorted { ($0.bytes.0 & 0xFF, $1.length) < ($1.bytes.0 & 0xFF, $0.length) }
    self.words = words
    starts = InlineArray { last in
      UInt8(words.count { Int($0.bytes.0 & 0xFF) < last })
    }
    usual = InlineArray { place in
      let word = encoding.encode(["学号", "工号", "卡号"][place])
      return word.reversed().reduce((bytes: 0, mask: 0)) {
        ($0.bytes << 8 | UInt64($1), $0.mask << 8 | 0xFF)
      }
    }
    usualLength = encoding.encode("学号").count
    func packed(_ character: String) -> UInt64 {
      encoding.encode(character).reduce(0) { $0 << 8 | UInt64($1) }
    }
    (copulas, or) = ((packed("为"), packed("是")), packed("或"))
    (strokes, wide) = ((packed("／"), packed("、")), usualLength / 2)
  }

  /// What a text begins with, of 学号, 工号 and 卡号, and how long that is.
  @inline(__always)
  func beginning(_ text: UnsafeRawBufferPointer) -> (label: Label, length: Int)? {
    guard text.count >= 8 else { return nil }
    let first = text.loadUnaligned(as: UInt64.self).littleEndian
    for place in 0..<3 where first & usual[place].mask == usual[place].bytes {
      return (place == 2 ? .card : .student, usualLength)
    }
    return nil
  }

  /// The longest word that ends where a character does.
  ///
  /// Its characters are then the text's: in GB18030 a byte from 80 on that ends a character is the second of
  /// two, and all bytes of the words are such.
  @inline(__always)
  func ending(
    _ text: UnsafeRawBufferPointer, at offset: Int
  ) -> (label: Label, length: Int)? {
    let last = Int(text[offset - 1])
    let (low, high) = (Int(starts[last]), Int(starts[last + 1]))
    return low == high ? nil : longest(text, at: offset, low..<high)
  }

  @inline(never)
  private func longest(
    _ text: UnsafeRawBufferPointer, at offset: Int, _ range: Range<Int>
  ) -> (label: Label, length: Int)? {
    let last = (
      NumberLabels.bytes(text, 8, before: offset), NumberLabels.bytes(text, 8, before: offset - 8)
    )
    for place in range {
      if last.0 & words[place].mask.0 == words[place].bytes.0,
        last.1 & words[place].mask.1 == words[place].bytes.1
      {
        return (words[place].label, words[place].length)
      }
    }
    return nil
  }

  /// Up to eight bytes before an offset, the last of them lowest.
  private static func bytes(
    _ text: UnsafeRawBufferPointer, _ count: Int, before offset: Int
  ) -> UInt64 {
    if count == 8, offset >= 8 {
      return text.loadUnaligned(fromByteOffset: offset - 8, as: UInt64.self).bigEndian
    }
    var bytes: UInt64 = 0
    for place in max(0, offset - count)..<max(0, offset) {
      bytes = bytes << 8 | UInt64(text[place])
    }
    return bytes
  }

  /// Whether the character before an offset may join two words, as a stroke does.
  func mayJoin(_ text: UnsafeRawBufferPointer, before offset: Int) -> Bool {
    guard offset > 0 else { return false }
    if text[offset - 1] == 0x2F { return true }
    let length = offset >= wide ? wide : offset
    let bytes = NumberLabels.bytes(text, length, before: offset)
    return bytes == or || bytes == strokes.0 || bytes == strokes.1
  }

  /// What the `length` bytes before an offset are.
  fileprivate func joint(
    _ text: UnsafeRawBufferPointer, before offset: Int, _ length: Int
  ) -> (isCopula: Bool, isOr: Bool) {
    let bytes = NumberLabels.bytes(text, length, before: offset)
    return (bytes == copulas.0 || bytes == copulas.1, bytes == or)
  }

  // MARK: - Names of fields

  /// What a whole word of ASCII letters, the name of a field of JSON or of a query string, calls its value.
  static func key(_ word: Slice<UnsafeRawBufferPointer>) -> Label? {
    guard (3...24).contains(word.count) else { return nil }
    var letters: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in word where byte != 0x2D && byte != 0x5F {
      guard isLetter(byte), count < 16 else { return nil }
      letters = (letters.0 << 8 | letters.1 >> 56, letters.1 << 8 | UInt64(byte | 0x20))
      count += 1
    }
    for name in keys where name.letters == letters { return name.label }
    return nil
  }

  private static let keys: [(letters: (UInt64, UInt64), label: Label)] = {
    let names: [(Label, [String])] = [
      (.student, ["sno", "stuno", "studentno", "studentnumber", "staffno", "empno"]),
      (.card, ["cardno", "ecardno", "campuscardno"]),
      (
        .foreign,
        [
          "bankcardno", "bankcard", "phone", "phoneno", "mobile", "mobileno", "tel", "telephone",
          "idcard", "idcardno", "idno", "certno",
        ]
      ),
    ]
    return names.flatMap { label, words in
      words.map { word in
        (
          word.utf8.reduce((UInt64(0), UInt64(0))) {
            ($0.0 << 8 | $0.1 >> 56, $0.1 << 8 | UInt64($1))
          }, label
        )
      }
    }
  }()
}

/// What the text read so far calls a number that comes next.
struct PendingLabel {
  private(set) var label: NumberLabels.Label?
  /// The word before a stroke or 或: the one behind it is another name of the same number.
  private var either: NumberLabels.Label?
  private var eitherEnd = -1

  init(_ label: NumberLabels.Label? = nil) { self.label = label }

  /// Takes the label for a number that has come.
  mutating func take() -> NumberLabels.Label? {
    defer { self = PendingLabel() }
    return label
  }

  /// Goes on over a character that is neither a letter nor a digit of ASCII.
  @inline(__always)
  mutating func pass(
    _ text: UnsafeRawBufferPointer, at offset: Int, folded: UInt8, length: Int,
    _ labels: NumberLabels
  ) {
    if folded < TextFolding.other {
      passSign(folded, end: offset + length)
      return
    }
    let end = min(offset + length, text.count)
    if let found = labels.ending(text, at: end) {
      let isEither = either != nil && eitherEnd == end - found.length && either != found.label
      label = isEither && either != .foreign && found.label != .foreign ? .person : found.label
      if !isEither { either = nil }
    } else if label != nil {
      let joint = labels.joint(text, before: end, end - offset)
      if joint.isCopula { return }
      if joint.isOr { (either, eitherEnd) = (label, end) }
      label = nil
    }
  }

  private mutating func passSign(_ sign: UInt8, end: Int) {
    guard label != nil else { return }
    switch sign {
    case TextFolding.invisible, 0x09, 0x20, 0x22, 0x27, 0x28, 0x29, 0x2D, 0x3A, 0x3C, 0x3D, 0x3E,
      0x5B, 0x5C, 0x5D, 0x5F, 0x60, 0x7B, 0x7D:
      return
    case 0x2F:
      (either, eitherEnd) = (label, end)
      label = nil
    default: label = nil
    }
  }
}
