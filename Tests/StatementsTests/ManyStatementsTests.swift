import Payments
import TestSupport
import Testing

@testable import Statements

@Suite("Thousands of statements") struct ManyStatementsTests {
  /// What makes them many.
  enum Shape: CaseIterable {
    case merchants, days, parts, copies, overlapping, ledgers, halves, held, empty, views, banks
  }

  @Test(
    "six times as many take six times as long, whatever makes them many", arguments: Shape.allCases)
  func linear(_ shape: Shape) {
    let isLinear = growsLinearly { count in
      let readings = Self.readings(shape, count)
      return { _ = Intake(readings, options: Intake.Options()).coverage }
    }
    #expect(isLinear)
  }

  private static let day = BusinessDay(number: 20_000)

  private static func readings(_ shape: Shape, _ count: Int) -> [Reading] {
    [ledger(-1, day)] + (0..<count).map { reading(shape, $0) }
  }

  private static func reading(_ shape: Shape, _ number: Int) -> Reading {
    let (own, key) = ("160\(1_000_000 + number)", KeyHash(number * 3 + 1))
    switch shape {
    case .merchants: return bill(number, own, day, [key, key + 1, key + 2])
    case .days: return bill(number, "1", day.adding(Int32(number)), [key, key + 1, key + 2])
    case .parts: return bill(number, "1", day, [key, key + 1, key + 2])
    case .copies:
      var copy = bill(number, "1", day, [1, 2, 3])
      copy.statement.sha256 = "copy"
      return copy
    case .overlapping: return bill(number, "1", day, [key, key + 2, key + 3])
    case .ledgers: return ledger(number, day.adding(Int32(number)))
    case .halves:
      var half = bill(number, own, day.adding(Int32(number)), [key])
      half.statement.content = number % 2 == 0 ? .payments : .refunds
      return half
    case .held:
      var held = bill(number, own, day, [key])
      held.fault(.controlTotalMismatch, zh: "", en: "")
      return held
    case .empty: return bill(number, "1", day, [])
    case .views:
      var view = bill(number, "1", day.adding(Int32(number / 2)), [key])
      view.view = number % 2 == 0 ? .trade : .account
      return view
    case .banks:
      var bank = bill(number, own, day, [key], .bank)
      bank.strangeColumns = [("附言", [key &+ 1])]
      return bank
    }
  }

  private static func bill(
    _ number: Int, _ merchant: String, _ day: BusinessDay, _ keys: [KeyHash],
    _ channel: Channel = .wechat
  ) -> Reading {
    var statement = Statement(
      file: "b\(number).csv", sha256: "b\(number)", format: "bill", side: .channel,
      channel: channel)
    statement.merchant = merchant
    return reading(statement, day, keys, .payment)
  }

  private static func ledger(_ number: Int, _ day: BusinessDay) -> Reading {
    let statement = Statement(
      file: "l\(number).csv", sha256: "l\(number)", format: "ledger", side: .ledger,
      channel: .unknown)
    return reading(statement, day, [KeyHash(bitPattern: Int64(number) &- 9)], .credit)
  }

  private static func reading(
    _ statement: Statement, _ day: BusinessDay, _ keys: [KeyHash], _ kind: EntryKind
  ) -> Reading {
    var reading = Reading(statement: statement, path: statement.file)
    (reading.statement.from, reading.statement.to) = (day, day)
    reading.statement.period = TimeSpan(first: day, last: day)
    reading.statement.accepted = keys.count
    for (line, key) in keys.enumerated() {
      let own: KeyHash = kind == .credit ? key : 0
      reading.table.append(
        Entry(
          kind: kind, channel: kind == .credit ? .wechat : statement.channel, fen: 5_000,
          time: day.start.seconds + Int64(line), order: key, serial: key, own: own,
          line: UInt32(line + 2)))
      reading.statement.read.add(fen: 5_000)
    }
    return reading
  }
}
