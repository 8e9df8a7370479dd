internal import Files
internal import Synchronization

/// A file of a day's reports, and how it is written.
struct PaperWriter {
  let name: String
  /// Whether it takes longer than the others, on one core.
  let isLong: Bool
  let write: (PaperSink) throws -> Void

  init(_ name: String, isLong: Bool = false, _ write: @escaping (PaperSink) throws -> Void) {
    self.name = name
    self.isLong = isLong
    self.write = write
  }
}

/// Takes a published file part by part: hashes it and, unless it is only compared, writes it down.
final class PaperSink: Sendable {
  private struct State {
    var checksum = Checksum()
    var file: DurableFile?
    var failure: (any Error)?
  }

  private let name: String
  private let state: Mutex<State>

  /// - Parameter folder: where the file is written; nil when only its checksum is wanted.
  init(_ name: String, in folder: String?) throws {
    self.name = name
    let file = try folder.map { try DurableFile($0 + "/" + name) }
    state = Mutex(State(file: file))
  }

  /// Adds the bytes that follow; what goes wrong is said in the end.
  func append(_ bytes: [UInt8]) {
    state.withLock { state in
      state.checksum.update(bytes)
      guard state.failure == nil else { return }
      do {
        try state.file?.append(bytes)
      } catch {
        state.failure = error
      }
    }
  }

  /// The file, once all of it is on the disk.
  func finish() throws -> PublishedFile {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try state.file?.finish()
      return PublishedFile(name: name, sha256: state.checksum.hexadecimal)
    }
  }
}

/// A published file and what `sha256sum -c` checks it by.
package struct PublishedFile {
  /// Its name in its folder.
  package let name: String
  /// SHA-256 of its bytes in lower-case hexadecimal.
  package let sha256: String

  /// The name of the list of hashes.
  package static let manifestName = "manifest.sha256"

  /// The list of files by which they are checked.
  ///
  /// - Parameter others: further lines.
  static func manifest(of files: [PublishedFile], others: String = "") -> PaperWriter {
    let lines = files.map { "\($0.sha256)  \($0.name)\n" }.joined() + others
    return PaperWriter(manifestName) { $0.append(Array(lines.utf8)) }
  }
}

extension PaperWriter {
  /// Writes the file into a folder; only hashes it when there is none.
  func written(in folder: String?) throws -> PublishedFile {
    let sink = try PaperSink(name, in: folder)
    try write(sink)
    return try sink.finish()
  }
}
