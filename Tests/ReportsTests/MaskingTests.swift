import Payments
import Reports
import Testing

@Suite("Masking")
struct MaskingTests {
  @Test(
    "A name keeps its first character",
    arguments: [
      ("张三", "张*"), ("欧阳娜娜", "欧***"), ("𠮷田", "𠮷*"), ("张", "*"), ("", ""),
      ("Li Si", "L****"), ("👩‍👩‍👧三", "👩‍👩‍👧*"),
    ])
  func names(name: String, masked: String) {
    #expect(Masking.name(name) == masked)
  }

  @Test(
    "A number keeps as little as its owner needs",
    arguments: [
      ("2023010188", "2023****88"), ("6222021234561234", "6222****1234"),
      ("110105199001011234", "1101****1234"), ("13800138000", "1380****00"),
      ("20230101", "20****1"), ("12345", "12****5"), ("1234", "****"), ("7", "*"), ("", ""),
      ("`2023010188\t", "`2023****88\t"), ("\"2023010188\"", "\"2023****88\""), ("``", "``"),
      ("stu@example.edu.cn", "stu@****u.cn"),
    ])
  func numbers(number: String, masked: String) {
    #expect(Masking.number(number) == masked)
  }

  @Test("Spans of a text are masked in whatever order they come")
  func spansInAnyOrder() {
    let text = "张三,2023010188,50.00"
    let spans = [Sample.span(7, 17, false), Sample.span(0, 6, true)]
    #expect(Masking.text(text, spans: spans) == "张*,2023****88,50.00")
    #expect(Masking.text(text, spans: spans.reversed()) == "张*,2023****88,50.00")
    #expect(Masking.text(text, spans: []) == text)
  }

  @Test("Overlapping spans are masked as one, a mixture as a name")
  func overlappingSpans() {
    let text = "x,2023010188,y"
    #expect(
      Masking.text(text, spans: [Sample.span(2, 8, false), Sample.span(6, 12, false)])
        == "x,2023****88,y")
    #expect(
      Masking.text(text, spans: [Sample.span(2, 12, false), Sample.span(4, 6, true)])
        == "x,2*********,y")
  }

  @Test("Spans outside the text or inside a character do no harm")
  func brokenSpans() {
    let text = "张三丰,42"
    #expect(Masking.text(text, spans: [Sample.span(-5, 1, true)]) == "*三丰,42")
    #expect(Masking.text(text, spans: [Sample.span(1, 5, true)]) == "张*丰,42")
    #expect(Masking.text(text, spans: [Sample.span(10, 900, false)]) == "张三丰,**")
    #expect(Masking.text(text, spans: [Sample.span(90, 900, false)]) == text)
    #expect(Masking.text(text, spans: [Sample.span(3, 3, false)]) == text)
    #expect(Masking.text("", spans: [Sample.span(0, 3, true)]) == "")
    #expect(Masking.text(text, spans: [Sample.span(.min, .max, true)]) == "张*****")
  }

  @Test("No character a span touches is shown, whatever the spans are")
  func randomSpansNeverLeak() {
    var random = SplitMix(seed: 20_261_102)
    let secret = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    for _ in 0..<500 {
      var spans: [PersonalSpan] = []
      var covered = Set<Int>()
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let from = Int.random(in: -10...70, using: &random)
        let to = from + Int.random(in: 0...20, using: &random)
        spans.append(Sample.span(from, to, Bool.random(using: &random)))
        for byte in from..<to where (0..<60).contains(byte) { covered.insert(byte / 3) }
      }
      let masked = Masking.text(secret, spans: spans)
      let shown = secret.enumerated().filter {
        covered.contains($0.offset) && masked.contains($0.element)
      }
      // A masked span shows at most its first four and last four characters; every character
      // outside the spans is shown.
      #expect(shown.count <= spans.count * 8)
      for (offset, character) in secret.enumerated() where !covered.contains(offset) {
        #expect(masked.contains(character))
      }
    }
  }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
