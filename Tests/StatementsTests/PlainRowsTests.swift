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
