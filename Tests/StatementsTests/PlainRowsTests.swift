import CDelimiters
import Payments
import Testing

@testable import CampusSimulator
@testable import Statements

/// The pass over ordinary rows says exactly what the careful path says.
@Suite("Ordinary rows in one pass") struct PlainRowsTests {
  /// Everything a stretch gave, as text; what cannot be compared otherwise has no equality.
  private func told(_ harvest: RowHarvest) -> [String] {
    let table = harvest.table
    let rows = (0..<table.count).map { "\(table[$0])" }
    let totals = [
      "\(harvest.read) \(harvest.lines) \(harvest.rejectedRows) \(harvest.unkeyed)",
      "\(harvest.sums) \(harvest.fees) \(harvest.hasUnreadableAmount) \(harvest.hasUncutRow)",
      "\(harvest.days) \(String(describing: harvest.merchant))",
      "\(String(describing: harvest.otherMerchant)) \(String(describing: harvest.damaged.sorted { $0.key < $1.key }))",
      "\(String(describing: harvest.invalid)) \(harvest.comments) \(harvest.cards)",
      "\(String(describing: harvest.subMerchant)) \(harvest.needsWholeFile)",
      "\(String(describing: harvest.openQuoteLine)) \(harvest.hasBalance)",
    ]
    return totals + harvest.rejections.map { "\($0)" }
      + harvest.unknownStatuses.map { "\($0)" } + rows
  }

  private func read(
    _ bytes: [UInt8], _ layout: Layout, from start: Int, _ plan: PlainPlan?
  ) -> RowHarvest {
    var reader = RowReader(layout, base: 0, isWhole: false)
    bytes.withUnsafeBytes { raw in
      reader.read(raw, from: start, until: raw.count, plan.map(PlainPass.init))
      reader.checkEncoding(raw, from: start)
    }
    return reader.harvest
  }

  /// Layout and first row of a file, when it is one of separated fields.
  private func layout(of bytes: [UInt8]) -> (Layout, Int)? {
    let head = CSVHead(bytes, profiles: builtInProfiles)
    guard let profile = head.profile, head.headerLine > 0, profile.view != .summary else {
      return nil
    }
    return (
      Layout(profile, header: head.header, encoding: head.encoding, dialect: head.dialect),
      head.dataStart
    )
  }

  @Test("files as written, and damaged at random, read alike", arguments: MutationTests.files)
  func alike(_ file: SimulatedFile) throws {
    var random = SplitMix64(seed: UInt64(file.bytes.count))
    for round in 0..<120 {
      let bytes = round == 0 ? file.bytes : MutationTests.damaged(file.bytes, &random)
      guard let (layout, start) = layout(of: bytes), let plan = PlainPlan(layout) else { continue }
      #expect(
        told(read(bytes, layout, from: start, plan)) == told(read(bytes, layout, from: start, nil)),
        "\(file.name), round \(round)")
    }
  }

  @Test("rows that name people in every way read alike, and stay in the pass", arguments: 0..<12)
  func people(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed) &* 77 &+ 5)
    let encoding = seed % 2 == 0 ? TextEncoding.utf8 : .gb18030
    let texts = [
      "", "校园卡充值", "学号2024000001", "学号：2024000002", "工号T0012", "卡号800000000001", "2024000001",
      "t20240001", "0002024000001", "２０２４００００００１", "卡号800000000001 学号2024000001", "充值 2024000001",
      #"{"sno":"2024000001"}"#.replacing("\"", with: "'"), "stuNo=2024000001&oid=CK7",
      "电话13800000004",
      "学号2024 0000 01", "订单CK7", "420000265220261102000000007", "银行卡号6217 0033 0000", "2.02E+09",
    ]
    let guards = ["", "", "", "'", "\u{A0}", "\u{200B}", "　", "\t"]
    let people = ["", "601001", "0601001", "T0012", "t0012", "2024-0001", "６０１", "601001.0", "000"]
    var bill = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,商品名称,商户数据包,手续费,订单金额,退款金额\r\n"
    var ledger = "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\r\n"
    for _ in 0..<200 {
      let number = random.below(10)
      let order =
        random.pick(guards) + random.pick(["CK", "ck", "ＣＫ"]) + "\(number)" + random.pick(guards)
      bill +=
        "`2026-11-02 08:00:00,`wx,`16019,`42000026522026110200000000\(number),`\(order),`oA,`SUCCESS,"
        + "`\(random.pick(texts)),`\(random.pick(texts)),`0.00000,`50.00,`0.00\r\n"
      ledger +=
        "L\(number)\(random.pick(guards)),2026-11-02 08:00:00,\(random.pick(["充值", "消费"])),50.00,成功,"
        + "\(random.pick(people)),\(random.pick(people)),张三,微信,\(order),42\(random.pick(guards)),,,\r\n"
    }
    for text in [bill, ledger] {
      let bytes = encoding.encode(text)
      let (layout, start) = try #require(self.layout(of: bytes))
      let plan = try #require(PlainPlan(layout))
      let plain = read(bytes, layout, from: start, plan)
      #expect(told(plain) == told(read(bytes, layout, from: start, nil)))
      #expect(plain.table.count == 200)
      if text == bill { #expect(!plain.table.others.isEmpty) }
    }
  }

  @Test("the layouts with most rows have such a pass")
  func plans() throws {
    let planned = MutationTests.files.compactMap { layout(of: $0.bytes)?.0 }
      .filter { PlainPlan($0) != nil }.map(\.profile.name)
    #expect(Set(planned).isSuperset(of: ["wechat-trade", "alipay-trade", "card-ledger"]))
  }

  @Test("most rows of an ordinary day take it")
  func taken() throws {
    for file in MutationTests.files {
      guard let (layout, start) = layout(of: file.bytes), let plan = PlainPlan(layout) else {
        continue
      }
      var reader = RowReader(layout, base: 0, isWhole: false)
      let pass = PlainPass(plan)
      let taken = file.bytes.withUnsafeBytes { raw -> Int in
        // The first row tells the merchant.
        let first = (raw[start...].firstIndex(of: 0x0A) ?? raw.count) + 1
        reader.read(raw, from: start, until: first, PlainPass(plan))
        var offset = first
        var rows = 0
        while offset < raw.count {
          let before = reader.harvest.lines
          offset = reader.readPlain(pass, raw, from: offset, until: raw.count)
          rows += reader.harvest.lines - before
          offset = (raw[offset...].firstIndex(of: 0x0A) ?? raw.count) + 1
        }
        return rows
      }
      let all = file.bytes.count { $0 == 0x0A }
      #expect(taken * 2 > all, "\(file.name): \(taken) of \(all)")
    }
  }

  @Test("positions are the same with and without vector instructions", arguments: 0..<200)
  func positions(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let alphabet = Array(",,,`\n\"\tab0123456789".utf8) + [0xE6, 0x00]
    let length = random.below(seed < 150 ? 400 : 70_000)
    let text = (0..<(length + 1)).map { _ in random.pick(alphabet) }
    for (separator, mark) in [(0x2C, 0), (0x2C, 0x60), (0x09, 0)] as [(UInt8, UInt8)] {
      func found(_ index: (UnsafePointer<UInt8>, Int, inout [UInt32], inout [UInt32]) -> [Int])
        -> ([Int], [UInt32], [UInt32])
      {
        var places = [UInt32](repeating: 0, count: length + 64)
        var lines = places
        let counts = index(text, length, &places, &lines)
        return (counts, Array(places[..<counts[0]]), Array(lines[..<counts[1]]))
      }
      let wide = found { text, length, places, lines in
        let found = cardrecon_index(text, length, separator, mark, &places, &lines)
        return [found.places, found.lines, Int(found.has_quote)]
      }
      let plain = found { text, length, places, lines in
        let found = cardrecon_index_plain(text, length, separator, mark, &places, &lines)
        return [found.places, found.lines, Int(found.has_quote)]
      }
      #expect(wide == plain, "\(length) bytes, separator \(separator), guard \(mark)")
    }
  }
}
