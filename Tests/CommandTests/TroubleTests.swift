import Foundation
import Payments
import Testing

/// What goes wrong around a history: each time a clear error in both languages, the documented exit code,
/// nothing lost, and once the cause is gone the same bytes as if it had never been.
@Suite("A history in trouble")
struct TroubleTests {
  /// Whether a small file system can be mounted in a namespace of its own.
  private static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec unshare -rm mount -t tmpfs tmpfs /mnt 2>/dev/null"]
    try? process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// A school whose first two nights are run, and what its three nights publish undisturbed.
  private struct Case {
    let school: NightsTests.School
    let calm: [String: [UInt8]]
    var last: String { school.days[2] }

    init() async throws {
      let other = try NightsTests.School(3)
      try await other.runAll()
      calm = try other.published()
      school = try NightsTests.School(3)
      for day in school.days.prefix(2) { _ = try await school.run("run", "--date", day) }
    }

    /// Runs a command in both languages: the code, and that each names what it should.
    func expect(
      _ arguments: [String], code: Int32, _ zh: String, _ en: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      for (language, words) in [("zh", zh), ("en", en)] {
        let run = try await Program.cardrecon(
          arguments + ["--lang", language], in: school.scratch.path)
        #expect(run.code == code, "\(run.out)\(run.err)", sourceLocation: sourceLocation)
        #expect(
          (run.out + run.err).contains(words), "\(run.out)\(run.err)",
          sourceLocation: sourceLocation)
      }
    }

    /// The earlier nights' reports stand as they were.
    func expectNothingLost(sourceLocation: SourceLocation = #_sourceLocation) throws {
      let days = school.days.prefix(2)
      let now = try school.published(days)
      for (path, bytes) in calm where days.contains(where: path.hasPrefix) {
        let isSame = now[path] == bytes
        #expect(isSame, "\(path)", sourceLocation: sourceLocation)
      }
      #expect(!now.isEmpty, sourceLocation: sourceLocation)
    }

    /// The third night, run after the trouble, ends as if there had been none.
    func expectRecovery(sourceLocation: SourceLocation = #_sourceLocation) async throws {
      let run = try await school.run("run", "--date", last)
      #expect(run.code == 1, "\(run.err)", sourceLocation: sourceLocation)
      let isSame = try school.published() == calm
      #expect(isSame, "the published bytes", sourceLocation: sourceLocation)
      let verified = try await school.run("verify")
      #expect(verified.code == 0, "\(verified.out)", sourceLocation: sourceLocation)
    }
  }

  @Test("Looking into a history that is not there creates nothing")
  func absent() async throws {
    let school = try NightsTests.School(1)
    for arguments in [
      ["trace", "12345678"], ["anomalies"], ["verify"],
      ["resolve", "dd-1", "--as", "refunded", "--by", "王", "--document", "1"],
    ] {
      let run = try await Program.cardrecon(arguments, in: school.scratch.path)
      #expect(run.code == 66 && run.err.contains("没有对账历史"), "\(run.err)")
    }
    let names = try school.scratch.names("")
    #expect(!names.contains("state"))
  }

  @Test("A history that is gone while reports stand is not begun anew")
  func lostHistory() async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    let manager = FileManager.default
    try manager.moveItem(atPath: scratch["state"], toPath: scratch["elsewhere"])
    try await trouble.expect(
      ["run", "--date", trouble.last], code: 65, "历史中却没有任何一天", "the history knows no day")
    try await trouble.expect(["verify"], code: 1, "历史中没有这一天", "does not know this day")
    try manager.removeItem(atPath: scratch["state"])
    try trouble.expectNothingLost()
    try manager.moveItem(atPath: scratch["elsewhere"], toPath: scratch["state"])
    try await trouble.expectRecovery()
  }

  @Test("A damaged database is named; restored, it goes on", arguments: ["cut", "overwritten"])
  func damagedDatabase(how: String) async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    let good = try scratch.read("state/history.sqlite")
    var bad = good
    if how == "cut" {
      bad.removeLast(good.count / 2)
    } else {
      // The first page stays: the file still looks like a database.
      for index in 4_096..<min(good.count, 40 * 4_096) {
        bad[index] = UInt8(truncatingIfNeeded: index &* 31)
      }
    }
    try scratch.write(bad, to: "state/history.sqlite")
    for arguments in [["run", "--date", trouble.last], ["trace", "12345678"], ["verify"]] {
      try await trouble.expect(arguments, code: 65, "已损坏", "is damaged")
    }
    try trouble.expectNothingLost()
    try scratch.write(good, to: "state/history.sqlite")
    try await trouble.expectRecovery()
  }

  @Test(
    "An archived file that is gone or changed is refused, not judged by", arguments: [true, false])
  func archive(isGone: Bool) async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    let manager = FileManager.default
    try manager.copyItem(atPath: scratch["state/archive"], toPath: scratch["backup"])
    for name in try manager.subpathsOfDirectory(atPath: scratch["state/archive"])
    where name.count > 64 {
      let path = "state/archive/" + name
      if isGone {
        try scratch.remove(path)
      } else {
        try scratch.write(try scratch.read(path) + [0x0A], to: path)
      }
    }
    let (zh, en) = isGone ? ("不见了", "is gone") : ("内容被改动", "was changed")
    try await trouble.expect(["run", "--date", trouble.last], code: 65, zh, en)
    try await trouble.expect(["verify"], code: 1, zh, en)
    let report = try scratch.read("reports/\(trouble.school.days[0])/report.json")
    let serials = String(decoding: report, as: UTF8.self).split(separator: "\"channelSerial\": \"")
    let serial = try #require(serials.dropFirst().first).prefix { $0 != "\"" }
    try await trouble.expect(["trace", String(serial)], code: 65, zh, en)
    try trouble.expectNothingLost()
    try manager.removeItem(atPath: scratch["state/archive"])
    try manager.moveItem(atPath: scratch["backup"], toPath: scratch["state/archive"])
    try await trouble.expectRecovery()
  }

  @Test("A serial index that is lost or cut short is built anew by the next run")
  func index() async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    try scratch.remove("state/index/1.keys")
    try scratch.write(
      Array(try scratch.read("state/index/2.keys").dropLast(16)), to: "state/index/2.keys")
    try await trouble.expect(["trace", "12345678"], code: 65, "重建", "rebuilds it")
    try await trouble.expectRecovery()
    var keys = try scratch.read("state/index/2.keys")
    keys[40] ^= 1
    try scratch.write(keys, to: "state/index/2.keys")
    try await trouble.expect(["verify"], code: 1, "索引与归档不符", "is not what the archive gives")
  }

  @Test("Folders that cannot be written are named", arguments: ["state", "reports"])
  func readOnly(folder: String) async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    // Root may write anywhere, so the run is somebody else's.
    let shell = """
      chmod -R a+rwX . && chmod -R a-w \(folder) && chmod a+rx .. && \
      if [ $(id -u) = 0 ]; then as='setpriv --reuid 65534 --regid 65534 --clear-groups'; fi && \
      for lang in zh en; do \
      $as '\(Program.cardrecon.path)' run --date \(trouble.last) --lang $lang; echo "code $?"; done
      """
    let run = try await Program.shell("-c", shell, in: scratch.path)
    #expect(run.out == "code 73\ncode 73\n", "\(run.out)\(run.err)")
    #expect(run.err.contains("Permission denied") && run.err.contains("权限"), "\(run.err)")
    try trouble.expectNothingLost()
    _ = try await Program.shell(
      "-c", "chmod -R u+rwX . && chown -R $(id -u) .", in: scratch.path)
    try await trouble.expectRecovery()
  }

  @Test(
    "A file system that fills up leaves nothing half done",
    .enabled(if: canMount, "needs to mount a small file system"), arguments: ["state", "reports"])
  func fullDisk(folder: String) async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    // The folder moves to a small file system, is filled to the brim, gets room bit by bit until the
    // run goes through, and moves back.
    let shell = """
      mkdir small && mount -t tmpfs -o size=16m tmpfs small && cp -a \(folder)/. small/ && \
      rm -r \(folder) && ln -s small \(folder) && \
      (head -c 16000000 /dev/zero >small/filler; true) 2>/dev/null
      for free in 0 40000 100000 200000 400000 800000; do
        size=$(stat -c %s small/filler)
        truncate -s $((size > free ? size - free : 0)) small/filler
        '\(Program.cardrecon.path)' run --date \(trouble.last) --lang en
        code=$?; echo "code $code"
        if [ $code -ne 73 ]; then break; fi
      done
      rm small/filler \(folder) && mkdir \(folder) && cp -a small/. \(folder)/
      """
    let run = try await Program.shell(
      "-c", "exec unshare -rm sh -c \"$0\"", shell, in: scratch.path)
    #expect(run.out.hasPrefix("code 73\n"), "\(run.out)\(run.err)")
    let codes = run.out.split(separator: "\n").filter { $0.hasPrefix("code") }
    #expect(codes.last == "code 1" && codes.dropLast().allSatisfy { $0 == "code 73" }, "\(run.out)")
    #expect(run.err.contains("No space left") || run.err.contains("full"), "\(run.err)")
    try trouble.expectNothingLost()
    try await trouble.expectRecovery()
  }

  @Test("A file size limit stops a run anywhere, and the next one finishes")
  func fileSizeLimit() async throws {
    let trouble = try await Case()
    var failures = 0
    for blocks in [0, 8, 64, 256, 400, 600, 900] {
      let call = "exec '\(Program.cardrecon.path)' run --date \(trouble.last)"
      let run = try await Program.shell(
        "-c", "trap '' XFSZ; ulimit -f \(blocks); \(call)", in: trouble.school.scratch.path)
      if run.code == 1 { break }
      failures += 1
      #expect(run.code == 73, "\(blocks): \(run.err)")
      try trouble.expectNothingLost()
    }
    #expect(failures > 2)
    try await trouble.expectRecovery()
  }

  @Test("Reports that were deleted are missed by verify, and come back when their day is run again")
  func lostReports() async throws {
    let trouble = try await Case()
    let scratch = trouble.school.scratch
    try scratch.remove("reports")
    try await trouble.expect(["verify"], code: 1, "已发布的文件不见了", "the published file is gone")
    for day in trouble.school.days.prefix(2) {
      _ = try await trouble.school.run("run", "--date", day)
    }
    try await trouble.expectRecovery()
  }
}
