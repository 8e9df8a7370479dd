import Payments
import Testing

@testable import Statements

/// Who a text is about.
@Suite("The numbers of people in a text") struct PeopleFinderTests {
  /// What is found, one after the other: `student labelled 2023010203`.
  private func found(_ text: String, _ encoding: TextEncoding) -> [String] {
    let bytes = encoding.encode(text)
    var told: [String] = []
    bytes.withUnsafeBytes { raw in
      PeopleFinder(encoding).find(raw) { number in
        let place = UnsafeRawBufferPointer(rebasing: raw[number.place])
        let text = withPersonNumber(place, encoding) { String(decoding: $0, as: UTF8.self) }
        #expect(number.key == fingerprint(person: text))
        told.append("\(number.kind) \(number.way) \(text)")
      }
    }
    return told
  }

  private func check(_ text: String, _ expected: [String]) {
    #expect(found(text, .utf8) == expected, "\(text)")
    #expect(found(text, .gb18030) == expected, "\(text) in GB18030")
  }

  @Test(
    "the word before it says what a number is",
    arguments: [
      ("学号2023010203", "student labelled 2023010203"),
      ("校园卡充值 学号：2023010203", "student labelled 2023010203"),
      ("学工号 2023010203充值", "student labelled 2023010203"), ("工号: 88", "student labelled 88"),
      ("职工号=10000001", "student labelled 10000001"), ("教工号为10000001", "student labelled 10000001"),
      ("教职工号是“10000001”", "student labelled 10000001"),
      ("学籍号[2023010203]", "student labelled 2023010203"),
      ("【学号】2023010203", "student labelled 2023010203"),
      ("学号：2023010203，充值", "student labelled 2023010203"),
      ("学号2023010203校园卡", "student labelled 2023010203"),
      ("卡号370112345678", "card labelled 370112345678"),
      ("校园卡号370112345678", "card labelled 370112345678"),
      ("一卡通号（370112345678）", "card labelled 370112345678"),
      ("一卡通账号：370112345678", "card labelled 370112345678"),
      ("校园卡账号 370112345678", "card labelled 370112345678"),
      ("行卡号2023010203", "card labelled 2023010203"), ("工号T00120012", "student labelled T00120012"),
      ("学号t20230001", "student labelled T20230001"), ("学号20S103101", "student labelled 20S103101"),
      ("学号2023010203X", "student labelled 2023010203X"),
      ("学号：０２０２３０１０", "student labelled 2023010"),
      ("学号２０２３０１０２０３", "student labelled 2023010203"),
      ("学号0002023010203", "student labelled 2023010203"),
      ("学号2023010203.0", "student labelled 2023010203"),
      ("学号-2023010203", "student labelled 2023010203"),
      ("学号2023\u{200B}010203", "student labelled 2023010203"), ("卡号：：1", "card labelled 1"),
    ])
  func labels(_ text: String, _ expected: String) { check(text, [expected]) }

  @Test(
    "the name of a field says it too, in JSON and in query strings",
    arguments: [
      (#"{"oid":"CK1","sno":"2024000001"}"#, ["student labelled 2024000001"]),
      (#"{"cardNo": 800000000001}"#, ["card labelled 800000000001"]),
      ("type=1&stuNo=2024000001&x=y", ["student labelled 2024000001"]),
      ("STUDENT_NO=2024000001", ["student labelled 2024000001"]),
      ("student-number:2024000001", ["student labelled 2024000001"]),
      ("staffNo=T0001", ["student labelled T0001"]), ("empNo:'1001'", ["student labelled 1001"]),
      ("e_card_no=800000000001", ["card labelled 800000000001"]),
      ("campusCardNo=800000000001", ["card labelled 800000000001"]),
      (#"{\"sno\":\"2024000001\"}"#, ["student labelled 2024000001"]),
      (
        #"{"学号":"2024000001","卡号":"800000000001"}"#,
        ["student labelled 2024000001", "card labelled 800000000001"]
      ),
      (#"{"sno":"","cardNo":"800000000001"}"#, ["card labelled 800000000001"]),
      (#"{"sno":null,"x":"2024000001"}"#, ["any prose 2024000001"]),
      ("bankCardNo=6217000000000001", []), ("mobile=13812345678", []),
      ("desnos=2024000001", ["any prose 2024000001"]),
      ("xsno=2024000001", ["any prose 2024000001"]),
    ] as [(String, [String])])
  func fields(_ text: String, _ expected: [String]) { check(text, expected) }

  @Test(
    "what the text calls something else is nobody's",
    arguments: [
      "银行卡号6222021234567890", "付款银行卡：6222021234567890 校园卡充值", "手机号13812345678", "手机号码：13812345678",
      "身份证号：110101199001011234", "身份证号码：11010119900101123X", "借记卡 6222021234567890",
      "联系电话13800000004", "银行卡号6217 0033 0000 0000 001", "电话138-0013-8000", "工行卡号6222021234567890",
      "卡尾号1234", "操作员工号1001", "校园卡充值", "学号未知", "订单123", "", "2.02301E+09", "学号2.02301E+09",
      "4.2E+27", "充值 20E+10",
    ])
  func foreign(_ text: String) { check(text, []) }

  @Test(
    "all numbers of a text are found, each of its kind",
    arguments: [
      (
        "卡号800000000001 学号2024000001",
        ["card labelled 800000000001", "student labelled 2024000001"]
      ),
      ("银行卡号6222021234567890 学号2023010203", ["student labelled 2023010203"]),
      ("学号2023010203 银行卡号6222021234567890", ["student labelled 2023010203"]),
      ("手机13812345678，学工号2023010203", ["student labelled 2023010203"]),
      ("手机13812345678 2023010203", ["any prose 2023010203"]),
      ("卡号/学号：2024000001", ["any labelled 2024000001"]),
      ("学号或工号2024000001", ["student labelled 2024000001"]),
      ("学号： 卡号：800000000001", ["card labelled 800000000001"]),
      ("20261102 校园卡 学号2023010002", ["student labelled 2023010002", "any prose 20261102"]),
    ] as [(String, [String])])
  func several(_ text: String, _ expected: [String]) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      #expect(Set(found(text, encoding)) == Set(expected), "\(text) in \(encoding.name)")
    }
  }

  @Test(
    "where a number may end in several places all readings are given",
    arguments: [
      (
        "学号2023 0100 01 充值",
        ["student ifKnown 2023", "student ifKnown 20230100", "student ifKnown 2023010001"]
      ),
      (
        "卡号8000-0000-0001",
        ["card ifKnown 8000", "card ifKnown 80000000", "card ifKnown 800000000001"]
      ),
      ("学号2024000001 50元", ["student ifKnown 2024000001", "student ifKnown 202400000150"]),
      ("工号T-20230001", ["student ifKnown T20230001"]),
      (
        "学号2023010203CK20261102690402374631",
        ["student ifKnown 2023010203", "student ifKnown 2023010203CK20261102690402374631"]
      ),
      ("学号2023010203yuan", ["student ifKnown 2023010203", "student ifKnown 2023010203YUAN"]),
      ("学号2023010203 充值", ["student labelled 2023010203"]),
      ("学号2023010203  2024", ["student labelled 2023010203", "any prose 2024"]),
      ("学号2023010203-充值", ["student labelled 2023010203"]),
    ] as [(String, [String])])
  func readings(_ text: String, _ expected: [String]) { check(text, expected) }

  @Test(
    "without a label a number is somebody's only if it is known",
    arguments: [
      ("2023010203", ["any ifKnown 2023010203"]), ("t20230001", ["any ifKnown T20230001"]),
      ("0001", ["any ifKnown 1"]), ("23-01-03", ["any ifKnown 230103"]),
      ("2023-0102-03", ["any prose 2023", "any prose 102", "any ifKnown 2023010203"]),
      ("2023010203.0", ["any ifKnown 2023010203"]), ("'2023010203", ["any ifKnown 2023010203"]),
      ("\u{A0}2023010203\u{3000}", ["any ifKnown 2023010203"]),
      ("２０２３０１０２０３", ["any ifKnown 2023010203"]),
      ("T 20230001", ["any prose 20230001", "any ifKnown T20230001"]),
      ("校园卡2023010203充值", ["any prose 2023010203"]), ("充值2023010203", ["any prose 2023010203"]),
      ("recharge 2023010203", ["any prose 2023010203"]),
      ("订单CK20261118000003", ["any prose CK20261118000003"]),
      ("宿舍3-102 2023010203", ["any prose 2023010203"]), ("充值123", []), ("充值0000", []),
      ("充值1234567890123456789012345", []), ("123", []), ("00000000", []),
      ("充值123456789012345678901234", ["any prose 123456789012345678901234"]),
    ] as [(String, [String])])
  func unlabelled(_ text: String, _ expected: [String]) { check(text, expected) }

  @Test("GB18030 characters that hold digits or words across two of them are no numbers")
  func acrossCharacters() {
    // 0x8139EF30 is one character of four bytes, two of which are digits in ASCII.
    let bytes: [UInt8] = [0x81, 0x39, 0xEF, 0x30] + Array("123".utf8)
    bytes.withUnsafeBytes { PeopleFinder(.gb18030).find($0) { Issue.record("\($0)") } }
    #expect(found("㐀乗乗2023010002", .gb18030) == ["any prose 2023010002"])
    // 学 is D1A7 and 号 BAC5: between two other characters they are neither.
    let across: [UInt8] = [0xB0, 0xD1, 0xA7, 0xBA, 0xC5, 0xA1] + Array("2023010002".utf8)
    across.withUnsafeBytes { PeopleFinder(.gb18030).find($0) { #expect($0.kind == .any) } }
  }

  @Test("texts of anything are walked to their end")
  func anything() {
    let parts = [
      "学号", "卡号", "银行卡号", "2023010203", " ", "-", "T", "０", "：", "“", "\u{200B}", ".0", "E+", "\"",
      "sno", "=",
      "或", "/", "为", "㐀", "\u{A0}", "1", "x", "_", ".",
    ]
    var state: UInt64 = 1
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += parts[Int(state >> 33) % parts.count]
      }
      #expect(found(text, .utf8) == found(text, .gb18030), "\(text)")
      for encoding in [TextEncoding.utf8, .gb18030] {
        var (glanced, walked): ([KeyHash], [KeyHash]) = ([], [])
        encoding.encode(text).withUnsafeBytes { raw in
          let finder = PeopleFinder(encoding)
          finder.find(raw) {
            glanced += [$0.key, UInt64($0.kind.rawValue), UInt64($0.way.rawValue)]
          }
          finder.walk(raw) {
            walked += [$0.key, UInt64($0.kind.rawValue), UInt64($0.way.rawValue)]
          }
        }
        #expect(glanced == walked, "\(text) in \(encoding.name)")
      }
    }
  }
}
