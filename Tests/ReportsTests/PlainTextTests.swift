import Reports
import Testing

@Suite("Plain text")
struct PlainTextTests {
  @Test(
    "What would drive a terminal is shown instead",
    arguments: [
      ("a\u{1B}[31mb", "a␛[31mb"), ("a\r\nb", "a␍␊b"), ("a\tb", "a b"), ("\u{0}", "␀"),
      ("\u{7F}", "␡"), ("a\u{9B}2J", "a\\u{9b}2J"), ("gpj.\u{202E}fdp", "gpj.\\u{202e}fdp"),
      ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("\u{FEFF}x", "\\u{feff}x"),
      ("a\u{200B}b", "a\\u{200b}b"), ("\u{E0041}", "\\u{e0041}"), ("\u{2028}", "\\u{2028}"),
    ])
  func unsafeIsShown(text: String, shown: String) {
    #expect(PlainText.neutralised(text) == shown)
  }

  @Test(
    "Ordinary text of any script is left alone",
    arguments: ["", "abc 123", "校园卡充值，宿舍３号楼", "𠮷野家", "👩‍👩‍👧", "न्‍य", "¥50.00 – “x”", "é e\u{301}"])
  func ordinaryTextStays(text: String) {
    #expect(PlainText.neutralised(text) == text)
  }

  @Test("Clipping counts characters and says so")
  func clipping() {
    #expect(PlainText.clipped("校园卡充值", to: 3) == "校园卡…")
    #expect(PlainText.clipped("校园卡", to: 3) == "校园卡")
    #expect(PlainText.clipped("abc", to: 0) == "…")
    #expect(PlainText.clipped("abc", to: -1) == "…")
  }
}

@Suite("Display width")
struct DisplayWidthTests {
  @Test(
    "Text takes the columns a terminal gives it",
    arguments: [
      ("", 0), ("abc", 3), ("校园卡", 6), ("Ａ１，", 6), ("ｱ", 1), ("¥50", 3), ("…", 1),
      ("e\u{301}", 1), ("\u{301}", 0), ("😀", 2), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇨🇳", 2), ("❤️", 2), ("❤", 1),
      ("𠮷", 2), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("ไทย", 3), ("ที่", 1), ("、。《》", 8),
      ("␛", 1), ("㊙", 2), ("─│", 2), ("क्ष", 2),
    ])
  func widths(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test("Lines break between Chinese characters, at spaces, and never inside a number")
  func wrapping() {
    let text = "流水号 4200002345202611020000000001，已扣款（见凭证），未到账。"
    for width in 1...60 {
      let lines = DisplayWidth.wrapped(text, to: width)
      #expect(lines.contains { $0.contains("4200002345202611020000000001") })
      #expect(
        lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "width \(width)")
      for line in lines {
        #expect(!"，。）".contains(line.first ?? "x"), "\(line)")
        #expect(line.last != "（", "\(line)")
      }
      // Everything but the serial and its comma fits from ten columns on.
      if width >= 10 {
        for line in lines where !line.contains("4200002345") {
          #expect(DisplayWidth.of(line) <= width + 2, "\(line)")
        }
      }
    }
    #expect(DisplayWidth.wrapped("", to: 10) == [""])
    #expect(DisplayWidth.wrapped("a b  c", to: 3) == ["a b", "c"])
  }

  @Test("A cut never leaves half a number")
  func clipping() {
    let text = "2026,4200002345202611020000000001,50.00"
    #expect(DisplayWidth.clipped(text, to: 20) == "2026,…")
    #expect(DisplayWidth.clipped(text, to: 100) == text)
    #expect(DisplayWidth.clipped("校园卡充值", to: 6) == "校园…")
    #expect(DisplayWidth.clipped("校园卡充值", to: 7) == "校园卡…")
    #expect(DisplayWidth.clipped(String(repeating: "x", count: 500), to: 10).count == 10)
  }

  @Test("A quoted row is folded after a separator, and its last line is clipped")
  func folding() {
    let text = "2026-11-02 10:00:00,4200002345202611020000000001,50.00,成功"
    #expect(
      DisplayWidth.folded(text, to: 30, limit: 4) == [
        "2026-11-02 10:00:00,", "4200002345202611020000000001,", "50.00,成功",
      ])
    #expect(DisplayWidth.folded(text, to: 30, limit: 2).last == "4200002345202611020000000001,…")
    #expect(DisplayWidth.folded(String(repeating: "7", count: 50), to: 20, limit: 9).count == 3)
    #expect(DisplayWidth.folded("", to: 20, limit: 9) == [""])
  }

  @Test("Columns line up whatever script their cells are in")
  func tablesLineUp() {
    var table = TextTable([
      .init("渠道"), .init("金额", isRight: true), .init("备注", minimum: 6), .init("End"),
    ])
    table.rows = [
      ["微信支付", "1,234.50", "宿舍👩‍👩‍👧３号楼", "|"], ["ICBC", "0.00", "e\u{301}é", "|"],
      ["𠮷", "-5.00", "", "|"],
    ]
    let wide = table.lines(width: 200)
    let positions = wide.rows.map { DisplayWidth.of(String($0.dropLast())) }
    #expect(Set(positions).count == 1)
    #expect(
      DisplayWidth.of(String(wide.heading.prefix { $0 != "E" })) == positions.first)
    let narrow = table.lines(width: 32)
    #expect(narrow.rows.allSatisfy { DisplayWidth.of($0) <= 32 })
    #expect(narrow.rows[0].contains("1,234.50"))
    #expect(Set(narrow.rows.map { DisplayWidth.of(String($0.dropLast())) }).count == 1)
  }
}
