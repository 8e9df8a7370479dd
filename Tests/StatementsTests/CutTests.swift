import Columns
import Payments
import Testing

@testable import Statements

@Suite("Days that end before midnight, or after it") struct CutTests {
  /// UnionPay's records at some moments.
  private func zm(_ moments: [String]) -> [UInt8] {
    let records = Array(Sheet.unionPay(moments.map { _ in 5_000 }))
    return moments.indices.flatMap { row in
      var record = Array(records[(row * 609)..<((row + 1) * 609)])
      let digits = moments[row].filter(\.isNumber)
      record.replaceSubrange(87..<101, with: digits.utf8)
      return record
    }
  }

  private func intake(
    _ files: [(String, [UInt8])], _ change: (inout Intake.Options) -> Void = { _ in }
  ) async throws -> Intake {
    var options = Intake.Options()
    change(&options)
    var found: Intake?
    try await withTemporaryFolder { folder in
      for (name, bytes) in files { try write(bytes, to: folder + "/" + name) }
      found = try await Intake(paths: files.map { folder + "/" + $0.0 }, options: options)
    }
    return try #require(found)
  }

  private func statement(
    _ moments: [String], cutoff: String? = nil
  ) async throws -> Statement {
    let found = try await intake([("INN261102ZM", zm(moments))]) { options in
      if let cut = cutoff.flatMap({ DayCut($0) }) { options.cutoffs = [.unionpay: cut] }
    }
    return try #require(found.statements.first?.statement)
  }

  @Test("a cut is a time of day: from noon on it ends its day, before noon the day before")
  func cuts() throws {
    let day = try #require(BusinessDay("2026-11-02"))
    let evening = try #require(DayCut("23:00"))
    let morning = try #require(DayCut("01:30"))
    #expect(
      evening.span(first: day, last: day) == span("2026-11-01 23:00:00", "2026-11-02 23:00:00"))
    #expect(
      morning.span(first: day, last: day) == span("2026-11-02 01:30:00", "2026-11-03 01:30:00"))
    #expect(evening.day(of: day.start) == day && morning.day(of: day.start) == day.adding(-1))
    #expect(DayCut("00:00") == .midnight)
    for text in ["24:00", "23:60", "9:00", "23", "23:00:00", "", "-1:00"] {
      #expect(DayCut(text) == nil)
    }
  }

  @Test("UnionPay's day is cut at 23:00: rows of the last hour are the next day's")
  func builtIn() async throws {
    let plain = try await statement(["2026-11-02 08:00:00", "2026-11-02 21:00:00"])
    #expect(plain.period == span("2026-11-01 23:00:00", "2026-11-02 23:00:00"))
    #expect(plain.from == BusinessDay("2026-11-02") && plain.to == plain.from)
    let early = try await statement(["2026-11-01 23:30:00", "2026-11-02 21:00:00"])
    #expect(early.period == plain.period && early.from == plain.from && early.to == plain.to)
    let only = try await statement(["2026-11-01 23:30:00"])
    #expect(only.period == plain.period && only.from == plain.from)
  }

  @Test("a file that goes on after the cut to midnight claims its calendar day up to its last row")
  func calendar() async throws {
    let whole = try await statement(["2026-11-02 08:00:00", "2026-11-02 23:40:00"])
    #expect(whole.period == span("2026-11-02", "2026-11-02 23:40:01"))
    #expect(whole.from == BusinessDay("2026-11-02") && whole.to == whole.from)
    let leaked = try await statement(
      ["2026-11-01 23:10:00", "2026-11-02 08:00:00", "2026-11-02 23:00:02"])
    #expect(leaked.period == span("2026-11-01 23:10:00", "2026-11-02 23:00:03"))
    #expect(leaked.from == BusinessDay("2026-11-02") && leaked.to == leaked.from)
    let two = try await statement(["2026-11-02 08:00:00", "2026-11-03 08:00:00"])
    #expect(two.period == span("2026-11-01 23:00:00", "2026-11-03 23:00:00"))
  }

  @Test("a school may cut elsewhere, or not at all")
  func configured() async throws {
    let moments = ["2026-11-02 08:00:00", "2026-11-02 23:40:00"]
    let none = try await statement(moments, cutoff: "00:00")
    #expect(none.period == span("2026-11-02", "2026-11-03"))
    let late = try await statement(moments, cutoff: "01:00")
    #expect(late.period == span("2026-11-02 01:00:00", "2026-11-03 01:00:00"))
    let head = try await statement(["2026-11-02 00:20:00"] + moments, cutoff: "01:00")
    #expect(head.period == span("2026-11-02 00:20:00", "2026-11-03"))
    #expect(head.from == BusinessDay("2026-11-02") && head.to == head.from)
  }

  @Test("a row that slipped over the cut claims no day")
  func slipped() async throws {
    let rows = (0..<120).map { "2026-11-02 \(Sheet.clock($0))" }
    let before = try await statement(["2026-11-01 22:59:50"] + rows)
    #expect(before.period == span("2026-11-01 22:59:50", "2026-11-02 23:00:00"))
    let after = try await statement(rows + ["2026-11-03 00:10:00"])
    #expect(after.period == span("2026-11-01 23:00:00", "2026-11-03 00:10:01"))
    #expect(after.from == BusinessDay("2026-11-02") && after.to == after.from)
  }

  @Test("a stated period beats the cut, and names the source's day where it begins at it")
  func stated() async throws {
    let text = Sheet.alipay([500])
      .replacing("2026年11月02日 00:00:00", with: "2026年11月01日 23:00:00")
      .replacing("2026年11月03日 00:00:00", with: "2026年11月02日 23:00:00")
    let found = try await intake([("alipay.csv", Sheet.gb(text))]) { options in
      options.cutoffs = [.alipay: DayCut("23:00")].compactMapValues(\.self)
    }
    let statement = try #require(found.statements.first?.statement)
    #expect(statement.period == span("2026-11-01 23:00:00", "2026-11-02 23:00:00"))
    #expect(statement.from == BusinessDay("2026-11-02") && statement.to == statement.from)
    let plain = try await intake([("alipay.csv", Sheet.gb(Sheet.alipay([500])))]) { options in
      options.cutoffs = [.alipay: DayCut("23:00")].compactMapValues(\.self)
    }
    #expect(plain.statements.first?.statement.period == span("2026-11-02", "2026-11-03"))
  }

  @Test("the next day's file beside a ledger is no wrong day, and asks for no other ledger")
  func nextDay() async throws {
    let ledger = ledgerText([ledgerRow("L1", order: "CK1", time: "2026-11-02 23:30:20")])
      .replacing("微信", with: "云闪付")
    let today = ("a_ZM", zm(["2026-11-02 08:00:00"]))
    let next = ("b_ZM", zm(["2026-11-02 23:30:00", "2026-11-03 10:00:00"]))
    let wrong = ("c_ZM", zm(["2026-11-04 10:00:00"]))
    let found = try await intake([("ledger.csv", Array(ledger.utf8)), today, next])
    #expect(found.statements.flatMap(\.statement.faults) == [])
    #expect(found.days == BusinessDay("2026-11-02").map { $0...$0 })
    let other = try await intake([("ledger.csv", Array(ledger.utf8)), today, wrong])
    #expect(other.statements.flatMap(\.statement.faults).map(\.kind) == [.wrongDay])
    // A night of one day is asked for that day's file.
    let night = try await intake([("ledger.csv", Array(ledger.utf8)), next]) { options in
      options.days = BusinessDay("2026-11-02").map { $0...$0 }
    }
    #expect(night.statements.flatMap(\.statement.faults).map(\.kind).contains(.wrongDay))
  }
}
