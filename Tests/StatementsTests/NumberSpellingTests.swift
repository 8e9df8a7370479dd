import Columns
import Payments
import Testing

@testable import Statements

/// One number written in many ways is one number.
@Suite("Numbers as they are compared") struct NumberSpellingTests {
  private static let dressed = [
    "'K1-a", "’K1-a", "`K1-a", "K1-a\u{A0}", "\u{FEFF}K1-a", "K1-a\u{200B}", "\u{3000}K1-a\u{3000}",
    "Ｋ１-ａ",
    "Ｋ１－ａ", "\u{200B}'K1-a'", "\tK1-a ",
  ]

  @Test("a key is one whatever is around it, in each column of keys", arguments: dressed)
  func keys(_ text: String) async throws {
    for encoding in [TextEncoding.utf8, .gb18030] {
      let rows = "\(text),2026-11-02 08:00:05,充值,50.00,成功,601001,,,微信,\(text),\(text),\(text),,"
      let bytes = encoding.encode(ledgerText([rows, ledgerRow("L2")]))
      let reading = try #require(try await readings(of: bytes).first)
      let (entry, key) = (reading.table[0], fingerprint("K1-a"))
      #expect(
        entry.own == key && entry.order == key && entry.serial == key && entry.original == key)
      let quoted = try reading.quote(entry)
      #expect(quoted.own == "K1-a" && quoted.order == "K1-a" && quoted.serial == "K1-a")
    }
    #expect(fingerprint(text) == fingerprint("K1-a") && bareKey(text) == "K1-a")
    #expect(soughtKeys(text).contains(fingerprint("K1-a")))
  }

  @Test("case, signs inside and leading zeros are a key's own")
  func ownSigns() {
    let keys = ["K1-a", "k1-a", "K1a", "K1 a", "0K1-a", "K1-a.0", "K1_a", "K1-a'b"]
    #expect(Set(keys.map { fingerprint($0) }).count == keys.count)
    #expect(fingerprint("0012") != fingerprint("12") && fingerprint("1.00") != fingerprint("1"))
    #expect(
      fingerprint("12.0") == fingerprint("12") && fingerprint("0012.0") == fingerprint("0012"))
    #expect(fingerprint("‘K1’") == fingerprint("K1"))
  }

  @Test(
    "a person's number is one whatever its case, blanks, hyphens, guards and leading zeros",
    arguments: [
      "T20230001", "t20230001", "'T20230001", "T2023 0001", "T2023-0001", "Ｔ２０２３０００１",
      "00T20230001",
      "\u{FEFF}T20230001", "T20230001\u{A0}", "T2023\u{200B}0001", "`T20230001", "’t20230001",
      "T2023—0001",
    ])
  func people(_ text: String) async throws {
    let key = fingerprint(person: "T20230001")
    #expect(fingerprint(person: text) == key && soughtKeys(text, isPerson: true).contains(key))
    for encoding in [TextEncoding.utf8, .gb18030] {
      let rows = [
        "L1,2026-11-02 08:00:05,充值,50.00,成功,\(text),\(text),,微信,,,,,", ledgerRow("L2"),
      ]
      let reading = try #require(
        try await readings(of: encoding.encode(ledgerText(rows))).first)
      #expect(reading.table.account[0] == key && reading.table.student[0] == key)
    }
  }

  @Test("digits of a data frame and lost zeros are one number; zeros alone are none")
  func zeros() {
    let spellings = [
      "2023010203", "002023010203", "2023010203.0", "\"2023010203\"", "=\"2023010203\"",
    ]
    #expect(Set(spellings.map { fingerprint(person: $0) }) == [fingerprint("2023010203")])
    for text in ["", "0", "000", "-", "--", "/", "'", "0.0", "NONREF", "\u{A0}", "０"] {
      let key = Array(text.utf8).withUnsafeBytes { personHash($0, .utf8) }
      #expect(key == 0, "\(text)")
    }
    #expect(fingerprint(person: "2023.01") != fingerprint(person: "202301"))
  }

  @Test("the fast ways out say what the careful ones say")
  func fastWays() {
    let alphabet = Array("0012349AZaznN-'.` _").map(String.init) + ["０", "Ｋ", "\u{A0}", "\u{200B}"]
    var state: UInt64 = 7
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    for _ in 0..<30_000 {
      var text = (0..<(1 + next(20))).map { _ in alphabet[next(8)] }.joined()
      if next(3) == 0 { text += alphabet[next(alphabet.count)] }
      let bytes = Array(text.utf8) + [UInt8](repeating: 0xA5, count: PlainField.slack)
      bytes.withUnsafeBufferPointer { room in
        guard let start = room.baseAddress else { return }
        let field = PlainField(at: start, count: text.utf8.count)
        if field.isBareKey { #expect(fingerprint(field.bytes) == fingerprint(text), "\(text)") }
        if field.isBareNumber {
          #expect(fingerprint(field.bytes) == fingerprint(person: text), "\(text)")
        }
        let slow = withPersonNumber(field.bytes, .utf8) { $0.isEmpty ? 0 : fingerprint($0) }
        #expect(personHash(field.bytes, .utf8) == slow, "\(text)")
      }
    }
  }
}
