import Foundation
import History
import Payments
import Testing

@testable import Runs

/// Files that come after their night, folders that were tidied up, reruns that change nothing.
@Suite("Late files and reruns")
struct LateNightsTests {
  static let school = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  private func day(_ text: String) throws -> ClosedRange<BusinessDay> {
    let day = try #require(BusinessDay(text))
    return day...day
  }

  private func run(_ school: TinySchool, _ text: String) async throws -> NightsResult {
    try await Nights(try school.nights()).run(try day(text))
  }

  /// Delivers a day of four top-ups.
  private func deliver(
    _ school: TinySchool, _ text: String, bill: Bool = true, ledger: Bool = true
  ) throws {
    let day = TinyDay(day: text)
    if bill { try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(text).csv") }
    if ledger { try school.deliver(day.ledger(0..<4), as: "ledger_\(text).csv") }
  }

  @Test("A bill that comes two days late is taken, and every night after it is told")
  func late() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try deliver(school, "2026-11-16", bill: false)
    #expect(try await run(school, "2026-11-16").verdict == .incomplete)
    try deliver(school, "2026-11-17")
    let second = try await run(school, "2026-11-17")
    #expect(second.changes == [] && second.report.pending.count == 4)
    // A missing file is told every morning, and does not make another night incomplete.
    #expect(second.verdict == .balanced)
    #expect(second.report.openNights.map(\.day.description) == ["2026-11-16"])
    #expect(second.report.openNights.first?.books.map(\.state) == [.missing])
    try deliver(school, "2026-11-16")
    try deliver(school, "2026-11-18")
    let third = try await run(school, "2026-11-18")
    #expect(third.verdict == .balanced && third.report.openNights == [])
    #expect(third.changes.map(\.day.description) == ["2026-11-16", "2026-11-17"])
    #expect(third.changes[0].files == ["wechat_a_2026-11-16.csv"])
    #expect(third.changes[0].before == .incomplete && third.changes[0].after == .balanced)
    #expect(third.changes[1].files == [] && !third.changes[1].isByRules)
    let store = try school.nights().store
    let basis = try #require(try store.basis(of: try day("2026-11-16").lowerBound))
    #expect(basis.books?.first { $0.book.side == .channel }?.isLate == true)
    try await school.verify()
  }

  @Test("A night that was missed is made up for when its files are there, none before the first")
  func missed() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    for number in 14...18 { try deliver(school, "2026-11-\(number)") }
    #expect(try await run(school, "2026-11-15").changes == [])
    let result = try await run(school, "2026-11-18")
    #expect(result.changes.map(\.day.description) == ["2026-11-16", "2026-11-17"])
    #expect(result.changes.allSatisfy { !$0.isRerun } && result.verdict == .balanced)
    #expect(try school.nights().store.days().count == 4)
  }

  @Test("Nothing is taken from farther back than the configuration says")
  func reach() async throws {
    let school = try TinySchool(Self.school + "catchUp: 2\n")
    defer { school.remove() }
    for number in [14, 15] { try deliver(school, "2026-11-\(number)", bill: false) }
    for number in 14...17 { _ = try await run(school, "2026-11-\(number)") }
    for number in [14, 15] { try deliver(school, "2026-11-\(number)") }
    let late = try Nights(try school.nights()).late(before: try day("2026-11-17").lowerBound)
    #expect(late.map(\.description) == ["2026-11-15"])
  }

  @Test("A rerun that changes nothing stores nothing; deleted reports come back")
  func idle() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    for number in [16, 17] {
      try deliver(school, "2026-11-\(number)")
      _ = try await run(school, "2026-11-\(number)")
    }
    let nights = try school.nights()
    func runs() throws -> Int { try nights.store.runCount() }
    let before = try runs()
    let again = try await run(school, "2026-11-17")
    #expect(try runs() == before && again.report.verdict == .balanced)
    let folder = nights.folder(of: try day("2026-11-17").lowerBound).path
    try FileManager.default.removeItem(atPath: folder + "/report.html")
    _ = try await run(school, "2026-11-17")
    #expect(FileManager.default.fileExists(atPath: folder + "/report.html"))
    // Another configuration is another basis.
    try school.configure(Self.school + "rules: {mobileWindow: 31min}\n")
    let stored = try runs()
    let changed = try await run(school, "2026-11-17")
    #expect(try runs() != stored && changed.changes.first?.isByRules == true)
    try await school.verify()
  }

  @Test("The archive serves what the folder no longer holds, book by book, by content")
  func archive() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try deliver(school, "2026-11-16")
    _ = try await run(school, "2026-11-16")
    try school.takeAway("wechat_a_2026-11-16.csv")
    let first = try await run(school, "2026-11-16")
    #expect(first.report.verdict == .balanced)
    #expect(first.fromArchive.map(\.files) == [["wechat_a_2026-11-16.csv"]])
    // Yesterday's bill under today's name takes nothing away.
    let other = TinyDay(day: "2026-11-15")
    try school.deliver(other.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    let second = try await run(school, "2026-11-16")
    #expect(second.report.pending.isEmpty && second.report.anomalies.isEmpty)
    #expect(second.fromArchive.map(\.files) == [["wechat_a_2026-11-16.csv"]])
    // A bill of the same book and day under any name stands for the archived one.
    try school.takeAway("wechat_a_2026-11-16.csv")
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<3), as: "wechat_neu_2026-11-16.csv")
    let third = try await run(school, "2026-11-16")
    #expect(third.fromArchive.isEmpty)
    #expect(third.report.anomalies.map(\.kind) == [.creditedNotDebited])
    try await school.verify()
  }

  @Test("A file that cannot be read makes its night incomplete, and is taken once it can")
  func unreadable() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try deliver(school, "2026-11-16", bill: false)
    let path = school.folder + "/in/wechat_a_2026-11-16.csv"
    // Nobody, the superuser included, reads a folder as a file.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let first = try await run(school, "2026-11-16")
    #expect(first.verdict == .incomplete && first.report.pending.count == 4)
    let faults = first.report.statements.filter { $0.statement.file == "wechat_a_2026-11-16.csv" }
      .flatMap(\.statement.faults)
    #expect(faults.map(\.kind) == [.statementMissing])
    #expect(faults.first?.detail.zh.contains("无法读取") == true)
    try await school.verify()
    // It is still unreadable: nothing has changed.
    #expect(try Nights(try school.nights()).late(before: try day("2026-11-17").lowerBound) == [])
    try FileManager.default.removeItem(atPath: path)
    try deliver(school, "2026-11-16", ledger: false)
    try deliver(school, "2026-11-17")
    let second = try await run(school, "2026-11-17")
    #expect(second.verdict == .balanced && second.changes.count == 1)
    try await school.verify()
  }

  @Test("A folder that is not there is a mistake, not missing files")
  func folders() async throws {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "bills/wechat_{yyyy-MM-dd}.csv"}}
      ledger: {files: "ledger_{yyyy-MM-dd}/x.csv"}

      """)
    defer { school.remove() }
    let configuration = try ConfigurationReader(path: school.folder + "/cardrecon.yaml").read()
    #expect(throws: ConfigurationError.self) { try configuration.checkFolders() }
    try FileManager.default.createDirectory(
      atPath: school.folder + "/in/bills", withIntermediateDirectories: true)
    try configuration.checkFolders()
  }

  @Test("A dry run tells what would be found and leaves nothing behind")
  func dry() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try deliver(school, "2026-11-16")
    _ = try await run(school, "2026-11-16")
    try deliver(school, "2026-11-17")
    try school.deliver(
      TinyDay(day: "2026-11-17").wechat("1609354271", 0..<5), as: "wechat_a_2026-11-17.csv")
    let nights = try school.nights()
    let archived = try nights.store.extent().archivedFiles
    let number = try day("2026-11-17").lowerBound
    let report = try await nights.tryOut(number, files: nights.configuration.files(on: number))
    #expect(report.anomalies.map(\.kind) == [.debitedNotCredited])
    #expect(try nights.store.days().count == 1)
    #expect(try nights.store.extent().archivedFiles == archived)
    #expect(nights.publishedDays().count == 1)
  }
}
