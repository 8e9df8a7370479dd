internal import Columns
internal import Files
internal import Synchronization

/// Bytes that were made out of a file and are read until the run ends: unpacked, transcoded, rendered.
///
/// All of a run's together take a little memory only; the others lie in a file without a name.
final class KeptBytes: Sendable {
  /// Number of bytes.
  let count: Int
  private let pieces: [Piece]
  private let scratch: ScratchSpace

  fileprivate enum Piece {
    case memory([UInt8])
    case scratch(Int)
  }

  fileprivate init(_ pieces: [Piece], count: Int, in scratch: ScratchSpace) {
    (self.pieces, self.count, self.scratch) = (pieces, count, scratch)
  }

  deinit { scratch.free(pieces) }

  /// Reads the bytes at `offset`; `room` must not go on behind the last one.
  func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws(FileProblem) {
    var filled = 0
    while filled < room.count {
      let (piece, start) = (offset + filled).quotientAndRemainder(
        dividingBy: ScratchFile.pieceSize)
      let size = min(room.count - filled, ScratchFile.pieceSize - start)
      let part = UnsafeMutableRawBufferPointer(rebasing: room[filled..<(filled + size)])
      switch pieces[piece] {
      case .memory(let bytes): part.copyBytes(from: bytes[start..<(start + size)])
      case .scratch(let number): try scratch.file().read(number, at: start, into: part)
      }
      filled += size
    }
  }
}

/// Takes the bytes of a ``KeptBytes`` as they come.
final class BytesKeeper {
  /// Number of bytes so far.
  private(set) var count = 0
  /// Why bytes could not be kept: there is no room on the disk for them.
  private(set) var problem: FileProblem?
  private var pieces: [KeptBytes.Piece] = []
  private var last: [UInt8] = []

  private let scratch: ScratchSpace

  /// Takes none yet.
  init(in scratch: ScratchSpace = .shared) { self.scratch = scratch }

  deinit { scratch.free(pieces) }

  /// Adds bytes.
  func append(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(ScratchFile.pieceSize - last.count)
      last.append(contentsOf: part)
      count += part.count
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
      if last.count == ScratchFile.pieceSize { flush() }
    }
  }

  /// Adds bytes.
  func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Hands over what was added; nothing can be added any more.
  ///
  /// - Throws: ``FileProblem`` when there was no room for all of it.
  func finish() throws(FileProblem) -> KeptBytes {
    if !last.isEmpty { flush() }
    if let problem { throw problem }
    defer { pieces = [] }
    return KeptBytes(pieces, count: count, in: scratch)
  }

  private func flush() {
    defer { last = [] }
    guard problem == nil else { return }
    do throws(FileProblem) {
      pieces.append(try scratch.keep(last))
    } catch {
      problem = error
    }
  }
}

/// Where the pieces of ``KeptBytes`` lie: some in memory, the others in a file.
final class ScratchSpace: Sendable {
  /// The process's own: an eighth of the memory it may take, 64 MiB at most.
  static let shared = ScratchSpace(
    most: { min(64 << 20, MemoryBudget.limit / 8) }, folder: { MemoryBudget.folder })

  private let most: @Sendable () -> Int
  private let folder: @Sendable () -> String
  private let inMemory = Atomic<Int>(0)
  private let made = Mutex<ScratchFile?>(nil)

  /// - Parameters:
  ///   - most: bytes that stay in memory, of all together.
  ///   - folder: where the file of the others is made.
  init(most: @escaping @Sendable () -> Int, folder: @escaping @Sendable () -> String) {
    (self.most, self.folder) = (most, folder)
  }

  /// The file; made when it is needed.
  fileprivate func file() throws(FileProblem) -> ScratchFile {
    let found = made.withLock { made -> Result<ScratchFile, FileProblem> in
      if let made { return .success(made) }
      let new = Result { () throws(FileProblem) in try ScratchFile(in: folder()) }
      made = try? new.get()
      return new
    }
    return try found.get()
  }

  fileprivate func keep(_ bytes: [UInt8]) throws(FileProblem) -> KeptBytes.Piece {
    if inMemory.add(bytes.count, ordering: .relaxed).newValue <= most() { return .memory(bytes) }
    inMemory.subtract(bytes.count, ordering: .relaxed)
    let file = try file()
    let piece = bytes.withUnsafeBytes { raw in
      Result { () throws(FileProblem) in try file.write(raw) }
    }
    return .scratch(try piece.get())
  }

  fileprivate func free(_ pieces: [KeptBytes.Piece]) {
    var numbers: [Int] = []
    for piece in pieces {
      switch piece {
      case .memory(let bytes): inMemory.subtract(bytes.count, ordering: .relaxed)
      case .scratch(let number): numbers.append(number)
      }
    }
    if !numbers.isEmpty { try? file().free(numbers) }
  }
}
