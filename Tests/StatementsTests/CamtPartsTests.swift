import Payments
import Testing

@testable import CampusSimulator
@testable import Statements

/// A camt file read in parts says what it says in one piece, or is not read in parts.
@Suite("Camt files in parts")
struct CamtPartsTests {
  /// Everything a file gave, as text.
  private func told(_ entries: CamtEntries) -> [String] {
    var entries = entries
    entries.check()
    return entries.readings.flatMap { reading in
      [
        "\(reading.statement) \(reading.unkeyed) \(reading.member) \(reading.statesPeriod)",
        "\(String(describing: reading.balances)) \(reading.days)",
        "\(Set(reading.names).sorted())",
      ] + reading.rejections.map { "\($0)" }
        + (0..<reading.table.count).map { "\(reading.table[$0])" }
    }
  }

  private func whole(_ file: StatementFile) throws -> CamtEntries? {
    var entries = CamtEntries(file: file, name: "camt.xml", words: SchoolWords())
    var reader = CamtReader()
    let bytes = try file.read(at: 0, count: file.size)
    do throws(XMLReadError) {
      _ = try bytes.withRaw { raw throws(XMLReadError) in try reader.feed(raw, into: &entries) }
      try reader.finish(into: &entries)
    } catch {
      return nil
    }
    return entries
  }

  /// In how many of several ways a file is read in parts; each must tell the same.
  private func cuts(_ bytes: [UInt8], _ name: String) throws -> Int {
    let file = StatementFile(path: name, bytes: bytes)
    var taken = 0
    let expected = try whole(file).map(told)
    for parts in 2...7 {
      guard
        let found = try CamtParts(
          file, name: "camt.xml", words: SchoolWords(), parts: parts, smallest: 1)?
          .read(strands: 2)
      else { continue }
      taken += 1
      #expect(told(found) == expected, "\(name) in \(parts) parts")
    }
    return taken
  }

  /// A camt statement of a simulated school.
  private static let simulated = MutationTests.files.filter { $0.name.hasSuffix(".xml") }

  @Test("Files as written are read in parts and say the same", arguments: simulated)
  func alike(_ file: SimulatedFile) throws {
    #expect(try cuts(file.bytes, file.name) == 6)
  }

  @Test("Damaged at random they say the same, or are read in one piece", arguments: simulated)
  func damaged(_ file: SimulatedFile) throws {
    var random = SplitMix64(seed: 77)
    for _ in 0..<60 { _ = try cuts(MutationTests.damaged(file.bytes, &random), file.name) }
  }

  @Test(
    "What a cut would tear is read in one piece",
    arguments: [
      ("<!-- <Ntry> -->", ""), ("<!-- ", " -->"), ("<![CDATA[", "]]>"),
      ("", "</Stmt><Stmt><Id>2</Id>"),
      ("<Other>", "</Other>"), ("", "<Bal/>"),
    ])
  func torn(_ before: String, _ after: String) throws {
    let text = String(decoding: try #require(Self.simulated.first).bytes, as: UTF8.self)
    // Around an entry in the middle, where one of the cuts falls near.
    let entries = text.ranges(of: "<Ntry>")
    let middle = entries[entries.count / 2]
    let end = try #require(text[middle.lowerBound...].firstRange(of: "</Ntry>"))
    let changed =
      text[..<middle.lowerBound] + before + text[middle.lowerBound..<end.upperBound] + after
      + text[end.upperBound...]
    _ = try cuts(Array(changed.utf8), "\(before)…\(after)")
  }

  @Test(
    "What only the whole file can tell is not told by parts",
    arguments: [
      ("an entry without a currency", " Ccy=\"CNY\"", ""),
      (
        "a balance among the entries", "</Ntry>",
        "</Ntry><Bal><Tp><CdOrPrtry><Cd>ITBD</Cd></CdOrPrtry></Tp></Bal>"
      ),
      ("a period among the entries", "</Ntry>", "</Ntry><FrToDt><FrDt>2026-11-02</FrDt></FrToDt>"),
    ])
  func whole(_ what: String, _ place: String, _ other: String) throws {
    let text = String(decoding: try #require(Self.simulated.first).bytes, as: UTF8.self)
    let first = try #require(text.firstRange(of: "<Ntry>")).lowerBound
    // Everywhere, and only around the middle: near some cut in any case.
    let everywhere = text[..<first] + text[first...].replacing(place, with: other)
    #expect(try cuts(Array(everywhere.utf8), what) == 0)
    for share in stride(from: 10, to: 100, by: 10) {
      let near = text.index(first, offsetBy: text[first...].count * share / 100)
      let changed = text[..<near] + text[near...].replacing(place, with: other, maxReplacements: 1)
      _ = try cuts(Array(changed.utf8), what)
    }
  }

  @Test(
    "The collected files too", .enabled(if: CollectedFiles.areHere),
    arguments: [
      "camt053/genkgo_camt053.v2.minimal.xml", "camt053/genkgo_camt053.v3.xml",
      "camt053/genkgo_camt053.v4.xml", "camt053/bsp_camt.053.001.02.xml",
      "camt053/genkgo_camt053.v2.all-balance-types.xml", "camt052/genkgo_camt052.v8.xml",
      "camt053/bsp_golden_multicurrency.xml", "camt053/prowide_camt.053.001.07.xml",
    ])
  func collected(_ name: String) throws {
    _ = try cuts(CollectedFiles.bytes(name), name)
  }
}
