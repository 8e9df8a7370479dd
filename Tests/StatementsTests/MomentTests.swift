import Payments
import Testing

@testable import Statements

/// What a time says: `yyyy-MM-dd HH:mm:ss` in Shanghai, `yyyy-MM-dd` for a day, else its name.
private func told(_ field: MomentField) -> String {
  switch field {
  case .value(let seconds): Timestamp(seconds: seconds).description
  case .day(let seconds):
    Timestamp(seconds: seconds).secondOfDay == 0
      ? Timestamp(seconds: seconds).day.description : "a day that starts late"
  default: "\(field)"
  }
}

@Suite("Times") struct MomentTests {
  @Test(
    "every form is read, by the quick parser and by the long one, in either encoding",
    arguments: [
      ("2019-02-19 01:51:59", "2019-02-19 01:51:59"),
      ("2016-02-01 16：33：45", "2016-02-01 16:33:45"),
      ("2016-05-04  02:18:18", "2016-05-04 02:18:18"),
      ("2016-05-04　02:18:18", "2016-05-04 02:18:18"),
      ("２０１６-０５-０４ ０２:１８:１８", "2016-05-04 02:18:18"),
      ("2025/12/03  14:06:51", "2025-12-03 14:06:51"),
      ("2026/1/2 4:56:07", "2026-01-02 04:56:07"), ("2026-03-02T01:00:00", "2026-03-02 01:00:00"),
      ("2026-03-02T01:00:00Z", "2026-03-02 09:00:00"),
      ("2026-03-02T01:00:00.123Z", "2026-03-02 09:00:00"),
      ("2026-03-02T01:00:00+08:00", "2026-03-02 01:00:00"),
      ("2026-03-02T01:00:00+02:00", "2026-03-02 07:00:00"),
      ("2026-03-02T01:00:00.5-05:00", "2026-03-02 14:00:00"),
      ("2026-12-31T20:00:00Z", "2027-01-01 04:00:00"), ("20260410 17:07:09", "2026-04-10 17:07:09"),
      ("20260410 170709", "2026-04-10 17:07:09"), ("20260410170709", "2026-04-10 17:07:09"),
      ("2026-04-10 170709", "2026-04-10 17:07:09"),
      ("2017-10-18-20.07.19.483163", "2017-10-18 20:07:19"),
      ("2019年09月16日 00:00:00", "2019-09-16 00:00:00"), ("2019年9月6日 1:02:03", "2019-09-06 01:02:03"),
      ("2019年09月16日", "2019-09-16"), ("2026-11-02", "2026-11-02"), ("2026/11/02", "2026-11-02"),
      ("20261102", "2026-11-02"), ("2024-02-29", "2024-02-29"),
      ("2024-02-29 23:59:59", "2024-02-29 23:59:59"),
      ("2000-02-29 00:00:00", "2000-02-29 00:00:00"), ("2026/1/2 04:56", "withoutSeconds"),
      ("2026-11-02 08:00", "withoutSeconds"), ("", "empty"), ("  ", "empty"), ("--", "empty"),
    ])
  func forms(_ text: String, _ expected: String) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      encoding.encode(text).withUnsafeBytes { bytes in
        #expect(told(parseAnyMoment(bytes, encoding: encoding)) == expected, "\(text)")
        var parser = MomentParser()
        #expect(told(parser.parse(bytes, encoding: encoding)) == expected, "\(text)")
        if encoding == .utf8 { #expect(told(parser.parseISO(bytes)) == expected, "\(text)") }
      }
    }
  }

  @Test(
    "a date no calendar has, an hour no clock has, and anything else is no time",
    arguments: [
      "2023-02-29 00:00:00", "1900-02-29 00:00:00", "2024-02-30 00:00:00", "2026-04-31",
      "2026-13-01",
      "2026-00-10", "2026-11-00", "0000-01-01", "2026-11-02 24:00:00", "2026-11-02 08:60:00",
      "2026-11-02 08:00:60", "20261102 240000", "20261102 0800",
      "202611020800",
      "20261302", "26-11-02", "02/11/2026", "1/2/2026 04:56:00", "2026-11", "2026", "8:00:00",
      "2026-11-02 08", "2026-11-02 08:00:00 PM", "2026-11-02 08:00:00 01", "2026-011-02",
      "2026-11-02 08:000:00", "2026-11-02 08:00:00+0800", "2026-11-02 08:00:00+08", "昨天", "合计",
      "4.63286E+04", "46328.5", "2026-1a-02", "2026-11-02 0a:00:00", "99999999999999999999",
      "以上数据仅供参考", "2026-11-02\u{0}08:00:00",
    ])
  func garbage(_ text: String) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      encoding.encode(text).withUnsafeBytes { bytes in
        #expect(parseAnyMoment(bytes, encoding: encoding) == .notATime, "\(text)")
        var parser = MomentParser()
        #expect(parser.parse(bytes, encoding: encoding) == .notATime, "\(text)")
        #expect(parser.parseISO(bytes) == .notATime, "\(text)")
      }
    }
  }

  @Test("a parser that remembers a day is never wrong about the next")
  func memory() {
    var parser = MomentParser()
    let texts = [
      "2026-11-02 08:00:00", "2026-11-02 23:59:59", "2026-11-03 00:00:00", "2026-11-31 00:00:00",
      "2026-11-02 24:00:00", "2026-12-02 00:00:00", "2025-12-02 00:00:00", "2025-12-0x 00:00:00",
    ]
    for text in texts + texts.reversed() {
      Array(text.utf8).withUnsafeBytes { bytes in
        #expect(
          parser.parse(bytes, encoding: .utf8) == parseAnyMoment(bytes, encoding: .utf8), "\(text)")
      }
    }
  }
}
