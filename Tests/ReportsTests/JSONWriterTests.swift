import Foundation
import Reports
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  private func written(isPretty: Bool, _ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter(isPretty: isPretty)
    json.object(body)
    return String(decoding: json.finish(), as: UTF8.self)
  }

  private func fill(_ json: inout JSONWriter) {
    json.field("a", "x")
    json.field("b", Int?.none)
    json.array("c", of: [1, 2]) { json, number in
      json.object { $0.field("n", number) }
    }
    json.array("d", of: [String]()) { $0.element($1) }
    json.array("e", of: ["y", "z"]) { $0.element($1) }
    json.object("f") { _ in }
    json.field("g", true)
    json.field("h", String?.none)
  }

  @Test("Pretty output puts one field on a line")
  func pretty() {
    #expect(
      written(isPretty: true, fill) == """
        {
          "a": "x",
          "b": null,
          "c": [
            {
              "n": 1
            },
            {
              "n": 2
            }
          ],
          "d": [],
          "e": [
            "y",
            "z"
          ],
          "f": {},
          "g": true,
          "h": null
        }

        """)
  }

  @Test("Compact output has no space at all")
  func compact() {
    #expect(
      written(isPretty: false, fill)
        == #"{"a":"x","b":null,"c":[{"n":1},{"n":2}],"d":[],"e":["y","z"],"f":{},"g":true,"h":null}"#
        + "\n")
  }

  @Test("A document may be a list")
  func lists() {
    var json = JSONWriter(isPretty: false)
    json.array(of: ["a", "b"]) { $0.element($1) }
    #expect(String(decoding: json.finish(), as: UTF8.self) == "[\"a\",\"b\"]\n")
  }

  @Test("Chinese, slashes and emoji stay; quotes and controls are escaped")
  func escapes() {
    let text = written(isPretty: false) { json in
      json.field("路/径", "宿舍，“3”/𠮷😀 \"q\" \\ \n\r\t\u{1B}\u{7F}\u{85}\u{202E}\u{FEFF}\u{E0041}")
    }
    #expect(
      text == "{\"路/径\":\"宿舍，“3”/𠮷😀 \\\"q\\\" \\\\ \\n\\r\\t\\u001b\\u007f\\u0085\\u202e\\ufeff"
        + "\\udb40\\udc41\"}\n")
  }

  @Test("Every character parses back to itself")
  func everyCharacterSurvives() throws {
    var texts: [String] = []
    var text = ""
    for value in (0 as UInt32)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      text.unicodeScalars.append(scalar)
      if value % 4_096 == 4_095 {
        texts.append(text)
        text = ""
      }
    }
    var json = JSONWriter()
    json.array(of: texts) { $0.element($1) }
    let bytes = json.finish()
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == texts.count + 2)
    let parsed = try #require(
      try JSONDecoder().decode([String].self, from: Data(bytes)) as [String]?)
    for (index, pair) in zip(parsed, texts).enumerated() {
      #expect(Array(pair.0.unicodeScalars) == Array(pair.1.unicodeScalars), "block \(index)")
    }
    #expect(!bytes.contains { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F })
  }

  @Test("Sums beyond 64 bits are written in full")
  func wideIntegers() {
    let text = written(isPretty: false) { json in
      json.field("max", Int128.max)
      json.field("min", Int128.min)
      json.field("zero", Int64.zero)
    }
    #expect(
      text == "{\"max\":170141183460469231731687303715884105727,"
        + "\"min\":-170141183460469231731687303715884105728,\"zero\":0}\n")
  }
}
