import Columns
import Payments
import Testing

@testable import Statements

/// An aggregator's bill, which has no header: columns are known by their order.
@Suite("Files without a header")
struct HeaderlessTests {
  private static let names =
    "商户号, 门店名称, 终端号, 交易时间, 交易类型, 凭证号, 卡号, 交易金额, 手续费, 交易日期, 交易单号, 订单号, 商户备注, 持卡人姓名"

  private static let profile = """
    name: our-allinpay
    title: { zh: 通联支付对账单, en: Allinpay bill }
    side: channel
    channel: other
    separator: ","
    signature: []
    headerless: [\(names)]
    columns:
      time: [交易日期]
      timeOfDay: [交易时间]
      serial: [交易单号]
      order: [订单号]
      merchant: [商户号]
      accountText: [商户备注]
      fee: [手续费]
    required: [time, serial, order]
    amounts:
      交易金额: 2
      手续费: 2
    kinds:
      column: [交易类型]
      values:
        消费: { is: payment, amount: [交易金额] }
        退货: { is: refund, amount: [交易金额] }
    personal: [持卡人姓名]
    personalNumbers: [卡号]
    """

  private static let rows = [
    "55001,食堂,T1,08:00:00,消费,1,6217001234560016,50.00,0.10,2026-11-02,TL1,CK1,学号2023010001,张三丰",
    "55001,食堂,T1,08:05:10,消费,2,6217001234560024,30.00,0.06,2026-11-02,TL2,CK2,学号2023010002,李小四",
    "55001,食堂,T1,09:00:00,退货,3,6217001234560024,30.00,-0.06,2026-11-02,TL3,CK2,学号2023010002,李小四",
  ]

  private func read(
    _ rows: [String], _ profile: String = profile, ending: String = "\r\n"
  ) async throws -> Intake {
    let folder = try StatementFolder()
    try folder.write(Sheet.utf8(profile), "own.yaml")
    var options = Intake.Options()
    options.profileFolder = folder.path
    let text = rows.joined(separator: ending) + ending
    return try await intake([("b.csv", Sheet.gb(text))], options)
  }

  @Test("The first line is a row like any other")
  func read() async throws {
    for ending in ["\r\n", "\n"] {
      let read = try await read(Self.rows, ending: ending)
      let statement = try read.statement("b.csv")
      #expect(statement.format == "our-allinpay" && statement.faults == [], "\(statement.faults)")
      #expect(read.entries.kind == [.payment, .payment, .refund])
      #expect(read.entries.fen == [5_000, 3_000, 3_000])
      let first = try read.evidence(0)
      #expect(first.line.line == 1 && first.serial == "TL1" && first.order == "CK1")
      #expect(read.isConserved)
    }
  }

  @Test("What has other columns, or no day or amount in their places, is not taken for one")
  func others() async throws {
    let columns = Self.rows[0].split(separator: ",").map(String.init)
    var swapped = columns
    swapped.swapAt(7, 1)
    for row in [
      columns.dropLast().joined(separator: ","), (columns + ["x"]).joined(separator: ","),
      swapped.joined(separator: ","), Self.names.replacing(", ", with: ","),
    ] {
      let read = try await read([row])
      #expect(try read.statement("b.csv").format.isEmpty, "\(row)")
    }
  }

  @Test("A file with a header is of the layout its header names")
  func headerFirst() async throws {
    let folder = try StatementFolder()
    try folder.write(Sheet.utf8(Self.profile), "own.yaml")
    var options = Intake.Options()
    options.profileFolder = folder.path
    let read = try await intake([("b.csv", Sheet.utf8(Sheet.ccb([1_000])))], options)
    #expect(try read.statement("b.csv").format == "ccb-corporate")
  }

  @Test(
    "A list that cannot be right is refused where it stands",
    arguments: [
      ("门店名称, ", "商户号, "), (", 订单号", ", 单号"),
      ("signature: []", "signature: []\nfixed: { width: 9, fields: { 订单号: [1, 2] } }"),
    ])
  func mistakes(good: String, bad: String) {
    let text = Self.profile.replacing(good, with: bad, maxReplacements: 1)
    #expect(throws: StatementError.self) {
      _ = try ProfileFile(name: "own.yaml", text: text).profile()
    }
  }
}
