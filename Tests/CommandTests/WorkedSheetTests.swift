import Foundation
import Testing

/// `cardrecon resolve --import`: the sheet a clerk worked, all of it or nothing.
@Suite("Worked sheets")
struct WorkedSheetTests {
  /// A reconciled sample day and its workbook.
  struct Office {
    let copy: Scratch
    let workbook: EditedWorkbook
    /// Ids in the order of the sheet: the first stands on row 4.
    let ids: [String]

    init(review: Bool = false, language: String = "zh") async throws {
      copy = try Sample.copy()
      if review {
        let text = try copy.text("samples/cardrecon.yaml")
        try copy.write(
          text.replacing("review: false", with: "review: true"), to: "samples/cardrecon.yaml")
      }
      let run = try await cardrecon(
        "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, "--lang", language,
        in: copy)
      #expect(run.code == 1 && run.err == "")
      let folder = "samples/reports/\(Sample.day)/"
      workbook = EditedWorkbook(try copy.read(folder + "report.xlsx"))
      ids = try ReportFile(copy.read(folder + "report.json")).anomalies.map(\.id)
    }

    func fill(_ cells: [String: String], language: String = "zh") async throws -> Program.Finished {
      try copy.write(try workbook.filled(cells), to: "worked.xlsx")
      return try await importing(language)
    }

    func importing(_ language: String = "zh") async throws -> Program.Finished {
      try await cardrecon(
        "resolve", "--import", "worked.xlsx", "--config", "samples/cardrecon.yaml", "--lang",
        language, in: copy)
    }

    func open() async throws -> String {
      try await cardrecon("anomalies", "--config", "samples/cardrecon.yaml", in: copy).out
    }
  }

  private static let worked = [
    "O4": "已退款", "P4": "王会计", "Q4": "李主任", "R4": "2026-11-03", "S4": "2026-1107", "T4": "已电话告知",
    "O6": "不是差错", "P6": " 王会计 ", "T6": "<b>&测试",
  ]

  @Test("Worked rows are recorded, empty ones skipped; a second import changes nothing")
  func twice() async throws {
    let office = try await Office()
    let first = try await office.fill(Self.worked)
    #expect(first.code == 0 && first.err == "")
    let empty = office.ids.count - 2
    #expect(first.out == "已登记 2 行；此前已登记 0 行；未填写、跳过 \(empty) 行。\n")
    let open = try await office.open()
    for (index, id) in office.ids.enumerated() {
      #expect(open.contains(id) == ![0, 2].contains(index), "\(id)")
    }
    let chain = try office.copy.read("samples/state/history.sqlite")
    let second = try await office.importing()
    #expect(second.code == 0)
    #expect(second.out == "没有新的处理结果：2 行此前均已登记，什么都没有改变；未填写 \(empty) 行。\n")
    let isSame = try office.copy.read("samples/state/history.sqlite") == chain
    #expect(isSame)
    let trace = try await cardrecon(
      "trace", office.ids[0], "--config", "samples/cardrecon.yaml", in: office.copy)
    for word in ["已退款", "王会计", "李主任", "2026-1107", "办理日 2026-11-03", "已电话告知"] {
      // Long lines are folded.
      let isThere = trace.out.filter { !$0.isWhitespace }.contains(word.filter { $0 != " " })
      #expect(isThere, "\(word)")
    }
    let verify = try await cardrecon(
      "verify", "--config", "samples/cardrecon.yaml", in: office.copy)
    #expect(verify.code == 0, "\(verify.out)")
  }

  @Test(
    "A row that cannot be is named with row and column, and nothing is recorded",
    arguments: [
      (["O5": "退了"], "第 5 行 O 列（处理结果）：“退了”不是处理结果"),
      (["O5": ""], "第 5 行 O 列（处理结果）：未选择处理结果"),
      (["P5": " "], "第 5 行 P 列（处理人）：未填写处理人"),
      (["Q5": "王会计"], "第 5 行 Q 列（复核人）：复核人须与处理人不同"),
      (["S5": ""], "第 5 行 S 列（凭证号）：未填写凭证号"),
      (["R5": "昨天"], "第 5 行 R 列（处理日期）：“昨天”不是日期"),
      (["R5": "2999-01-01"], "第 5 行 R 列（处理日期）：2999-01-01 还没有到"),
      (["O5": "重新打开"], "第 5 行 O 列（处理结果）："),
      (["E5": "1.00"], "第 5 行 E 列（金额（元））：金额“1.00”与该差错的"),
      (["P5": String(repeating: "王", count: 65)], "第 5 行 P 列（处理人）：超过 64 个字"),
    ] as [([String: String], String)])
  func refused(change: [String: String], message: String) async throws {
    let office = try await Office()
    var cells = Self.worked
    for (column, text) in ["O5": "已补入账", "P5": "王会计", "Q5": "李主任", "S5": "7", "T5": "x"] {
      cells[column] = text
    }
    cells.merge(change) { $1 }
    cells = cells.filter { !$0.value.isEmpty }
    let run = try await office.fill(cells)
    #expect(run.code == 64 && run.out == "")
    #expect(run.err.contains("《差错明细表》" + message), "\(run.err)")
    #expect(run.err.contains("一行也没有登记"))
    let open = try await office.open()
    #expect(office.ids.allSatisfy(open.contains))
  }

  @Test("A note without an outcome is a note; who is at it, or waited for, leaves it open")
  func notes() async throws {
    let office = try await Office()
    let run = try await office.fill([
      "P4": "王会计", "T4": "已电话告知", "O5": "跟进中", "P5": "王会计", "O6": "待本人", "P6": "王会计",
    ])
    #expect(run.code == 0 && run.out.hasPrefix("已登记 3 行；"), "\(run.err)")
    let open = try await office.open()
    #expect(office.ids.allSatisfy(open.contains))
    #expect(open.contains("跟进中（王会计）") && open.contains("待本人"))
    #expect(try await office.importing().out.hasPrefix("没有新的处理结果：3 行"))
    // A note that comes after a sheet makes it no other.
    let noted = try await cardrecon(
      "resolve", office.ids[1], "--note", "已回电", "--by", "王会计", "--config",
      "samples/cardrecon.yaml", in: office.copy)
    #expect(noted.code == 0, "\(noted.err)")
    #expect(try await office.importing().out.hasPrefix("没有新的处理结果：3 行"))
    let register = try await cardrecon(
      "decisions", "--csv", "--config", "samples/cardrecon.yaml", in: office.copy)
    #expect(register.code == 0)
    let lines = register.out.split(separator: "\r\n")
    #expect(lines.count == 5 && lines[1].contains(",备注,,王会计,"), "\(register.out)")
  }

  @Test("Every bad row is named at once, in English too")
  func allProblems() async throws {
    let office = try await Office(language: "en")
    let run = try await office.fill(
      ["O4": "refunded", "O5": "what", "P5": "W", "P7": "W"], language: "en")
    #expect(run.code == 64)
    let lines = run.err.split(separator: "\n")
    #expect(lines.count == 5, "\(run.err)")
    #expect(run.err.contains("“Anomalies” row 4, column P (Done by): say who did it."))
    #expect(run.err.contains("row 4, column S (Voucher)"))
    #expect(run.err.contains("row 5, column O (Outcome): “what” is none of: refunded,"))
    #expect(run.err.contains("row 7, column O (Outcome): choose an outcome"))
  }

  @Test("Where the configuration asks for a second person, the sheet must name one")
  func review() async throws {
    let office = try await Office(review: true)
    let alone = ["O4": "已退款", "P4": "王会计", "S4": "1"]
    let refused = try await office.fill(alone)
    #expect(refused.code == 64 && refused.err.contains("第 4 行 Q 列（复核人）：配置要求复核"))
    let both = try await office.fill(alone.merging(["Q4": "李主任"]) { $1 })
    #expect(both.code == 0, "\(both.err)")
  }

  @Test("A sheet of another school, a decided case and a file that is none are refused")
  func strangers() async throws {
    let office = try await Office()
    #expect(try await office.fill(Self.worked).code == 0)
    // The same case, decided otherwise.
    let again = try await office.fill(Self.worked.merging(["O4": "已核销"]) { $1 })
    #expect(again.code == 64 && again.err.contains("第 4 行 O 列") && again.err.contains("重新打开"))
    let reopened = try await office.fill(["O4": "重新打开", "P4": "李主任"])
    #expect(reopened.code == 0, "\(reopened.err)")
    try office.copy.write("no workbook", to: "worked.xlsx")
    #expect(try await office.importing().code == 66)
    let other = try await Office()
    try other.copy.write(
      try other.workbook.filled(Self.worked), to: "worked.xlsx")
    try other.copy.remove("samples/state")
    #expect(try await other.importing().code == 66)
    // A history that knows another day only.
    try other.copy.remove("samples/reports")
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--date", "2026-10-05", in: other.copy)
    #expect(run.code == 2)
    let unknown = try await other.importing()
    #expect(unknown.code == 64)
    #expect(unknown.err.contains("第 4 行 B 列（差错编号）：没有编号为 \(other.ids[0]) 的差错"))
    let mixed = try await cardrecon(
      "resolve", "x", "--import", "worked.xlsx", "--config", "samples/cardrecon.yaml",
      in: other.copy)
    #expect(mixed.code == 64)
  }
}
