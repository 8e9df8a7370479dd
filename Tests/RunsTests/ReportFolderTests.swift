import Foundation
import Testing

@testable import Runs

/// A published folder is all of the old files or all of the new ones.
@Suite("Report folders")
struct ReportFolderTests {
  private func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("Nobody sees a file before it is shown, and nothing of the old ones after")
  func shown() throws {
    try withFolder { output in
      let folder = ReportFolder(output + "/2026-11-16")
      #expect(folder.shown == nil)
      let first = try folder.prepare {
        try publishFile(Array("first".utf8), to: $0 + "/report.txt")
      }
      #expect(folder.isPrepared(first) && folder.shown == nil)
      try folder.show(first)
      #expect(contents(folder.path + "/report.txt") == "first" && folder.shown == first)
      let second = try folder.prepare { try publishFile(Array("2nd".utf8), to: $0 + "/report.txt") }
      #expect(contents(folder.path + "/report.txt") == "first")
      try folder.show(second)
      #expect(contents(folder.path + "/report.txt") == "2nd")
      #expect(!folder.isPrepared(first))
    }
  }

  @Test("What could not be written leaves nothing behind")
  func failed() throws {
    struct Refused: Error {}
    try withFolder { output in
      let folder = ReportFolder(output + "/2026-11-16")
      #expect(throws: Refused.self) { _ = try folder.prepare { _ in throw Refused() } }
      #expect(ReportFolder.names(in: output + "/.published") == [])
      let error = #expect(throws: PublishingError.self) {
        try publishFile([1], to: output + "/absent/file")
      }
      #expect(error?.path == output + "/absent/file")
    }
  }

  @Test("What a dead run laid down is removed; what is shown, kept or a living run's stays")
  func discarded() throws {
    try withFolder { output in
      let folder = ReportFolder(output + "/2026-11-16")
      let shown = try folder.prepare { _ in }
      try folder.show(shown)
      let mine = try folder.prepare { _ in }
      // A number no process has: the kernel's numbers end at 2²².
      let dead = ["2026-11-16-5-4194305", "2026-11-16-6-4194305"]
      for name in dead {
        try FileManager.default.createDirectory(
          atPath: output + "/.published/" + name, withIntermediateDirectories: true)
      }
      ReportFolder.discard(except: [dead[0]], in: output)
      #expect(Set(ReportFolder.names(in: output + "/.published")) == [shown, mine, dead[0]])
      #expect(folder.shown == shown)
    }
  }
}
