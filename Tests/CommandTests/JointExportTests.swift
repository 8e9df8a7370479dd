import Foundation
import Testing

/// One export of several accounts against the accounts' own files: what is found is the same.
@Suite("A joint export and the accounts' own files") struct JointExportTests {
  private static let bankHeader =
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\n"
  private static let ledgerHeader =
    "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\n"

  /// A day of some accounts: the rows of each in its order, and the ledger.
  private struct Day {
    var accounts: [[String]] = []
    var ledger: [String] = []

    init(_ numbers: inout RowShuffle.Numbers) {
      let count = Int.random(in: 2...4, using: &numbers)
      for account in 0..<count {
        var (rows, balance) = ([String](), Int.random(in: 100...90_000, using: &numbers))
        for row in 0..<Int.random(in: 1...12, using: &numbers) {
          let (yuan, minute) = (Int.random(in: 1...5, using: &numbers) * 50, account * 13 + row * 4)
          balance += yuan
          let clock = "\(9 + minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
          let (order, student) = ("CK2026\(account)\(1_000 + row)", "20230\(account)\(1_000 + row)")
          rows.append(
            "6222020\(account)\(account)0011,云山大学,20261102 \(clock):00,0,\(yuan).00,\(balance).00,人民币元,张三,"
              + "6217\(row),云山支行,20261102,校园卡充值,学号\(student),10\(account)-\(row),\(order),凭证,\n")
          let paid = Int.random(in: 0..<8, using: &numbers) == 0 ? yuan + 50 : yuan
          // Some are never credited, some twice.
          for copy in 0..<[0, 1, 1, 1, 1, 1, 2][Int.random(in: 0..<7, using: &numbers)] {
            ledger.append(
              "L\(account)\(row)\(copy),2026-11-02 \(clock):30,充值,\(paid).00,成功,3701\(account)\(row),\(student),张三,"
                + "建设银行,\(order),,,,\n")
          }
        }
        accounts.append(rows)
      }
    }

    /// All rows in one file, mixed by chance; those of each account stay in order.
    func joint(_ numbers: inout RowShuffle.Numbers) -> String {
      var turns = accounts.indices.flatMap { [Int](repeating: $0, count: accounts[$0].count) }
      turns.shuffle(using: &numbers)
      var next = [Int](repeating: 0, count: accounts.count)
      return JointExportTests.bankHeader
        + turns.map { account in
          defer { next[account] += 1 }
          return accounts[account][next[account]]
        }.joined()
    }
  }

  private func text(_ value: Any?) -> String {
    let bytes = value.flatMap {
      try? JSONSerialization.data(withJSONObject: $0, options: [.sortedKeys, .fragmentsAllowed])
    }
    return String(decoding: bytes ?? Data(), as: UTF8.self)
  }

  /// What a report finds, without where it stands.
  ///
  /// - Parameter copies: whether a file that was given twice is told of.
  private func findings(_ out: [UInt8], copies: Bool = true) throws -> [String] {
    let json = try JSONSerialization.jsonObject(with: Data(out)) as? [String: Any]
    let report = try #require(json)
    var found = copies ? ["\(report["verdict"] ?? "")"] : []
    for (list, keys) in [
      (
        "anomalies",
        [
          "id", "kind", "amountFen", "merchantOrder", "channelSerial", "ledgerSerial", "account",
          "time",
        ]
      ),
      ("pending", ["merchantOrder", "ledgerSerial", "amountFen", "time"]),
      ("excluded", ["rule", "rows", "fen"]),
      ("sources", ["source", "payments", "refunds", "credits", "differenceFen"]),
    ] {
      if list == "excluded", !copies { continue }
      let items = report[list] as? [[String: Any]] ?? []
      found += items.map { item in
        list + keys.map { " \($0)=\(text(item[$0]))" }.joined()
      }.sorted()
    }
    return found
  }

  @Test("check finds the same cases and sums", arguments: 1...12)
  func same(seed: UInt64) async throws {
    var numbers = RowShuffle.Numbers(state: seed)
    let (day, scratch) = (Day(&numbers), try Scratch())
    try scratch.write(Self.ledgerHeader + day.ledger.joined(), to: "ledger.csv")
    try scratch.write(day.joint(&numbers), to: "joint.csv")
    var own: [String] = []
    for (account, rows) in day.accounts.enumerated() {
      own.append("own\(account).csv")
      try scratch.write(Self.bankHeader + rows.joined(), to: own[account])
    }
    let joint = try await cardrecon("check", "joint.csv", "ledger.csv", "--json", in: scratch)
    let apart = try await cardrecon(["check"] + own + ["ledger.csv", "--json"], in: scratch)
    #expect(joint.code == apart.code, "seed \(seed): \(joint.err)")
    #expect(try findings(joint.outBytes) == findings(apart.outBytes), "seed \(seed)")
    // Beside the joint export an account's own file changes nothing, in whatever order they are given.
    let both = try await cardrecon(
      ["check", own[0], "joint.csv", "ledger.csv", "--json"], in: scratch)
    #expect(
      try findings(both.outBytes, copies: false) == findings(apart.outBytes, copies: false),
      "seed \(seed)")
    for threads in ["1", "8"] {
      let other = try await cardrecon(
        "check", "joint.csv", "ledger.csv", "--json", "--threads", threads, in: scratch)
      #expect(other.outBytes == joint.outBytes)
    }
  }

  @Test("The summary and inspect say in a sentence that one file was read as several statements")
  func told() async throws {
    var numbers = RowShuffle.Numbers(state: 3)
    let (day, scratch) = (Day(&numbers), try Scratch())
    try scratch.write(Self.ledgerHeader + day.ledger.joined(), to: "ledger.csv")
    try scratch.write(day.joint(&numbers), to: "joint.csv")
    let count = day.accounts.count
    for (language, sentence) in [
      ("zh", "读作 \(count) 份账单"), ("en", "was read as \(count) statements"),
    ] {
      let check = try await cardrecon(
        "check", "joint.csv", "ledger.csv", "--lang", language, in: scratch)
      let flat = check.out.split(whereSeparator: \.isWhitespace).joined(
        separator: language == "en" ? " " : "")
      let wanted = language == "en" ? sentence : sentence.replacingOccurrences(of: " ", with: "")
      #expect(flat.contains(wanted), "\(check.out)")
      let inspect = try await cardrecon("inspect", "joint.csv", "--lang", language, in: scratch)
      #expect(inspect.code == 0 && inspect.out.contains(sentence))
      #expect(inspect.out.components(separatedBy: "joint.csv/6222****").count == count + 1)
      #expect(!inspect.out.contains("6222020"))
    }
  }
}
