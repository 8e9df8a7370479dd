import Payments
import Testing

@testable import CampusSimulator
@testable import Statements

/// Files damaged at random, a few seconds' worth: no reader may crash, lose a row or invent money.
/// `scripts/fuzz-run` does the same for as long as one likes, guided by coverage.
@Suite("Damaged files") struct MutationTests {
  /// One file of every layout the simulator writes, and a workbook.
  static let files: [SimulatedFile] = {
    var configuration = SchoolConfiguration.sample(seed: 20_261_102)
    configuration.paymentsPerDay = 12
    configuration.students = 500
    let day = BusinessDay(year: 2_026, month: 11, day: 2) ?? BusinessDay(number: 0)
    var files = School(configuration).day(day).files
    configuration.alipayZipped = false
    files += School(configuration).day(day).files.filter { $0.source == "alipay" }
    let plain = files.last?.bytes ?? []
    files.append(SimulatedFile(name: "a.gz", source: "alipay", bytes: gzipped(plain)))
    return files + [SimulatedFile(name: "a.xlsx", source: "wechat", bytes: zipped(workbook))]
  }()

  private static let workbook = [
    WrittenMember("[Content_Types].xml", "<Types/>"),
    WrittenMember(
      "xl/worksheets/sheet1.xml",
      """
      <worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>\
      <c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row><row r="2"><c r="A2" s="1">\
      <v>46328.5</v></c><c r="B2"><v>28.160000000000004</v></c><c r="C2" t="inlineStr"><is>\
      <t>100.00</t></is></c><c r="D2" t="inlineStr"><is><t>校园卡</t></is></c></row></sheetData>\
      </worksheet>
      """),
    WrittenMember(
      "xl/sharedStrings.xml",
      "<sst><si><t>交易日期</t></si><si><t>收入</t></si><si><t>余额</t></si><si><t>摘要</t></si></sst>"),
    WrittenMember(
      "xl/styles.xml", "<styleSheet><cellXfs><xf/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"),
  ]

  /// A damaged copy: a few bytes flipped, cut, doubled, moved or replaced by something awkward.
  static func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    let awkward: [[UInt8]] = [
      [0], [0xFF], [0x22], [0x0A], [0x0D, 0x0A], Array("-9223372036854775808".utf8),
      Array("9999999999999999.99".utf8), Array("+9223372036854775807:00".utf8), [0xAB, 0x7C],
      Array("4.20E+27".utf8), Array("<!DOCTYPE a>".utf8), Array("1009-13-32".utf8), [0x60, 0x2C],
    ]
    var copy = bytes
    for _ in 0...random.below(4) {
      guard !copy.isEmpty else { break }
      let place = random.below(copy.count)
      let end = min(copy.count, place + 1 + random.below(60))
      switch random.below(6) {
      case 0: copy[place] ^= 1 << UInt8(random.below(8))
      case 1: copy.removeSubrange(place..<end)
      case 2: copy.insert(contentsOf: copy[place..<end], at: random.below(copy.count))
      case 3: copy.replaceSubrange(place..<end, with: random.pick(awkward))
      case 4: copy.insert(contentsOf: random.pick(awkward), at: place)
      default: if random.below(4) == 0 { copy.removeSubrange(place...) }
      }
    }
    return copy
  }

  @Test(arguments: files.indices)
  func nothingIsLost(_ index: Int) async throws {
    let file = MutationTests.files[index]
    let profiles = try Profile.builtIn()
    var random = SplitMix64(seed: 811 + UInt64(index))
    let rounds = file.bytes.count > 50_000 ? 40 : 150
    for round in 0..<rounds {
      let bytes = round == 0 ? file.bytes : MutationTests.damaged(file.bytes, &random)
      let found = try await readings(of: bytes, as: file.name, profiles: profiles)
      #expect(!found.isEmpty, "\(file.name), round \(round)")
      for reading in found {
        #expect(reading.isConserved, "\(file.name), round \(round)")
        #expect(reading.table.fen.allSatisfy { $0 >= 0 })
      }
      let intake = Intake(found, options: Intake.Options())
      for row in 0..<min(4, intake.entries.count) {
        let line = try intake.evidence(row).line
        #expect(line.personal.allSatisfy { $0.utf8.upperBound <= line.text.utf8.count })
      }
    }
  }
}
