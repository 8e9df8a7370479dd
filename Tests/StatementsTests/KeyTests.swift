import Columns
import Payments
import Testing

@testable import Statements

@Suite("Keys") struct KeyTests {
  private func trim(_ text: String) -> String {
    Array(text.utf8).withUnsafeBytes { String(decoding: trimmed($0), as: UTF8.self) }
  }

  @Test(
    "what exports put around a value is no part of it",
    arguments: [
      "4200", "`4200", "4200\t", "\t4200 ", "  4200", "4200\r", "=\"4200\"", " =\"4200\" ",
      "=\"\t4200\"", "`=\"4200\"\t", "=\"`4200\t\"",
    ])
  func guards(_ text: String) {
    #expect(trim(text) == "4200")
    let key = Array(text.utf8).withUnsafeBytes { fingerprint(trimmed($0)) }
    #expect(key == fingerprint("4200"))
  }

  @Test(
    "what is inside a value stays", arguments: ["42`00", "42 00", "42\t00", "=4200", "\"4200\""])
  func inside(_ text: String) {
    #expect(trim(text) == text)
  }

  @Test(
    "a key that says nothing is absent",
    arguments: [
      "", "0", "00000000", "-", "--", "----------", "/", "NOTPROVIDED", "NONREF", "`", "\t",
      "=\"0\"",
    ])
  func absent(_ text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { isAbsent(trimmed($0)) })
  }

  @Test(
    "a key that says little is there",
    arguments: ["1", "01", "0-", "-1", "//", "a", "NOTPROVIDED1", "notprovided"])
  func present(_ text: String) {
    #expect(!Array(text.utf8).withUnsafeBytes { isAbsent($0) })
  }

  @Test(
    "a number a spreadsheet rewrote is known, and no serial is taken for one",
    arguments: [
      ("4.20E+27", true), ("4.00123E+27", true), ("4.2e+27", true), ("4E+27", true),
      ("1.5E+9", true),
      ("4.20E+", false), ("E+27", false), ("4200E27", false), ("4.20E-27", false), ("AE+27", false),
      ("4200002652202611020002374679", false), ("CK20261102E+27", false), ("", false),
    ])
  func scientific(_ text: String, _ expected: Bool) {
    #expect(Array(text.utf8).withUnsafeBytes { isScientific($0) } == expected)
  }

  @Test("no two of a hundred thousand serials share a fingerprint, and none is absent's")
  func fingerprints() {
    var seen = Set<UInt64>()
    for number in 0..<100_000 { seen.insert(fingerprint("42000026522026110200\(number)")) }
    #expect(seen.count == 100_000)
    #expect(!seen.contains(0))
    #expect(fingerprint("") != 0)
  }

  private func found(
    _ text: String, _ encoding: TextEncoding,
    _ find: (UnsafeRawBufferPointer) -> Range<Int>?
  ) -> String? {
    encoding.encode(text).withUnsafeBytes { bytes in
      find(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test(
    "the school's order number is found in either encoding",
    arguments: [
      ("学号2024010006 CK20261102690402374631", "CK20261102690402374631"), ("订单号：A1 学号2", "A1"),
      ("订单A-1_b", "A-1_b"), ("单号: 77", "77"),
      ("校园卡充值CK20261102690402374631", "CK20261102690402374631"),
      ("学号2024010006", nil), ("4200002652202611020002374679", "4200002652202611020002374679"),
      ("123456789012345678", nil), ("abcdefghijklmnop", nil), ("A1234567890", nil),
      ("A12345678901", "A12345678901"),
      ("订单号 充值", nil), ("", nil), ("乗A12345678901乗", "A12345678901"),
      ("6222021234567890123 CK20261102690402374631", "CK20261102690402374631"),
      ("付款 6222021234567890128 充值", nil), ("6222021234567890129", "6222021234567890129"),
      ("银行卡：6222021234567890129", nil),
      ("卡 6222021234567890128 4200002652202611020002374679", "4200002652202611020002374679"),
      // Identity numbers, whatever stands before them.
      ("缴费 11010519491231002X 充值", nil), ("订单号：11010519491231002X", nil),
      ("订单号 110105-19491231-002x CK20261102690402374631", "CK20261102690402374631"),
      ("订单号：110105194912310021", "110105194912310021"),
    ] as [(String, String?)])
  func orders(_ text: String, _ expected: String?) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      let finder = OrderFinder(encoding)
      #expect(found(text, encoding) { finder.find($0) } == expected, "\(text) in \(encoding.name)")
    }
  }

  @Test("a trail byte that looks like a digit is no digit")
  func trailBytes() {
    // 0x8139EF30 is one character of four bytes, two of which are digits in ASCII.
    let bytes: [UInt8] = [0x81, 0x39, 0xEF, 0x30] + Array("1234567".utf8)
    bytes.withUnsafeBytes { PeopleFinder(.gb18030).find($0) { #expect($0.place == 4..<11) } }
  }

  @Test("texts that end inside a character are searched without a crash")
  func cutTexts() {
    let whole = TextEncoding.gb18030.encode("校园卡充值 学号：2023010002 订单号：㐀CK20261102690402374631")
    for count in 0...whole.count {
      whole[..<count].withUnsafeBytes { bytes in
        for encoding in [TextEncoding.utf8, .gb18030] {
          PeopleFinder(encoding).find(bytes) { _ in }
          _ = OrderFinder(encoding).find(bytes)
        }
      }
    }
  }

  @Test("A bank message's order of a region and the day itself is one; an identity number never is")
  func ordersLikeIdentityNumbers() async throws {
    func number(_ birth: String) -> String {
      let fitting = "0123456789X".map { "440300" + birth + "123" + String($0) }
      return fitting.first { IdentityNumber.isOne($0.utf8, bornBy: nil) } ?? ""
    }
    for (birth, isOrder) in [("20261102", true), ("20080512", false)] {
      let text = number(birth)
      let message = Sheet.camt([5_000]).replacing("学号2023011000", with: "订单号\(text)")
      let read = try await intake([("boc.xml", Sheet.utf8(message))])
      #expect(read.entries.order[0] == (isOrder ? fingerprint(text) : 0), "\(text)")
      #expect(try read.evidence(0).order == (isOrder ? text : nil), "\(text)")
      #expect(try read.evidence(0).line.personal.isEmpty == isOrder, "\(text)")
    }
  }
}
