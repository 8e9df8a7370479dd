/// Numbers that are a person's because the word before them says so, whatever their form.
///
/// | word | what follows |
/// |---|---|
/// | 身份证, 证件, 护照, 通行证, 台胞证, 回乡证, 居住证, ID card, passport | 6 to 24 letters and digits, 5 of them digits: identity numbers of 15 digits too |
/// | 手机, 电话, 联系方式, phone, mobile, tel | 5 digits and more, with dashes, blanks, brackets |
/// | QQ, 微信号, wechat id, 支付宝账号, 邮箱, mail | 5 letters, digits, dots and dashes, and more |
/// | 学号, 工号, 学工号, 卡号, sno, cardNo | 4 to 32 letters and digits, 3 of them digits |
/// | 银行卡, 储蓄卡, 信用卡, 借记卡 | 12 to 19 digits |
///
/// Between the two may stand 号码, a colon, an equals sign, quotes, brackets and blanks. Amounts and days are none.
struct PersonalLabels {
  let text: FoldedText
  /// Whether some characters are, or stand in, an order or serial.
  let isKey: (Range<Int>) -> Bool

  /// What a word announces.
  private enum Kind: Sendable { case document, telephone, login, school, bank }

  private static let words: WordTable<Kind> = {
    let lists: [(Kind, [String])] = [
      (
        .document,
        [
          "身份证", "证件号", "证件", "护照", "通行证", "台胞证", "回乡证", "居住证", "idcard", "id card", "id_card",
          "idno", "passport",
        ]
      ),
      (
        .telephone,
        [
          "手机", "电话", "联系方式", "座机", "tel", "telephone", "phone", "mobile", "mobilephone",
          "cellphone",
        ]
      ),
      (
        .login,
        [
          "qq", "微信号", "微信账号", "微信id", "wechatid", "wechat id", "wxid", "支付宝账号", "支付宝账户", "邮箱",
          "邮件",
          "email", "e-mail", "mail",
        ]
      ),
      (
        .school,
        [
          "学号", "工号", "学工号", "卡号", "一卡通号", "考生号", "准考证", "学籍号", "sno", "stuno", "cardno",
          "studentno",
          "studentid", "student id", "xgh",
        ]
      ),
      (.bank, ["银行卡", "储蓄卡", "信用卡", "借记卡", "bank card", "bankcard"]),
    ]
    return WordTable(lists.flatMap { kind, words in words.map { ($0, kind) } })
  }()
  private static let tails = WordTable(["号码", "号", "码", "账号", "number", "no.", "no", "_no", "id"])
  /// : = ' " ( [ 【 and blanks.
  private static let marks: Set<UInt32> = [
    0x3A, 0x3D, 0x27, 0x22, 0x28, 0x5B, 0x20, 0x3010, 0x201C, 0x23,
  ]

  /// Calls `body` with where a number stands, in characters.
  func find(_ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      guard let (length, kind) = PersonalLabels.words.at(place, in: text) else {
        place += 1
        continue
      }
      place += length
      if let found = value(behind: place, kind) {
        body(found)
        place = found.upperBound
      }
    }
  }

  private func value(behind label: Int, _ kind: Kind) -> Range<Int>? {
    var start = label
    while let (length, _) = PersonalLabels.tails.at(start, in: text) ?? glued(start) {
      start += length
    }
    // Letters that go on are another word: telecom.
    if start == label, text[label - 1].isLatin, text[label].isLatin { return nil }
    let first = start
    while start < first + 5, PersonalLabels.marks.contains(text[start]) { start += 1 }
    var end = start
    while end < text.count, end - start < 40, belongs(text[end], kind) { end += 1 }
    while end > start, !text[end - 1].isWord { end -= 1 }
    let found = text.codes[start..<end]
    let digits = found.count { $0.isDigit }
    let letters = found.count { $0.isLatin }
    let isOne =
      switch kind {
      case .document: (6...24).contains(digits + letters) && digits >= 5
      case .telephone: digits >= 5
      case .login: digits + letters >= 5
      case .school: (4...32).contains(digits + letters) && digits >= 3
      case .bank: (12...19).contains(digits)
      }
    guard isOne, !isAmountOrDay(start, end) else { return nil }
    // What a text calls a person's document or login is no order, whatever else has it.
    let mayBeKey = kind != .document && kind != .login
    return mayBeKey && isKey(start..<end) ? nil : start..<end
  }

  /// A tail of Latin letters directly behind a label of such: `phoneNo`.
  private func glued(_ place: Int) -> (length: Int, value: Bool)? {
    guard text[place - 1].isLatin else { return nil }
    for tail in ["number", "no", "id"] {
      let codes = FoldedText.codes(tail)
      if place + codes.count <= text.count, !text[place + codes.count].isLatin,
        text.codes[place..<(place + codes.count)].elementsEqual(codes)
      {
        return (codes.count, true)
      }
    }
    return nil
  }

  private func belongs(_ code: UInt32, _ kind: Kind) -> Bool {
    switch kind {
    case .document: code.isWord || code == 0x2D || code == 0x28 || code == 0x29
    case .telephone, .bank: code.isDigit || [0x2D, 0x20, 0x28, 0x29, 0x2B].contains(code)
    case .login: code.isWord || [0x2D, 0x2E, 0x40].contains(code)
    case .school: code.isWord || code == 0x2D
    }
  }

  /// Whether digits go on as an amount does, or are a day with its dashes.
  private func isAmountOrDay(_ start: Int, _ end: Int) -> Bool {
    if text[end] == 0x2E, text[end + 1].isDigit { return true }
    let parts = text.codes[start..<end].split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == 0x2D || $0 == 0x20 })
    return parts.count > 2 && parts[0].count == 4 && parts[1].count == 2 && parts[2].count == 2
  }
}
