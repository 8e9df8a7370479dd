internal import Payments

/// What comes of one book and day instead of the right file.
struct BadFile: Sendable {
  /// In the order they arrive; none while nothing comes.
  var files: [SimulatedFile] = []
  /// Places in the book of the rows that are missing or cannot be read.
  var missing: [Int] = []
  /// In words.
  var note: String

  /// Makes it.
  ///
  /// - Parameters:
  ///   - plan: What is to happen.
  ///   - day: The day's books.
  ///   - before: The books of the day before, when there is one.
  init(
    _ plan: DeliverySchedule.Plan, _ day: DayBooks, before: DayBooks?, writer: BookWriter
  ) {
    var maker = Maker(plan: plan, day: day, writer: writer, random: SplitMix64(seed: plan.seed))
    let all = Array(0..<maker.count)
    switch plan.kind {
    case .late:
      (missing, note) = (all, "came \(plan.arrivesAfter) morning(s) late")
    case .lost:
      (missing, note) = (all, "lost for \(plan.arrivesAfter) mornings")
    case .lateTerminal:
      note = "a terminal's rows of 10:00 to 16:00 stand at the end"
    case .splitTypes:
      files = maker.splitTypes()
      note = "a SUCCESS and a REFUND bill instead of one of the type ALL"
    case .halfDay:
      let end = day.day.start.seconds + 18 * 3_600
      files = [maker.named(writer.bytes(plan.book, day, before: end))]
      missing = all.filter { maker.time($0) >= end }
      note = "exported at 18:00, without \(missing.count) rows"
    case .yesterday:
      files = [maker.named(before.map { writer.file(plan.book, $0).bytes } ?? [])]
      (missing, note) = (all, "holds the rows of \(day.day.adding(-1))")
    case .cut:
      let cut = maker.cut()
      files = [maker.named(cut.bytes)]
      missing = all.filter { $0 >= cut.rows }
      note = "cut off at byte \(cut.bytes.count)"
    case .noSummary:
      files = [maker.named(maker.withoutSummary())]
      note = "the two lines of the summary are missing"
    case .headerOnly:
      files = [maker.named(maker.encoded(maker.table.header))]
      (missing, note) = (all, "the header and no row")
    case .resaved:
      files = [maker.named(maker.encoded(maker.table.resaved()))]
      (missing, note) = (all, "saved again by a spreadsheet")
    case .renamedColumn:
      let (bytes, words) = maker.renamed()
      files = [maker.named(maker.encoded(bytes))]
      (missing, note) = (all, words)
    case .garbledRows:
      let (bytes, places) = maker.garbled()
      files = [maker.named(maker.encoded(bytes))]
      missing = places
      let lines = places.map { "\($0 + 2)" }.joined(separator: ", ")
      note = "a cell cannot be read in line(s) \(lines)"
    }
  }
}

/// Makes one bad file.
private struct Maker {
  let plan: DeliverySchedule.Plan
  let day: DayBooks
  let writer: BookWriter
  var random: SplitMix64

  private var right: SimulatedFile { writer.file(plan.book, day) }
  private var rows: [ChannelRow] { writer.channelRows(plan.book, day) }
  private var ledger: [LedgerRow] {
    guard case .ledger(let campus) = plan.book else { return [] }
    return writer.ledgerPlaces(campus, day).map { day.ledgerRows[$0] }
  }

  /// How many rows the book has.
  var count: Int { max(rows.count, ledger.count) }

  var table: TableDamage {
    TableDamage(writer.table(plan.book, day), isGuarded: plan.book.source == "wechat")
  }

  func time(_ place: Int) -> Int64 {
    plan.book.source == "ledger" ? ledger[place].time : rows[place].time
  }

  /// Bytes under the right file's name.
  func named(_ bytes: [UInt8]) -> SimulatedFile {
    SimulatedFile(name: right.name, source: plan.book.source, bytes: bytes)
  }

  /// A table as its channel encodes it.
  func encoded(_ table: [UInt8]) -> [UInt8] {
    plan.book == .channel(.ccb) ? GB18030.encoded(table) : table
  }

  func splitTypes() -> [SimulatedFile] {
    guard case .weChat(let merchant) = plan.book else { return [] }
    return [.payments, .refunds].map { writer.bill(merchant, day, of: $0) }
  }

  func withoutSummary() -> [UInt8] {
    let bytes = right.bytes
    let summary = bytes.firstRange(of: Array("总交易单数".utf8))
    return Array(bytes[..<(summary?.lowerBound ?? bytes.count)])
  }

  /// Two to five tenths of the bytes are lost; now and then the cut falls between two rows. Rows of
  /// an archive or of a message that is no longer well-formed are all lost.
  mutating func cut() -> (bytes: [UInt8], rows: Int) {
    let share = Int(random.within(500...800))
    let isBetweenRows = random.chance(300)
    guard plan.book != .channel(.alipay), plan.book != .channel(.boc) else {
      return (Array(right.bytes.prefix(right.bytes.count * share / 1_000)), 0)
    }
    let plain = writer.table(plan.book, day)
    let length = plain.count * share / 1_000
    let whole = max(1, table.wholeLines(in: length))
    if isBetweenRows || plan.book == .channel(.ccb) {
      // GB18030 is shorter than UTF-8: the same rows, cut at the same place.
      let kept = encoded(table.bytes(before: whole))
      return (isBetweenRows ? kept : kept + right.bytes[kept.count...].prefix(40), whole - 1)
    }
    return (Array(plain.prefix(length)), whole - 1)
  }

  mutating func renamed() -> (bytes: [UInt8], note: String) {
    let names: [(String, String)] =
      switch plan.book.source {
      case "wechat": [("商户订单号", "商家单号"), ("微信订单号", "支付单号")]
      case "ledger": [("商户订单号", "订单编号"), ("流水号", "记录号"), ("交易时间", "入账时刻")]
      default: [("账户明细编号-交易流水号", "明细号"), ("备注", "附言")]
      }
    let (old, new) = random.pick(names)
    var bytes = writer.table(plan.book, day)
    if let found = bytes.firstRange(of: Array(old.utf8)) {
      bytes.replaceSubrange(found, with: Array(new.utf8))
    }
    return (bytes, "column \(old) is now called \(new)")
  }

  /// One to three rows with one cell nobody can read.
  mutating func garbled() -> (bytes: [UInt8], places: [Int]) {
    let cells: [(column: Int, text: String)] =
      switch plan.book.source {
      case "wechat":
        [(0, "2025-13-32 25:61:00"), (5, "锟斤拷"), (6, "锟斤拷"), (9, "锟斤拷"), (24, "1O0.00")]
      case "ledger": [(0, "锟斤拷"), (1, "25:61"), (3, "1O0.00"), (4, "锟斤拷"), (9, "锟斤拷")]
      default: [(2, "20251332 25:61:00"), (4, "1O0.00"), (5, "#REF!")]
      }
    guard count > 0 else { return (writer.table(plan.book, day), []) }
    let places = Set((0..<random.within(1...3)).map { _ in random.below(count) }).sorted()
    let changes = places.map { place in
      let cell = random.pick(cells)
      return (line: place + 1, column: cell.column, text: cell.text)
    }
    return (table.replacing(changes), places)
  }
}
