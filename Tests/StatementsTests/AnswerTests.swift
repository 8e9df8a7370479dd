import Columns
import Payments
import Testing

@testable import Statements

/// What download scripts save under a bill's name.
private let noBillXML = """
  <xml><return_code><![CDATA[FAIL]]></return_code>
  <return_msg><![CDATA[No Bill Exist]]></return_msg>
  <error_code>20002</error_code></xml>
  """
private let noBillJSON = #"{"code":"NO_BILL_EXIST","message":"账单文件不存在"}"#

@Suite("Answers saved instead of a bill") struct AnswerTests {
  private func intake(
    _ files: [(String, String)], _ change: (inout Intake.Options) -> Void = { _ in }
  ) async throws -> Intake {
    var options = Intake.Options()
    change(&options)
    var found: [Reading] = []
    for (name, text) in files { found += try await readings(of: text, as: name) }
    return Intake(found, options: options)
  }

  private func ledger(_ days: Int...) -> (String, String) {
    let rows = days.map {
      ledgerRow("R\($0)", order: "CR\($0)", time: "2026-11-0\($0) 08:00:05")
    }
    return ("ledger.csv", ledgerText(rows))
  }

  private func bill(_ merchant: String = "1601959334") -> (String, String) {
    (
      "wechat_\(merchant).csv",
      Sheet.wechat([500]).replacing("1601959334", with: merchant)
    )
  }

  private func answer(_ intake: Intake) throws -> IntakeStatement {
    try #require(intake.statements.first { $0.statement.format == "wechat-no-bill" })
  }

  @Test(
    "an answer that there is no bill is a day without rows, in either version",
    arguments: [
      noBillXML, noBillJSON, "\u{FEFF}" + noBillJSON, "  \n" + noBillXML,
      #"{ "code": "NO_STATEMENT_EXIST", "message": "\u8d26\u5355\u4e0d\u5b58\u5728" }"#,
      #"{"return_code":"FAIL","return_msg":"No Bill Exist","error_code":"20002"}"#,
      "<xml><return_code>FAIL</return_code><return_msg>no bill exist</return_msg></xml>",
    ])
  func noBill(_ text: String) async throws {
    let found = try await intake([ledger(2), ("wechat.csv", text)])
    let answer = try answer(found)
    #expect(answer.statement.faults == [] && answer.statement.read.rows == 0)
    #expect(answer.statement.period == span("2026-11-02", "2026-11-03"))
    #expect(answer.statement.provesStart && answer.statement.provesEnd)
    #expect(answer.covered == answer.statement.period && answer.book?.name == "wechat/both")
    #expect(found.statements.allSatisfy { $0.statement.faults == [] })
  }

  @Test(
    "any other answer is held, with what it says and what to do",
    arguments: [
      (#"{"code":"BILL_CREATING","message":"账单生成中"}"#, "BILL_CREATING 账单生成中", "10 点"),
      (#"{"code":"FREQUENCY_LIMITED","message":"频率超限"}"#, "FREQUENCY_LIMITED", "隔几分钟"),
      (#"{"code":"SIGN_ERROR","message":"签名错误","detail":{"field":"sign"}}"#, "SIGN_ERROR", "密钥"),
      (#"{"code":"SYSTEM_ERROR","message":"系统错误"}"#, "SYSTEM_ERROR", "稍后"),
      (#"{"code":"NO_AUTH","message":"商户无权限"}"#, "NO_AUTH", "权限"),
      (#"{"code":"PARAM_ERROR","message":"bill_date"}"#, "PARAM_ERROR", "参数"),
      (#"{"code":"TEAPOT"}"#, "TEAPOT", "10 点"),
      (
        #"{"alipay_data_dataservice_bill_downloadurl_query_response":{"code":"40004","#
          + #""msg":"Business Failed","sub_code":"isp.bill_not_exist","sub_msg":"账单不存在"},"sign":"x"}"#,
        "isp.bill_not_exist 账单不存在", "重新下载"
      ),
      (
        "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[sign error]]></return_msg></xml>",
        "FAIL sign error", "密钥"
      ),
      (
        "<xml><return_code>FAIL</return_code><return_msg>Bill Creating</return_msg>"
          + "<error_code>20003</error_code></xml>", "20003 Bill Creating", "10 点"
      ),
    ])
  func refused(_ text: String, _ said: String, _ advice: String) async throws {
    let reading = try #require(try await readings(of: text).first)
    #expect(reading.kinds == [.unreadable] && reading.statement.isHeld)
    let detail = try #require(reading.statement.faults.first?.detail)
    #expect(detail.zh.contains(said) && detail.zh.contains(advice), "\(detail.zh)")
    #expect(detail.en.contains(said) && detail.en.contains("ownload"))
  }

  @Test("what is cut off, or no answer, is none")
  func cut() async throws {
    for text in [String(noBillJSON.dropLast(3)), String(noBillXML.dropLast(9)), #"{"rows":[]}"#] {
      let reading = try #require(try await readings(of: text).first)
      #expect(!reading.isZeroDay && reading.statement.isHeld)
    }
  }

  @Test("without a ledger of one day, or with another day in its name, it covers nothing")
  func unplaced() async throws {
    let cases = [
      [("wechat.csv", noBillJSON)], [ledger(2, 3), ("wechat.csv", noBillJSON)],
      [ledger(2), ("wechat_20261103.csv", noBillJSON)],
      [ledger(2), ("wechat_2026-11-03.csv", noBillJSON)],
    ]
    for files in cases {
      let answer = try answer(try await intake(files))
      #expect(answer.covered == nil && answer.statement.isHeld)
      #expect(answer.statement.faults.map(\.kind) == [.unreadable])
    }
    let named = try answer(try await intake([ledger(2), ("wechat_2026-11-02.csv", noBillJSON)]))
    #expect(named.covered == span("2026-11-02", "2026-11-03"))
  }

  @Test("beside other merchants' bills the number in its name says whose it is")
  func merchants() async throws {
    let (one, two) = (bill(), bill("1605550000"))
    let named = try await intake([ledger(2), one, ("w_1609354271.xml", noBillXML)])
    #expect(try answer(named).book?.name == "wechat/1609354271/both")
    #expect(try answer(named).covered != nil)
    let nameless = try answer(try await intake([ledger(2), one, two, ("w.xml", noBillXML)]))
    #expect(nameless.covered == nil && nameless.statement.isHeld)
    #expect(nameless.statement.faults[0].detail.zh.contains("商户"))
  }

  @Test("a bill of the same day and merchant speaks, and the answer is held")
  func contradicted() async throws {
    for name in ["w.xml", "w_1601959334.xml"] {
      let found = try await intake([ledger(2), bill(), (name, noBillXML)])
      #expect(try answer(found).statement.faults.map(\.kind) == [.statementReissued])
      #expect(try answer(found).covered == nil)
      #expect(
        found.statements.contains { $0.covered != nil && $0.statement.format == "wechat-trade" })
    }
  }

  @Test("two answers alike are no copies, and a name tells of which kind of bill it is")
  func alike() async throws {
    let files = [
      ledger(2), ("w_1609354271_refund.xml", noBillXML), ("w_1605550000.xml", noBillXML),
    ]
    let found = try await intake(files)
    #expect(found.statements.filter { $0.covered != nil }.count == 3)
    #expect(
      found.statements.compactMap { $0.book?.name }.sorted() == [
        "ledger", "wechat/1605550000/both", "wechat/1609354271/refunds",
      ])
  }
}
