import Columns
import Foundation
import Payments
import Testing

@testable import Statements

/// A folder of one test, removed with it.
final class StatementFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/statements-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }
}

/// Reads files written for the test, as a run does.
func intake(
  _ files: [(name: String, bytes: [UInt8])], _ options: Intake.Options = Intake.Options()
) async throws -> Intake {
  let folder = try StatementFolder()
  return try await Intake(
    paths: files.map { try folder.write($0.bytes, $0.name) }, options: options)
}

extension Intake {
  /// What each statement is, without how it stands beside the others.
  var allStatements: [Statement] { statements.map(\.statement) }

  /// The statement read from `file`.
  func statement(_ file: String) throws -> Statement {
    try #require(allStatements.first { $0.file == file }, "\(allStatements.map(\.file))")
  }

  /// The first fault of a kind in `file`.
  func fault(_ kind: FaultKind, in file: String) throws -> StatementFault {
    let faults = try statement(file).faults
    return try #require(faults.first { $0.kind == kind }, "\(faults)")
  }

  /// Every row read is an entry, is lost by name, or is counted with a repeated file.
  var isConserved: Bool {
    statements.enumerated().allSatisfy { index, given in
      let mine = (0..<entries.count).filter { Int(entries.statement[$0]) == index }
      let fen = mine.reduce(Int128(0)) { $0 + Int128(entries.fen[$1]) }
      let (lost, twice) = (given.rejected, given.repeated)
      return mine.count + lost.rows + twice.rows == given.statement.read.rows
        && fen + lost.fen + twice.fen == given.statement.read.fen
    }
  }
}

/// Small statements written by hand, one row an amount in fen; rows are a minute apart from 8:00.
enum Sheet {
  static func yuan(_ fen: Int) -> String {
    "\(fen < 0 ? "-" : "")\(abs(fen) / 100).\(abs(fen) % 100 < 10 ? "0" : "")\(abs(fen) % 100)"
  }

  static func clock(_ row: Int) -> String {
    let text = { (number: Int) in (number < 10 ? "0" : "") + "\(number)" }
    return "\(text(8 + row / 60)):\(text(row % 60)):00"
  }

  static func wechat(
    _ amounts: [Int], day: String = "2026-11-02", merchant: String = "1601959334"
  ) -> String {
    var text = """
      交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,\
      应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,\
      手续费,费率,订单金额,申请退款金额,费率备注\r\n
      """
    for (row, fen) in amounts.enumerated() {
      text +=
        "`\(day) \(clock(row)),`wx1,`\(merchant),`0,`,`420000\(row + 1),`CK\(row + 1),`oHk\(row)"
      text += ",`JSAPI,`SUCCESS,`CFT,`CNY,`\(yuan(fen)),`0.00,`0,`0,`0.00,`0.00,`,`,`校园卡充值 学号"
      text += "202301\(1000 + row),`,`0.00000,`0.00%,`\(yuan(fen)),`0.00,`\r\n"
    }
    let sum = yuan(amounts.reduce(0, +))
    return text + "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
      + "`\(amounts.count).0,`\(sum),`0.00,`0.00,`0.00,`\(sum),`0.00\r\n"
  }

  static func fundFlow(_ amounts: [Int], day: String = "2026-11-02") -> String {
    var text = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n"
    var balance = 0
    for (row, fen) in amounts.enumerated() {
      balance += fen
      text += "`\(day) \(clock(row)),`420000\(row + 1),`F\(row),`交易,`交易,`收入,`\(yuan(fen)),"
      text += "`\(yuan(balance)),`system,`备注,`CK\(row + 1)\r\n"
    }
    return text + "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n"
      + "`\(amounts.count).0,`\(amounts.count).0,`\(yuan(balance)),`0.0,`0.00\r\n"
  }

  static let ledgerHeader = "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\r\n"

  static func ledger(
    _ amounts: [Int], day: String = "2026-11-02", channel: String = "微信"
  ) -> String {
    amounts.enumerated().reduce(ledgerHeader) { text, row in
      text
        + "L\(row.offset + 1),\(day) \(clock(row.offset)),充值,\(yuan(row.element)),成功,3701\(row.offset)"
        + ",202301\(1000 + row.offset),张三,\(channel),CK\(row.offset + 1),420000\(row.offset + 1),,,\r\n"
    }
  }

  static let ccbHeader =
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\r\n"

  static func ccb(
    _ amounts: [Int], day: String = "20261102", opening: Int = 1_000_000, account: String = "4405"
  ) -> String {
    var (text, balance) = (ccbHeader, opening)
    for (row, fen) in amounts.enumerated() {
      balance += fen
      text +=
        "\(account),云山大学,\(day) \(clock(row)),0,\(yuan(fen)),\(yuan(balance)),人民币元,张三,6217\(row)"
      text +=
        ",云山支行,\(day),校园卡充值,学号202301\(1000 + row) CK2026110\(100_000 + row),101-\(row),,凭证,\r\n"
    }
    return text
  }

  static func alipay(_ amounts: [Int], day: (String, String) = ("02", "03")) -> String {
    var text = "#支付宝业务明细查询\r\n#账号：[20886110]\r\n#起始日期：[2026年11月\(day.0)日 00:00:00]   终止日期：[2026年11月"
    text += "\(day.1)日 00:00:00]\r\n#-----业务明细列表-----\r\n支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,"
    text += "门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
    text += "券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n"
    for (row, fen) in amounts.enumerated() {
      let time = "2026-11-\(day.0) \(clock(row))"
      text +=
        "2026110222\(row)\t,CK\(row + 1)\t,交易\t,校园卡充值,\(time),\(time),\t,\t,\t,\t,*俊(130)\t,\(yuan(fen)),"
      text +=
        "\(yuan(fen)),0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,0.00,0.00,学号202301\(1000 + row)\r\n"
    }
    let sum = yuan(amounts.reduce(0, +))
    return text + "#-----业务明细列表结束-----\r\n#交易合计：\(amounts.count)笔，商家实收共\(sum)元，商家优惠共0.00元\r\n"
      + "#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元\r\n"
  }

  /// UnionPay's records of 607 bytes.
  static func unionPay(_ amounts: [Int]) -> [UInt8] {
    amounts.enumerated().flatMap { row, fen in
      var record = [UInt8](repeating: 0x20, count: 607)
      func put(_ text: String, _ first: Int) {
        record.replaceSubrange((first - 1)..<(first - 1 + text.utf8.count), with: text.utf8)
      }
      let number = "\(1_000_000 + row)"
      put("S56", 1)
      put(String(repeating: "0", count: 12 - "\(fen)".count) + "\(fen)", 67)
      put("20261102" + clock(row).filter { $0 != ":" } + number, 88)
      put("CK\(row + 1)", 113)
      put("D000000000000", 167)
      put("01", 216)
      put("802310048993424", 294)
      return record + [0x0D, 0x0A]
    }
  }

  static func camt(_ amounts: [Int], opening: Int = 1_000_000) -> String {
    let balance = { (code: String, fen: Int) in
      "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">\(yuan(fen))</Amt>"
        + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>\n"
    }
    let entries = amounts.enumerated().map { row, fen in
      "<Ntry><Amt Ccy=\"CNY\">\(yuan(fen))</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        + "<BookgDt><DtTm>2026-11-02T\(clock(row))</DtTm></BookgDt><AcctSvcrRef>B\(row)</AcctSvcrRef>"
        + "<AddtlNtryInf>校园卡充值 学号202301\(1000 + row)</AddtlNtryInf></Ntry>\n"
    }
    let closing = balance("CLBD", amounts.reduce(opening, +))
    return camtText(balance("OPBD", opening) + closing + entries.joined())
  }

  static func gb(_ text: String) -> [UInt8] { TextEncoding.gb18030.encode(text) }
  static func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
}
