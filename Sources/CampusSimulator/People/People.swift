internal import Payments

/// Everybody who holds a card, computed from an index instead of stored: a school of a million
/// costs nothing.
struct People: Sendable {
  let students: Int
  let staff: Int
  /// How the school names them.
  let customs: Customs
  private let salt: UInt64

  init(students: Int, staff: Int, seed: UInt64, customs: Customs = .plain) {
    self.students = students
    self.staff = staff
    self.customs = customs
    salt = SplitMix64.mixed(seed ^ 0x5EED_0F5C_4001)
  }

  var count: Int { students + staff }

  func isStaff(_ person: Int32) -> Bool { Int(person) >= students }

  /// 学号 (year of entry and six digits) or 工号 (eight digits, in some schools after a letter).
  ///
  /// - Parameter side: who writes it, where the two sides do not spell alike.
  func writeNumber(_ person: Int32, by side: Customs.Side? = nil, to sheet: inout ByteSheet) {
    let index = UInt64(person)
    if isStaff(person) {
      if customs.letteredStaff {
        sheet.text(side != nil && customs.smallLetters == side ? "t" : "T")
      }
      sheet.digits(10_000_000 + index - UInt64(students), width: 8)
    } else {
      if side != nil, customs.leadingZeros == side { sheet.text("000") }
      sheet.digits(2_020 + index % 7, width: 4)
      sheet.digits(10_001 + index / 7, width: 6)
    }
  }

  /// The number of a person's first card (generation 0) or of a replacement: twelve digits.
  func writeCard(_ person: Int32, generation: UInt8, to sheet: inout ByteSheet) {
    sheet.digits(3_701 + UInt64(generation), width: 4)
    sheet.digits(10_000_000 + UInt64(person), width: 8)
  }

  /// 姓名.
  func writeName(_ person: Int32, to sheet: inout ByteSheet) {
    let bits = SplitMix64.mixed(salt &+ UInt64(person))
    sheet.raw(Names.surnames[Int(bits % UInt64(Names.surnames.count))])
    let given = bits >> 16
    sheet.raw(Names.given[Int(given % UInt64(Names.given.count))])
    if (bits >> 8) & 3 != 0 {
      sheet.raw(Names.given[Int((given >> 16) % UInt64(Names.given.count))])
    }
  }

  /// WeChat 用户标识: 28 characters, different for every payer.
  func writeOpenID(_ person: Int32, to sheet: inout ByteSheet) {
    sheet.text("oHk7Lx")
    var bits = SplitMix64.mixed(salt &+ UInt64(person) &* 3 &+ 1)
    var number = UInt64(person)
    for place in 0..<22 {
      // Eleven characters spell the index itself, so that no two payers share one.
      let value = place % 2 == 0 ? bits % 62 : (number &+ salt &+ UInt64(place)) % 62
      if place % 2 == 0 { bits /= 62 } else { number /= 62 }
      if bits == 0 { bits = SplitMix64.mixed(salt &+ UInt64(place)) }
      sheet.byte(Names.letters[Int(value)])
    }
  }

  /// Alipay 对方账户, masked as Alipay masks it; different for every payer.
  func writeAlipayAccount(_ person: Int32, to sheet: inout ByteSheet) {
    let index = UInt64(person)
    sheet.byte(0x2A)
    sheet.raw(Names.given[Int(SplitMix64.mixed(salt &+ index) % UInt64(Names.given.count))])
    sheet.text("(")
    sheet.digits(130 + index / 10_000 % 70, width: 3)
    sheet.text("****")
    sheet.digits(index % 10_000, width: 4)
    sheet.text(")")
  }

  /// A bank card: nineteen digits, different for every payer.
  func writeBankCard(_ person: Int32, to sheet: inout ByteSheet) {
    sheet.text("6217")
    sheet.digits(SplitMix64.mixed(salt ^ UInt64(person)) % 10_000_000, width: 7)
    sheet.digits(UInt64(person), width: 8)
  }

  func number(_ person: Int32) -> String {
    var sheet = ByteSheet()
    writeNumber(person, to: &sheet)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }

  func card(_ person: Int32, generation: UInt8) -> String {
    var sheet = ByteSheet()
    writeCard(person, generation: generation, to: &sheet)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }
}

/// What names are made of.
enum Names {
  static let surnames = list(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
      + "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
      + "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤")
  static let given = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红文建国志海波宁佳欣怡雨晨"
      + "浩宇轩梓涵诗琪俊凯思远子墨一诺婷雪琳倩晓东鹏飞龙云天翔博雅楠睿哲瑞嘉懿昊然泽洋语"
      + "嫣若曦可馨清越书瑶")
  static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  private static func list(_ characters: String) -> [[UInt8]] {
    characters.map { Array(String($0).utf8) }
  }
}
