import Foundation
import History
import Payments
import Testing

@testable import Runs

/// Every file that is published or archived is changed, taken away, and joined by another: `verify` names it.
@Suite("A changed file is found")
struct PublishedTamperingTests {
  private func school(signed: Bool = false) async throws -> (TamperedSchool, key: String) {
    let path = NSTemporaryDirectory() + "cardrecon-key-\(UUID().uuidString)/anchor.pem"
    let key = try AnchorKey.make(at: path).publicText
    return (try await TamperedSchool(more: signed ? "anchorKey: \(path)\n" : ""), key)
  }

  private func expectNamed(
    _ path: String, _ school: TamperedSchool, _ what: String,
    by problems: [Discrepancy]? = nil
  ) throws {
    let found = try problems ?? school.problems()
    let name = path.split(separator: "/").last.map(String.init) ?? path
    #expect(found.contains { $0.subject.contains(name) }, "\(what) \(path): \(found)")
    try school.restore()
  }

  /// Files below a folder, links followed.
  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { name in
      var isFolder: ObjCBool = false
      let path = folder + "/" + name
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return isFolder.boolValue ? try files(path) : [path]
    }
  }

  @Test(
    "Every file of days and months, their anchors and signatures, the calendar",
    arguments: [true, false])
  func published(isSigned: Bool) async throws {
    let (school, _) = try await school(signed: isSigned)
    defer { school.remove() }
    #expect(try school.problems() == [])
    try school.keep()
    let all = try files(school.output).filter { !$0.contains("/.published/") }
    for name in [
      "report.json", "report.html", "report.xlsx", "anomalies.csv", "manifest.sha256", "anchor.txt",
      "report-mail.txt", "month.html", "month.json", "index.html",
    ] + (isSigned ? ["anchor.sig"] : []) {
      #expect(all.contains { $0.hasSuffix("/" + name) }, "\(name)")
    }
    for path in all {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      try expectNamed(path, school, "changed")
      try FileManager.default.removeItem(atPath: path)
      try expectNamed(path, school, "gone")
    }
    for folder in ["2026-11-16", "2026-11-17", "2026-11"] {
      let path = school.output + "/\(folder)/报告-更正.html"
      try Data("x".utf8).write(to: URL(fileURLWithPath: path))
      try expectNamed(path, school, "more")
    }
    #expect(try school.problems() == [])
  }

  @Test("Every archived file: statements, configuration")
  func archived() async throws {
    let (school, _) = try await school()
    defer { school.remove() }
    try school.keep()
    let all = try files(school.school.folder + "/state/archive")
    #expect(all.count == 4)
    for path in all {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      try Data("x".utf8).write(to: URL(fileURLWithPath: path))
      try expectNamed(path, school, "changed")
      try FileManager.default.removeItem(atPath: path)
      try expectNamed(path, school, "gone")
    }
  }

  @Test("An index of serials that says something else is found when days are derived")
  func indexes() async throws {
    let (school, _) = try await school()
    defer { school.remove() }
    try school.keep()
    let indexes = try files(school.school.folder + "/state").filter { $0.hasSuffix(".keys") }
    #expect(!indexes.isEmpty)
    for path in indexes {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[bytes.count - 5] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      let run = try school.school.nights()
      var found: [Discrepancy] = []
      for day in try run.store.days() { found += try await DayVerification(run).derived(day) }
      // The 17th was withdrawn by a third run: nobody reads the index of the second any more.
      #expect(found.isEmpty == path.hasSuffix("/2.keys"), "\(path): \(found)")
      try school.restore()
    }
  }

  @Test("A month nobody published, a day nobody ran, a signature nobody gave")
  func foreign() async throws {
    let (school, _) = try await school()
    defer { school.remove() }
    try school.keep()
    let manager = FileManager.default
    for (name, like) in [("2026-10", "2026-11"), ("2026-11-30", "2026-11-16")] {
      let stamp = "\(name)-1-1"
      try manager.copyItem(
        atPath: school.output + "/" + like + "/", toPath: school.output + "/.published/" + stamp)
      try manager.createSymbolicLink(
        atPath: school.output + "/" + name, withDestinationPath: ".published/" + stamp)
      try expectNamed(name, school, "foreign")
    }
    let signature = school.output + "/2026-11-16/anchor.sig"
    try Data(count: 64).write(to: URL(fileURLWithPath: signature))
    try expectNamed("anchor.sig", school, "foreign")
  }

  @Test("A day signed by another key than the one kept elsewhere")
  func otherKey() async throws {
    let (school, key) = try await school(signed: true)
    defer { school.remove() }
    #expect(try school.problems(signedBy: key) == [])
    let other = try AnchorKey.make(
      at: NSTemporaryDirectory() + "cardrecon-key-\(UUID().uuidString)/other.pem"
    ).publicText
    let found = try school.problems(signedBy: other)
    #expect(found.count == 2 && found.allSatisfy { $0.problem.en.contains("another key") })
  }
}
