import Foundation
import Testing

@testable import Statements

/// Whoever stands anywhere in a statement stays hidden in everything the program says.
@Suite("People planted everywhere", .serialized)
struct PlantedPeopleTests {
  static let layouts = (try? Profile.builtIn().map(\.name)) ?? []

  private static func sheet(_ name: String) throws -> PlantedSheet {
    PlantedSheet(try #require(try Profile.builtIn().first { $0.name == name }))
  }

  /// Every value in every column, alone and within a sentence.
  private static func plants(_ sheet: PlantedSheet, harmless: Bool) -> [PlantedSheet.Plant] {
    // The first row says whose account it is.
    var plants = [PlantedSheet.Plant(column: "", value: "")]
    for (place, column) in sheet.columns.enumerated()
    where column.use != .key && PlantedSheet.isHarmless(column.use) == harmless {
      let isFree = column.use == .text || column.use == .stranger
      let isAmount = [.balance, .moneyIn, .moneyOut, .main, .amount, .sequence, .merchant]
        .contains(column.use)
      func add(_ index: Int, _ value: String, _ name: String? = nil) {
        // Digits in a column of amounts are an amount.
        if isAmount, value.allSatisfy({ $0.isNumber || " .()（）".contains($0) }) { return }
        let isAlone = !isFree || (index + place) % 2 == 0
        let text = isAlone ? value : "校园卡充值 给\(value)，充50元"
        if sheet.fits(text, column.name) {
          plants.append(.init(column: column.name, value: text, name: name))
        }
      }
      let values = PlantedPeople.numbers + PlantedPeople.rooms + PlantedPeople.labelled
      for (index, value) in values.enumerated() { add(index, value) }
      for (index, name) in PlantedPeople.names.enumerated() {
        add(index, sheet.hasNames || column.use == .name ? name : "姓名：\(name)", name)
      }
    }
    return plants
  }

  /// A statement of the other book, so that the rows are judged and quoted.
  private static func other(_ sheet: PlantedSheet) throws -> (name: String, text: String) {
    let other = try Self.sheet(sheet.profile.side == "ledger" ? "wechat-trade" : "card-ledger")
    return ("other.csv", other.file([.init(column: "", value: "")]))
  }

  /// Runs what reads files and gives everything that was said.
  private static func said(_ file: String, hasRefused: Bool, in folder: Scratch) async throws -> [(
    String, [UInt8]
  )] {
    var runs: [[String]] = [
      ["check", file, "other.csv", "--csv", "found.csv"],
      ["check", file, "other.csv", "--json", "--lang", "en"],
      ["inspect", file, "--rows", "3000"],
    ]
    var said: [(String, [UInt8])] = []
    // Its JSON tells of refused rows only.
    if hasRefused { runs.append(["inspect", file, "--json", "--lang", "en"]) }
    let finished = try await withThrowingTaskGroup(of: ([String], Program.Finished).self) { group in
      for run in runs { group.addTask { (run, try await cardrecon(run, in: folder)) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for (run, done) in finished {
      #expect(done.code <= 2, "\(run): \(done.err)")
      said.append((run.joined(separator: " "), done.outBytes))
      said.append(("stderr of \(run[0])", done.errBytes))
    }
    if let csv = try? folder.read("found.csv") { said.append(("found.csv", csv)) }
    return said
  }

  @Test("Nobody is readable, whatever column he stands in", arguments: layouts, [true, false])
  func columns(layout: String, harmless: Bool) async throws {
    let sheet = try Self.sheet(layout)
    let plants = Self.plants(sheet, harmless: harmless)
    if plants.count < 2 { return }
    let folder = try Scratch()
    let name = layout == "campus-transfer" ? "XYK00002.20261102" : "planted.txt"
    let isEdge = !harmless
    try folder.write(
      sheet.file(
        plants, head: isEdge ? ["导出人姓名：张三 电话13912345678", "单位：云山大学，经办人：欧阳小明"] : [],
        tail: isEdge ? ["制表：联系人张三，手机139-1234-5678，宿舍12栋305"] : [],
        header: isEdge ? "联系人：张三13912345678" : nil), to: name)
    let other = try Self.other(sheet)
    try folder.write(other.text, to: other.name)
    for (what, output) in try await Self.said(name, hasRefused: isEdge, in: folder) {
      let readable = PlantedPeople.readable(in: output)
      #expect(readable == [], "\(layout), \(what)")
    }
    // What is hidden was there: the same in full names everybody.
    let full = try await cardrecon(["inspect", name, "--rows", "3000", "--unmask"], in: folder)
    let shown = PlantedPeople.readable(in: full.outBytes).count
    let isNarrow = sheet.profile.fixed != nil || sheet.profile.view == .summary
    #expect(shown > 10 || isNarrow, "\(layout): \(shown) of \(plants.count)")
  }
}
