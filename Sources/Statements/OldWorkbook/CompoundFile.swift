/// The container of an old workbook ([MS-CFB]): sectors, tables that chain them, a directory of streams.
///
/// Every number in it may be anything: chains are followed as far as the file is long, and no further.
struct CompoundFile {
  private let bytes: [UInt8]
  private let sectorSize: Int
  /// What follows each sector.
  private var table: [Int] = []
  /// The same of the short sectors that small streams are cut into.
  private var shortTable: [Int] = []
  /// The stream that holds the short sectors.
  private var shorts: [UInt8] = []

  /// The bytes such a file begins with.
  static let mark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0]
  private static let lastSector = 0xFFFF_FFFA
  private static let shortSize = 64

  /// A stream of the directory.
  private struct Entry {
    var name: [UInt8]
    var isRoot: Bool
    var start: Int
    var size: Int
  }

  /// Opens a file; nil when it is no such container, or is cut off.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.count >= 1_536, bytes.starts(with: Self.mark) else { return nil }
    let shift = Int(bytes[30]) | Int(bytes[31]) << 8
    guard shift == 9 || shift == 12 else { return nil }
    sectorSize = 1 << shift
    guard let table = readTable() else { return nil }
    self.table = table
    shortTable = numbers(chain(from: number(60)))
    if let root = entries.first(where: \.isRoot) {
      shorts = Array(chain(from: root.start).prefix(root.size))
    }
  }

  /// Bytes of the file.
  var size: Int { bytes.count }

  /// A stream by its names.
  ///
  /// - Throws: ``OldWorkbookError/noWorkbook`` when there is none, ``OldWorkbookError/damaged(at:)`` when there is less
  ///   of it than the directory says.
  func stream(named names: [String]) throws(OldWorkbookError) -> [UInt8] {
    // Names are UTF-16 with a final zero.
    let wanted = names.map { name -> [UInt8] in name.utf8.reduce(into: []) { $0 += [$1, 0] } }
    guard let entry = entries.first(where: { wanted.contains($0.name) && !$0.isRoot }) else {
      throw .noWorkbook
    }
    let found = entry.size < number(56) ? short(from: entry.start) : chain(from: entry.start)
    guard found.count >= entry.size else { throw .damaged(at: found.count) }
    return Array(found.prefix(entry.size))
  }

  /// Whether there is a stream of this name.
  func has(_ name: String) -> Bool {
    let wanted = name.utf8.reduce(into: [UInt8]()) { $0 += [$1, 0] }
    return entries.contains { $0.name == wanted }
  }

  // MARK: - Numbers

  /// The 32 bits at a place of the file; as many ones outside of it.
  private func number(_ offset: Int) -> Int { Self.number(bytes, offset) }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
    guard offset >= 0, offset + 4 <= bytes.count else { return 0xFFFF_FFFF }
    return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
      | Int(bytes[offset + 3]) << 24
  }

  private func numbers(_ bytes: [UInt8]) -> [Int] {
    stride(from: 0, to: bytes.count - 3, by: 4).map { Self.number(bytes, $0) }
  }

  private func sector(_ number: Int) -> ArraySlice<UInt8>? {
    guard (0..<Self.lastSector).contains(number) else { return nil }
    let offset = (number + 1) * sectorSize
    guard offset < bytes.count else { return nil }
    // The last one may be cut short.
    return bytes[offset..<min(bytes.count, offset + sectorSize)]
  }

  // MARK: - Chains

  private func readTable() -> [Int]? {
    var places: [Int] = (0..<109).map { number(76 + 4 * $0) }
    // Further ones are listed in sectors of their own.
    var (list, lists) = (number(68), 0)
    while let content = sector(list), lists * sectorSize < bytes.count {
      lists += 1
      let found = numbers(Array(content))
      places += found.dropLast()
      list = found.last ?? Self.lastSector
    }
    let sectors = places.filter { $0 < Self.lastSector }
    guard !sectors.isEmpty, sectors.count <= bytes.count / sectorSize else { return nil }
    return sectors.flatMap { sector($0).map { numbers(Array($0)) } ?? [] }
  }

  /// The bytes of a chain of sectors.
  private func chain(from start: Int) -> [UInt8] {
    var (found, next, steps) = ([UInt8](), start, 0)
    while let content = sector(next), steps <= table.count {
      found += content
      steps += 1
      next = table.indices.contains(next) ? table[next] : Self.lastSector
    }
    return found
  }

  /// The bytes of a chain of short sectors.
  private func short(from start: Int) -> [UInt8] {
    var (found, next, steps) = ([UInt8](), start, 0)
    while next * Self.shortSize < shorts.count, steps <= shortTable.count {
      found += shorts[(next * Self.shortSize)..<min(shorts.count, (next + 1) * Self.shortSize)]
      steps += 1
      next = shortTable.indices.contains(next) ? shortTable[next] : Self.lastSector
    }
    return found
  }

  private var entries: [Entry] {
    let directory = chain(from: number(48))
    return stride(from: 0, to: directory.count - 127, by: 128).map { place in
      let length = Int(directory[place + 64]) | Int(directory[place + 65]) << 8
      return Entry(
        name: Array(directory[place..<(place + min(64, max(0, length - 2)))]),
        isRoot: directory[place + 66] == 5, start: Self.number(directory, place + 116),
        size: Self.number(directory, place + 120))
    }
  }
}
