import Files
import Foundation
import Testing

/// Files as the system gives and takes them.
@Suite("Files")
struct FilesTests {
  /// A folder of its own for each test.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "cardrecon-files-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("A checksum is the same for bytes given at once and part by part")
  func checksums() {
    // FIPS 180-4, "abc".
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(sha256(Array("abc".utf8)) == known)
    var parts = Checksum()
    parts.update("a")
    parts.update(Array("bcd".utf8), 2)
    #expect(parts.hexadecimal == known)
    #expect(hexadecimal(parts.bytes) == known)
  }

  @Test("A temporary file is shown whole under its own name or is gone")
  func temporary() throws {
    try withFolder { folder in
      let (path, final) = (folder + "/.partial", folder + "/index")
      do {
        let file = try DurableFile(path, isTemporary: true)
        try file.append(Array("head".utf8))
        #expect(contents(path) == "head")
      }
      #expect(contents(path) == nil)
      let file = try DurableFile(path, isTemporary: true)
      try file.append(Array("????-body-and-more".utf8), 9)
      try file.overwrite(head: Array("HEAD".utf8))
      #expect(contents(final) == nil)
      try file.finish(as: final)
      #expect(contents(final) == "HEAD-body")
      #expect(contents(path) == nil)
      let mode = try FileManager.default.attributesOfItem(atPath: final)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test("Reading stops at the end, wherever it begins")
  func reading() throws {
    try withFolder { folder in
      let path = folder + "/bytes"
      let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
      let file = try DurableFile(path)
      try file.append(bytes)
      try file.finish()
      let read = try ReadableFile(path)
      #expect(read.size == 1_000)
      #expect(try read.read(at: 990, count: 100) == Array(bytes[990...]))
      #expect(try read.read(at: 2_000, count: 5) == [])
      var block = [UInt8](repeating: 0, count: 600)
      #expect(try read.read(at: 600, into: &block) == 400)
      #expect(block[..<400] == bytes[600...])
      #expect(ReadableFile.size(path) == 1_000)
      #expect(ReadableFile.size(path + "?") == nil)
    }
  }

  @Test("Folders, pipes and files that are not there are refused with the path and the reason")
  func refused() throws {
    try withFolder { folder in
      mkfifo(folder + "/pipe", 0o600)
      for name in ["", "/pipe", "/absent"] {
        let problem = #expect(throws: FileProblem.self) { _ = try ReadableFile(folder + name) }
        #expect(problem?.path == folder + name)
        #expect(problem?.problem.isEmpty == false)
      }
      #expect(throws: FileProblem.self) { try DurableFile(folder + "/absent/file") }
    }
  }

  @Test("Folders are made with those above them, for the owner alone")
  func folders() throws {
    try withFolder { folder in
      let deep = folder + "/a/b/c"
      try Folders.make(deep)
      try Folders.make(deep)
      try Folders.sync(deep)
      let mode = try FileManager.default.attributesOfItem(atPath: folder + "/a")[.posixPermissions]
      #expect(mode as? Int == 0o700)
      #expect(Folders.parent(of: deep) == folder + "/a/b")
      #expect(Folders.parent(of: "/top") == "/")
      #expect(Folders.parent(of: "alone") == ".")
      #expect(Folders.name(of: deep) == "c")
      #expect(throws: FileProblem.self) { try Folders.sync(folder + "/absent") }
    }
  }
}
