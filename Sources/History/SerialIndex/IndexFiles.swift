internal import Columns
internal import Files

/// An index open for reading: ``ReadableFile`` for whom a failure makes the history unusable, and numbers
/// beside bytes.
struct OpenFile {
  private let file: ReadableFile
  /// Its size in bytes.
  var size: Int { file.size }

  init(_ path: String) throws(HistoryError) {
    file = try usable { () throws(FileProblem) in try ReadableFile(path) }
  }

  /// What the system says it cannot do with the file.
  var unusable: HistoryError { HistoryError(FileProblem(file.path)) }

  /// Reads up to `most` bytes.
  ///
  /// - Returns: how many it were.
  func read(
    at offset: Int, into room: UnsafeMutableRawBufferPointer, most: Int
  ) throws(HistoryError) -> Int {
    try usable { () throws(FileProblem) in
      try file.read(at: offset, count: min(room.count, most), into: room)
    }
  }

  /// Reads `count` numbers to the front of an array, which only grows.
  func read<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, count: Int, into numbers: inout [Number]
  ) throws(HistoryError) {
    if numbers.count < count {
      numbers += [Number](repeating: 0, count: max(count - numbers.count, numbers.count))
    }
    let length = count * MemoryLayout<Number>.size
    let got = numbers.withUnsafeMutableBytes { room in
      Result { () throws(FileProblem) in try file.read(at: offset, count: length, into: room) }
    }
    guard try usable({ () throws(FileProblem) in try got.get() }) == length else { throw unusable }
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
    try usable { () throws(FileProblem) in try file.read(at: offset, count: length) }
  }
}

/// An index that appears under its name when all of it is written and on the disk, or not at all.
struct IndexWriter {
  private let path: String
  private let file: DurableFile

  init(_ path: String) throws(HistoryError) {
    self.path = path
    file = try usable { () throws(FileProblem) in
      try DurableFile(path + ".partial", isTemporary: true)
    }
  }

  func append(_ bytes: [UInt8]) throws(HistoryError) {
    try usable { () throws(FileProblem) in try file.append(bytes) }
  }

  /// Appends numbers as they lie in memory: the lowest byte first, as on every machine Swift runs on.
  func append<Number: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ numbers: Column<Number>
  ) throws(HistoryError) {
    let written = numbers.withUnsafeBufferPointer { numbers in
      Result { () throws(FileProblem) in try file.append(UnsafeRawBufferPointer(numbers)) }
    }
    try usable { () throws(FileProblem) in try written.get() }
  }

  /// Shows the file.
  ///
  /// - Parameter head: written over what it begins with.
  func publish(head: [UInt8] = []) throws(HistoryError) {
    try usable { () throws(FileProblem) in
      try file.overwrite(head: head)
      try file.finish(as: path)
    }
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
