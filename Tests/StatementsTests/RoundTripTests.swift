import Payments
import Testing

@testable import CampusSimulator
@testable import Statements

/// What the simulator writes is what the readers read: every row, every field.
@Suite("The simulator's files, read back") struct RoundTripTests {
  /// Schools of different sizes and habits.
  static let schools: [SchoolConfiguration] = (0..<6).map { number in
    var configuration = SchoolConfiguration()
    configuration.seed = 4_001 + UInt64(number) * 97
    configuration.students = 300 + number * 150
    configuration.staff = 20
    configuration.paymentsPerDay = 60 + number * 70
    configuration.alipayZipped = number % 2 == 0
    configuration.camtVersion = number % 3 == 0 ? .two : .eight
    configuration.ledgerBalances = number != 4
    configuration.ordinaryCases = 1...2
    configuration.plants = configuration.plants.mapValues { _ in 1...1 }
    if number == 5 { (configuration.mix.ccb, configuration.mix.boc) = (40, 40) }
    return configuration
  }

  /// One file's rows as they were meant and as they were read.
  private func compare(
    _ file: SimulatedFile, _ written: [WrittenRow], firstLine: Int?
  ) async throws {
    let readings = try await readings(of: file.bytes, as: file.name)
    try #require(readings.count == 1, "\(file.name)")
    let reading = readings[0]
    #expect(reading.kinds == [], "\(file.name)")
    #expect(reading.isConserved)
    #expect(reading.rejections.isEmpty)
    #expect(reading.statement.totals.allSatisfy { $0.stated == $0.computed })
    #expect(
      reading.statement.read.fen == written.reduce(Int128(0)) { $0 + Int128($1.entry.fen) })
    try #require(reading.table.count == written.count, "\(file.name)")
    for (row, meant) in written.enumerated() {
      var entry = reading.table[row]
      if let firstLine { #expect(Int(entry.line) == firstLine + row) }
      let quoted = try reading.quote(entry)
      (entry.line, entry.offset) = (0, 0)
      #expect(entry == meant.entry, "\(file.name), row \(row): \(quoted.text)")
      #expect(quoted.order == meant.order, "\(quoted.text)")
      #expect(quoted.serial == meant.serial, "\(quoted.text)")
      #expect(quoted.account == meant.account, "\(quoted.text)")
    }
  }

  @Test(arguments: schools.indices)
  func everyRowComesBack(_ school: Int) async throws {
    let configuration = RoundTripTests.schools[school]
    let first = try #require(BusinessDay("2026-11-02"))
    var simulation = Simulation(configuration, span: first...first.adding(1))
    var desk = ExportDesk(configuration, people: simulation.people)
    for _ in 0..<2 {
      simulation.live()
      let files = desk.files(&simulation)
      let day = WrittenDay(people: simulation.people, serials: simulation.diary.ledgerSerials)
      #expect(files.count == 5)
      for file in files {
        let rows = simulation.diary.channelRows.filter { $0.channel.name == file.source }
        switch file.source {
        case "wechat": try await compare(file, rows.map(day.wechat), firstLine: 2)
        case "alipay": try await compare(file, rows.map(day.alipay), firstLine: 6)
        case "ccb": try await compare(file, rows.map(day.bank), firstLine: 2)
        case "boc": try await compare(file, day.camt(rows), firstLine: nil)
        default:
          let rows = simulation.diary.ledgerRows.map(day.ledger)
          #expect(rows.count > configuration.paymentsPerDay / 2)
          try await compare(file, rows, firstLine: 2)
        }
      }
      simulation.sleep()
    }
  }
}
