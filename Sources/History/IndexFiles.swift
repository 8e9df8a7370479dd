internal import Foundation
internal import Payments

/// A file open for reading, closed when nobody holds it.
final class OpenFile {
  private let path: String
  private let descriptor: Int32
  /// Its size in bytes.
  let size: Int

  init(_ path: String) throws(HistoryError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
    size = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Size in bytes of the file at `path`; nil when there is none.
  static func size(_ path: String) -> Int? {
    var found = stat()
    return stat(path, &found) == 0 ? Int(found.st_size) : nil
  }

  /// What the system says it cannot do with the file.
  var unusable: HistoryError {
    .unusable(path: path, problem: String(cString: strerror(errno)))
  }

  /// Reads up to `most` bytes.
  ///
  /// - Returns: how many it were.
  func read(
    at offset: Int, into room: UnsafeMutableRawBufferPointer, most: Int
  ) throws(HistoryError) -> Int {
    let got = pread(descriptor, room.baseAddress, min(room.count, most), off_t(offset))
    guard got >= 0 else { throw unusable }
    return got
  }

  /// Reads `count` numbers to the front of an array, which only grows.
  func read<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, count: Int, into numbers: inout [Number]
  ) throws(HistoryError) {
    if numbers.count < count {
      numbers += [Number](repeating: 0, count: max(count - numbers.count, numbers.count))
    }
    let length = count * MemoryLayout<Number>.size
    let got = numbers.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress, length, off_t(offset))
    }
    guard got == length else { throw unusable }
  }

  /// Whether these numbers stand from `offset` on.
  func holds<Number: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ numbers: Column<Number>, at offset: Int
  ) throws(HistoryError) -> Bool {
    let part = 1 << 13
    var read: [Number] = []
    for start in stride(from: 0, to: numbers.count, by: part) {
      let count = min(part, numbers.count - start)
      try self.read(at: offset + start * MemoryLayout<Number>.size, count: count, into: &read)
      guard numbers[start..<(start + count)].elementsEqual(read[..<count]) else { return false }
    }
    return true
  }

  /// Reads `length` bytes, or what there is of them.
  func read(at offset: Int, _ length: Int) throws(HistoryError) -> [UInt8] {
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { room, filled in
      let got = pread(descriptor, room.baseAddress, length, off_t(offset))
      isRead = got >= 0
      filled = max(0, got)
    }
    guard isRead else { throw unusable }
    return bytes
  }
}

/// A file that appears under its name when all of it is written and on the disk, or not at all.
final class PublishedOnce {
  private let path: String
  private let descriptor: Int32
  private var isPublished = false
  private var temporary: String { path + ".partial" }

  init(_ path: String) throws(HistoryError) {
    self.path = path
    descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unusable }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isPublished { unlink(temporary) }
  }

  private var unusable: HistoryError {
    .unusable(path: path, problem: String(cString: strerror(errno)))
  }

  func append(_ bytes: [UInt8]) throws(HistoryError) {
    guard bytes.withUnsafeBytes({ writeAll(descriptor, $0) }) else { throw unusable }
  }

  /// Appends numbers as they lie in memory: the lowest byte first, as on every machine Swift runs on.
  func append<Number: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ numbers: Column<Number>
  ) throws(HistoryError) {
    let isWritten = numbers.withUnsafeBufferPointer {
      writeAll(descriptor, UnsafeRawBufferPointer($0))
    }
    guard isWritten else { throw unusable }
  }

  /// Shows the file.
  ///
  /// - Parameter head: written over what it begins with.
  func publish(head: [UInt8] = []) throws(HistoryError) {
    guard pwrite(descriptor, head, head.count, 0) == head.count, fsync(descriptor) == 0,
      rename(temporary, path) == 0
    else { throw unusable }
    isPublished = true
  }
}

extension [UInt8] {
  /// The number whose eight bytes begin at `offset`, the lowest first.
  func number(at offset: Int) -> UInt64 {
    withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}
