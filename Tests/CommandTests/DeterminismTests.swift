import CampusSimulator
import Foundation
import Payments
import TestSupport
import Testing

/// The same rows give the same bytes, however they are given.
@Suite("Same input, same bytes")
struct DeterminismTests {
  private func check(_ files: [String], _ copy: Scratch, _ options: String...) async throws
    -> [UInt8]
  {
    let run = try await cardrecon(
      ["check", "--payout-days", "0"] + files + ["--json"] + options, in: copy)
    #expect(run.code == 1, "\(run.err)")
    return run.outBytes
  }

  /// The report without what must change when rows move: lines, hashes, and the order of quotes
  /// that differ in nothing but their line.
  private func content(_ json: [UInt8]) throws -> NSObject {
    func stripped(_ value: Any) -> Any {
      if let object = value as? [String: Any] {
        return object.filter { !["line", "sha256"].contains($0.key) }.mapValues(stripped)
      }
      return (value as? [Any])?.map(stripped) ?? value
    }
    let value = stripped(try JSONSerialization.jsonObject(with: Data(json)))
    return try #require(value as? NSObject)
  }

  @Test("Files in any order", arguments: 1...4)
  func fileOrder(seed: UInt64) async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    var numbers = SeededNumbers(state: seed)
    let shuffled = files.shuffled(using: &numbers)
    let isSame = try await check(files, copy) == check(shuffled, copy)
    #expect(isSame, "\(shuffled)")
  }

  @Test("Any number of threads", arguments: ["1", "2", "3", "8"])
  func threads(count: String) async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let isSame =
      try await check(files, copy, "--threads", count)
      == Sample.checked()
    #expect(isSame)
  }

  @Test("Any number of threads and any memory, with files that are cut into several stretches")
  func manyRows() async throws {
    let scratch = try Scratch()
    // A stretch is a megabyte.
    let day = School.reference(payments: 17_000, seed: 77, day: BusinessDay(number: 20_759))
    #expect(day.files.contains { $0.bytes.count > 1 << 22 })
    for file in day.files { try scratch.write(file.bytes, to: file.name) }
    let names = day.files.map(\.name)
    let single = try await check(names, scratch, "--threads", "1", "--unmask")
    for options in [["2"], ["3"], ["8"], ["1", "--memory", "1M"], ["3", "--memory", "20M"]] {
      let isSame =
        try await check(names + ["--threads"] + options, scratch, "--unmask") == single
      #expect(isSame, "--threads \(options)")
    }
    let score = Score(try ReportFile(single), day.truth, name: "reference")
    #expect(score.complaints == [])
  }

  @Test("Any time zone, language and working folder of the machine")
  func machine() async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy).map { copy[$0] }
    let elsewhere = try Scratch()
    let run = try await cardrecon(
      ["check", "--payout-days", "0", "--json"] + files, in: elsewhere,
      environment: ["TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"])
    let isSame = try run.outBytes == Sample.checked()
    #expect(isSame)
  }

  @Test("Rows in any order, but for the lines they stand on", arguments: 1...3)
  func rowOrder(seed: UInt64) async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let before = try await check(files, copy)
    for file in files {
      let bytes = try copy.read(file)
      if file.contains("wechat") { try copy.write(RowShuffle.weChat(bytes, seed: seed), to: file) }
      if file.contains("2088") { try copy.write(RowShuffle.alipay(bytes, seed: seed), to: file) }
      if file.contains("ledger") { try copy.write(RowShuffle.ledger(bytes, seed: seed), to: file) }
      let isMoved = try copy.read(file) != bytes
      // What has a running balance has one order.
      let isChained = ["boc", "ccb", "fund"].contains { file.contains($0) }
      #expect(isMoved == !isChained)
      #expect(try copy.read(file).sorted() == bytes.sorted())
    }
    let after = try await check(files, copy)
    let isSame = try content(before).isEqual(content(after))
    #expect(isSame)
  }
}
