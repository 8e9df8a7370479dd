import Payments
import Testing

@testable import Statements

/// A sound file of one layout, to be spoiled.
struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  /// Its text, where it is text: what can be written in another encoding.
  var text: String?
  var isXML = false

  var testDescription: String { name }

  static let amounts = [500, 600, 700, 80_000, 990]

  static let wechat = BadInput("wechat.csv", Sheet.wechat(amounts))
  static let ledger = BadInput("ledger.csv", Sheet.ledger(amounts))
  static let alipay = BadInput("alipay.csv", Sheet.alipay(amounts), isGB: true)
  static let ccb = BadInput("ccb.csv", Sheet.ccb(amounts), isGB: true)
  static let camt = BadInput(
    name: "camt.xml", bytes: Sheet.utf8(Sheet.camt(amounts)), text: Sheet.camt(amounts), isXML: true
  )
  static let unionPay = BadInput(name: "INN26110288ZM", bytes: Sheet.unionPay(amounts))
  static let zip: BadInput = {
    var member = WrittenMember("20886110_20261102_业务明细.csv")
    member.contents = alipay.bytes
    return BadInput(name: "alipay.zip", bytes: zipped([member]))
  }()
  static let workbook = BadInput(name: "ledger.xlsx", bytes: book(sheet(Sheet.ledger(amounts))))

  static let separated = [wechat, ledger, alipay, ccb]
  static let all = separated + [camt, unionPay, zip, workbook]

  init(name: String, bytes: [UInt8], text: String? = nil, isXML: Bool = false) {
    (self.name, self.bytes, self.text, self.isXML) = (name, bytes, text, isXML)
  }

  init(_ name: String, _ text: String, isGB: Bool = false) {
    self.init(name: name, bytes: isGB ? Sheet.gb(text) : Sheet.utf8(text), text: text)
  }

  /// A workbook around a sheet.
  static func book(_ sheet: String) -> [UInt8] {
    zipped([
      WrittenMember("[Content_Types].xml", "<Types/>"),
      WrittenMember("xl/worksheets/sheet1.xml", sheet),
    ])
  }

  /// Separated text as the cells of a sheet.
  static func sheet(_ text: String) -> String {
    let rows = text.split(separator: "\r\n").enumerated().map { number, line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
        "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>"
      }
      return "<row r=\"\(number + 1)\">\(cells.joined())</row>"
    }
    return "<worksheet><sheetData>\(rows.joined())</sheetData></worksheet>"
  }

  /// Its bytes with `line` put in as line `number`.
  func inserting(_ line: [UInt8], asLine number: Int) -> [UInt8] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines.insert(line[...], at: number - 1)
    return Array(lines.joined(separator: [0x0A]))
  }

  static func utf16(_ text: String, isLittle: Bool, mark: Bool) -> [UInt8] {
    ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
      let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isLittle ? pair : pair.reversed()
    }
  }
}

/// The built-in layouts, read once for all tests.
let builtInProfiles: [Profile] = (try? Profile.builtIn()) ?? []

/// Reads spoiled bytes and checks what must hold of any bytes whatever: nothing is lost, every fault
/// has words and a line that exists, and what is said to be sound has lost no row.
@discardableResult
func readAnything(
  _ bytes: [UInt8], as name: String, _ how: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) async throws -> [Reading] {
  let found = try await readings(of: bytes, as: name, profiles: builtInProfiles)
  let comment = Comment("\(name): \(how)")
  #expect(!found.isEmpty, comment, sourceLocation: sourceLocation)
  for reading in found {
    #expect(reading.isConserved, comment, sourceLocation: sourceLocation)
    #expect(
      reading.statement.faults.allSatisfy { ($0.line ?? 1) >= 1 && !$0.detail.zh.isEmpty }, comment,
      sourceLocation: sourceLocation)
    #expect(
      reading.rejections.allSatisfy {
        $0.file.hasPrefix(name) && $0.line >= 1 && !$0.reason.en.isEmpty
      },
      comment, sourceLocation: sourceLocation)
    if reading.statement.faults.isEmpty {
      #expect(!reading.statement.format.isEmpty, comment, sourceLocation: sourceLocation)
      #expect(
        reading.table.count == reading.statement.read.rows && reading.rejections.isEmpty, comment,
        sourceLocation: sourceLocation)
    }
  }
  let intake = Intake(found, options: Intake.Options())
  #expect(intake.isConserved, comment, sourceLocation: sourceLocation)
  for row in 0..<min(2, intake.entries.count) { _ = try intake.evidence(row) }
  return found
}

extension Reading {
  /// Its rows without their places.
  var rows: [Entry] {
    (0..<table.count).map { row in
      var entry = table[row]
      (entry.line, entry.offset, entry.payer) = (0, 0, 0)
      return entry
    }
  }
}
