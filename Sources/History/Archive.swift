internal import Columns
internal import Files
internal import Foundation
internal import Synchronization

/// The input files, each once, under the name of its SHA-256. Nothing is ever changed or deleted.
public struct Archive: Sendable {
  let folder: StateFolder

  /// The archive of a state folder.
  public init(_ folder: StateFolder) {
    self.folder = folder
  }

  /// Copies a file into the archive unless it is there already.
  ///
  /// - Returns: its SHA-256 in lower-case hexadecimal.
  public func store(_ path: String) throws(HistoryError) -> String { try put(path).sha256 }

  /// The same, and whether it was copied.
  public func put(_ path: String) throws(HistoryError) -> (sha256: String, isNew: Bool) {
    try usable { () throws(FileProblem) in
      let source = try ReadableFile(path)
      // Several files are stored at once.
      let turn = Archive.turn.add(1, ordering: .relaxed).newValue
      let temporary = folder.path + "/archive/.partial-\(getpid())-\(turn)"
      let target = try DurableFile(temporary, isTemporary: true)
      let sha256 = try copy(source, to: target)
      let final = folder.archived(sha256)
      guard access(final, F_OK) != 0 else { return (sha256, false) }
      try Folders.make(Folders.parent(of: final))
      try target.finish(as: final)
      try Folders.sync(Folders.parent(of: final))
      return (sha256, true)
    }
  }

  /// Puts bytes into the archive unless they are there already.
  ///
  /// - Returns: their SHA-256 in lower-case hexadecimal.
  @discardableResult
  public func put(bytes: [UInt8]) throws(HistoryError) -> String {
    try usable { () throws(FileProblem) in
      let sha256 = Files.sha256(bytes)
      let final = folder.archived(sha256)
      guard access(final, F_OK) != 0 else { return sha256 }
      let turn = Archive.turn.add(1, ordering: .relaxed).newValue
      let target = try DurableFile(
        folder.path + "/archive/.partial-\(getpid())-\(turn)", isTemporary: true)
      try target.append(bytes)
      try Folders.make(Folders.parent(of: final))
      try target.finish(as: final)
      try Folders.sync(Folders.parent(of: final))
      return sha256
    }
  }

  /// Tells the temporary files of this process apart.
  private static let turn = Atomic<Int>(0)

  /// Removes what runs that died had begun to copy. Only for a run that holds the lock.
  public func discardUnfinished() {
    let top = folder.path + "/archive"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: top)) ?? []
    where name.hasPrefix(".partial-") {
      unlink(top + "/" + name)
    }
  }

  /// Copies a file and hashes what was copied: a long one on two threads, as each takes as long as the
  /// other.
  private func copy(
    _ source: ReadableFile, to target: DurableFile
  ) throws(FileProblem) -> String {
    guard source.size > Archive.long else { return try copyAlone(source, to: target) }
    let belt = Conveyor()
    var copied: Result<String?, FileProblem> = .success(nil)
    let hashed = beside { isAlone in
      copied = Result { () throws(FileProblem) in
        // The belt holds no file that nobody takes from it.
        guard !isAlone else { return try copyAlone(source, to: target) }
        var offset = 0
        while true {
          var block = belt.empty()
          let count = try source.read(at: offset, into: &block)
          guard count > 0 else { return nil }
          try target.append(block, count)
          offset += count
          belt.send(block, count)
        }
      }
      belt.send([], 0)
    } waiting: {
      var checksum = Checksum()
      while true {
        let (block, count) = belt.next()
        guard count > 0 else { return checksum.hexadecimal }
        checksum.update(block, count)
        belt.giveBack(block)
      }
    }
    return try copied.get() ?? hashed
  }

  /// Longer files are hashed beside being copied.
  private static let long = 1 << 23

  /// Copies a file and hashes what was copied, on this thread.
  private func copyAlone(
    _ source: ReadableFile, to target: DurableFile
  ) throws(FileProblem) -> String {
    try Archive.checksum(source) { (block, count) throws(FileProblem) in
      try target.append(block, count)
    }
  }

  /// The SHA-256 of an archived file as it is now; nil when it is gone, or cannot be read to its end.
  public func checksum(_ sha256: String) -> String? {
    guard let file = try? ReadableFile(folder.archived(sha256)) else { return nil }
    return try? Archive.checksum(file)
  }

  /// The SHA-256 of any file.
  public static func checksum(of path: String) throws(HistoryError) -> String {
    try usable { () throws(FileProblem) in try checksum(try ReadableFile(path)) }
  }

  /// The SHA-256 of a file, every block of which is handed over.
  private static func checksum(
    _ file: ReadableFile, _ body: ([UInt8], Int) throws(FileProblem) -> Void = { _, _ in }
  ) throws(FileProblem) -> String {
    var checksum = Checksum()
    var block = [UInt8](repeating: 0, count: Conveyor.size)
    var offset = 0
    while true {
      let count = try file.read(at: offset, into: &block)
      guard count > 0 else { return checksum.hexadecimal }
      checksum.update(block, count)
      try body(block, count)
      offset += count
    }
  }
}
