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

  private let encoding: TextEncoding
  /// Words of Han characters, the longest first, so that 银行卡号 wins over 卡号.
  private let words: [(bytes: [UInt8], label: Label)]
  /// By a word's last byte, whether any word ends with it.
  private let ends: [Bool]
  /// The words that a text may begin with to be seen through at once.
  let usual: [(bytes: [UInt8], label: Label)]
  let colon: [UInt8]
  /// 为 and 是 may stand between a word and its number, 或 between two words.
  private let copulas: [[UInt8]]
  private let or: [UInt8]

  private init(_ encoding: TextEncoding) {
    self.encoding = encoding
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
    words = all.map { (bytes: encoding.encode($0), label: $1) }
      .sorted { $0.bytes.count > $1.bytes.count }
    var ends = [Bool](repeating: false, count: 256)
    for word in words { ends[Int(word.bytes[word.bytes.count - 1])] = true }
    self.ends = ends
    usual = [("学号", Label.student), ("工号", .student), ("卡号", .card), ("学工号", .student)]
      .map { (bytes: encoding.encode($0), label: $1) }
    colon = encoding.encode("：")
    copulas = ["为", "是"].map(encoding.encode)
    or = encoding.encode("或")
  }

  /// The word a text begins with, of the usual ones, and how long it is.
  @inline(__always)
  func beginning(_ text: UnsafeRawBufferPointer) -> (label: Label, length: Int)? {
    for word in usual where text.count > word.bytes.count && starts(text, 0, word.bytes) {
      return (word.label, word.bytes.count)
    }
    return nil
  }

  /// The longest word that ends at an offset.
  ///
  /// - Parameter starts: bit k says whether a character starts k bytes before the offset: in GB18030 a
  ///   word may be found across two characters.
  @inline(__always)
  fileprivate func ending(
    _ text: UnsafeRawBufferPointer, at offset: Int, _ starts: UInt64
  ) -> (label: Label, length: Int)? {
    guard ends[Int(text[offset - 1])] else { return nil }
    return longest(text, at: offset, starts)
  }

  @inline(never)
  private func longest(
    _ text: UnsafeRawBufferPointer, at offset: Int, _ starts: UInt64
  ) -> (label: Label, length: Int)? {
    for word in words {
      let (bytes, length) = (word.bytes, word.bytes.count)
      guard starts >> UInt64(length) & 1 == 1, self.starts(text, offset - length, bytes) else {
        continue
      }
      return (word.label, length)
    }
    return nil
  }

  @inline(__always)
  private func starts(_ text: UnsafeRawBufferPointer, _ offset: Int, _ word: [UInt8]) -> Bool {
    guard offset >= 0, offset + word.count <= text.count else { return false }
    for index in word.indices where text[offset + index] != word[index] { return false }
    return true
  }

  fileprivate func isCopula(_ text: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    copulas.contains { starts(text, offset, $0) }
  }

  fileprivate func isOr(_ text: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    starts(text, offset, or)
  }

  // MARK: - Names of fields

  /// What a whole word of ASCII letters, the name of a field of JSON or of a query string, calls its value.
  static func key(_ word: some Collection<UInt8>) -> Label? {
    guard word.count <= 24, !word.contains(where: isDigit) else { return nil }
    var letters: [UInt8] = []
    for byte in word where byte != 0x2D && byte != 0x5F { letters.append(byte | 0x20) }
    return keys[letters]
  }

  private static let keys: [[UInt8]: Label] = {
    let names: [Label: [String]] = [
      .student: ["sno", "stuno", "studentno", "studentnumber", "staffno", "empno"],
      .card: ["cardno", "ecardno", "campuscardno"],
      .foreign: [
        "bankcardno", "bankcard", "phone", "phoneno", "mobile", "mobileno", "tel", "telephone",
        "idcard", "idcardno", "idno", "certno",
      ],
    ]
    var keys: [[UInt8]: Label] = [:]
    for (label, words) in names {
      for word in words { keys[Array(word.utf8)] = label }
    }
    return keys
  }()
}

/// What the text read so far calls a number that comes next.
struct PendingLabel {
  private(set) var label: NumberLabels.Label?
  /// The word before a stroke or 或: the one behind it is another name of the same number.
  private var either: NumberLabels.Label?
  private var eitherEnd = -1
  private var starts: UInt64 = 0

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
    starts = (starts | 1) << UInt64(length)
    let end = min(offset + length, text.count)
    if let found = labels.ending(text, at: end, starts) {
      let isEither = either != nil && eitherEnd == end - found.length && either != found.label
      label = isEither && either != .foreign && found.label != .foreign ? .person : found.label
      if !isEither { either = nil }
    } else if label != nil {
      if labels.isCopula(text, at: offset) { return }
      if labels.isOr(text, at: offset) { (either, eitherEnd) = (label, end) }
      label = nil
    }
  }

  private mutating func passSign(_ sign: UInt8, end: Int) {
    starts = 0
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
