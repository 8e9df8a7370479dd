import Glibc
import Testing

@testable import CampusSimulator

// Readers as simple as can be, sharing nothing with the ones under test elsewhere.

/// A file of a source as text.
func text(_ day: SimulatedDay, _ source: String) throws -> String {
  let file = try #require(day.files.first { $0.source == source })
  let isChinese = source == "ccb" || source == "alipay"
  return String(decoding: isChinese ? decoded(file.bytes) : file.bytes, as: UTF8.self)
}

/// GB18030 as UTF-8, by the C library; stops at the first damaged byte.
func decoded(_ bytes: [UInt8]) -> [UInt8] {
  guard let converter = iconv_open("UTF-8", "GB18030") else { return [] }
  defer { iconv_close(converter) }
  var input = bytes.map(CChar.init(bitPattern:))
  var output = [CChar](repeating: 0, count: bytes.count * 3)
  let written = input.withUnsafeMutableBufferPointer { from in
    output.withUnsafeMutableBufferPointer { to in
      var (next, left) = (from.baseAddress, from.count)
      var (place, room) = (to.baseAddress, to.count)
      _ = iconv(converter, &next, &left, &place, &room)
      return to.count - room
    }
  }
  return output[..<written].map(UInt8.init(bitPattern:))
}

/// Lines without their ends, without a byte order mark and without a last empty one.
func lines(_ text: String) -> [String] {
  var all = text.unicodeScalars.split(
    separator: "\n" as Unicode.Scalar, omittingEmptySubsequences: true
  ).map { part in
    var line = String(part)
    while line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
    return line
  }
  if all.first?.unicodeScalars.first == "\u{FEFF}" { all[0].unicodeScalars.removeFirst() }
  return all
}

/// Rows of a table as dictionaries from header to value.
func table(_ header: String, _ rows: some Sequence<String>, by separator: String = ",")
  -> [[String: String]]
{
  let names = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  return rows.map { row in
    let fields = pieces(row, by: separator)
    return Dictionary(zip(names, fields)) { first, _ in first }
  }
}

/// A line cut at every separator; TABs and a leading backtick are dropped.
func pieces(_ line: String, by separator: String) -> [String] {
  var fields: [String] = []
  var rest = Substring(line)
  while let found = rest.firstRange(of: separator) {
    fields.append(String(rest[..<found.lowerBound]))
    rest = rest[found.upperBound...]
  }
  fields.append(String(rest))
  return fields.map { field in
    String(field.drop { $0 == "`" }.filter { $0 != "\t" })
  }
}

/// `-12.05` as fen; further decimals must be zeros.
func fen(_ text: String?) throws -> Int64 {
  let text = try #require(text)
  let isNegative = text.hasPrefix("-")
  let parts = text.drop { $0 == "-" }.split(separator: ".")
  let whole = try #require(parts.first.flatMap { Int64($0) })
  var cents = parts.count > 1 ? String(parts[1]) : "00"
  while cents.count > 2, cents.hasSuffix("0") { cents.removeLast() }
  while cents.count < 2 { cents.append("0") }
  #expect(cents.count == 2, "\(text) is no whole number of fen")
  let value = whole * 100 + (try #require(Int64(cents)))
  return isNegative ? -value : value
}

/// The rows of a WeChat bill, and its trailer.
func weChat(_ text: String) -> (rows: [[String: String]], trailer: [String]) {
  let all = lines(text)
  return (
    table(all[0], all[1..<(all.count - 2)], by: ",`"), pieces(all[all.count - 1], by: ",`")
  )
}

/// The rows of an Alipay detail, and its trailer lines.
func alipay(_ text: String) -> (rows: [[String: String]], trailer: [String]) {
  let all = lines(text)
  let start = all.firstIndex { !$0.hasPrefix("#") } ?? 0
  let end = all[start...].firstIndex { $0.hasPrefix("#") } ?? all.count
  return (table(all[start], all[(start + 1)..<end]), Array(all[end...]))
}

/// Rows of a plain CSV whose first line is the header.
func plain(_ text: String) -> [[String: String]] {
  let all = lines(text)
  return table(all[0], all.dropFirst())
}

/// Everything between `<name>` and `</name>`, in order.
func elements(_ name: String, in text: some StringProtocol) -> [String] {
  var found: [String] = []
  var rest = Substring(text)
  while let open = rest.firstRange(of: "<\(name)>"),
    let close = rest[open.upperBound...].firstRange(of: "</\(name)>")
  {
    found.append(String(rest[open.upperBound..<close.lowerBound]))
    rest = rest[close.upperBound...]
  }
  return found
}
