@testable import Statements

/// The checksum of gzip and zip.
func zipChecksum(_ bytes: [UInt8]) -> UInt32 {
  var table = [UInt32](repeating: 0, count: 256)
  for value in 0..<256 {
    var rest = UInt32(value)
    for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
    table[value] = rest
  }
  return ~bytes.reduce(~0 as UInt32) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A deflate stream of stored blocks.
func storedBlock(_ bytes: [UInt8]) -> [UInt8] {
  [1] + littleEndian(bytes.count, 2) + littleEndian(~bytes.count, 2) + bytes
}

/// A deflate stream of `count` × 258 + 1 zero bytes, 158 times smaller: one fixed block.
func deflatedZeros(_ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  var filled = 0
  func put(_ bit: Int) {
    if filled % 8 == 0 { bytes.append(0) }
    bytes[bytes.count - 1] |= UInt8(bit << (filled % 8))
    filled += 1
  }
  func code(_ value: Int, _ length: Int) {
    for bit in (0..<length).reversed() { put(value >> bit & 1) }
  }
  put(1)
  put(1)
  put(0)
  code(0b0011_0000, 8)
  for _ in 0..<count {
    code(0b1100_0101, 8)
    code(0, 5)
  }
  code(0, 7)
  return bytes
}

/// Runs of ``deflatedZeros(_:)`` that unpack to more than the limits leave unmeasured.
let bombRuns = 42_000
let bombCRC = zipChecksum([UInt8](repeating: 0, count: 258 * bombRuns + 1))

/// A gzip member around a deflate stream.
func gzipped(_ deflated: [UInt8], crc: UInt32, count: Int) -> [UInt8] {
  [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + deflated + littleEndian(Int(crc), 4)
    + littleEndian(count, 4)
}

func gzipped(_ deflated: [UInt8], of contents: [UInt8]) -> [UInt8] {
  gzipped(deflated, crc: zipChecksum(contents), count: contents.count)
}

func gzipped(_ contents: [UInt8]) -> [UInt8] { gzipped(storedBlock(contents), of: contents) }

/// A member to be written as the test says, true or not.
struct WrittenMember {
  var name: [UInt8]
  var contents: [UInt8] = []
  var packed: [UInt8]?
  var method = 0
  var flags = 0
  var size: Int?
  var crc: UInt32?

  init(_ name: String, _ contents: String = "") {
    self.name = Array(name.utf8)
    self.contents = Array(contents.utf8)
  }

  fileprivate var fields: [UInt8] {
    littleEndian(20, 2) + littleEndian(flags, 2) + littleEndian(method, 2) + littleEndian(0, 4)
      + littleEndian(Int(crc ?? zipChecksum(contents)), 4)
      + littleEndian((packed ?? contents).count, 4)
      + littleEndian(size ?? contents.count, 4) + littleEndian(name.count, 2) + littleEndian(0, 2)
  }
}

/// A zip file of these members.
func zipped(_ members: [WrittenMember]) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for member in members {
    directory += [0x50, 0x4B, 1, 2] + littleEndian(20, 2) + member.fields + littleEndian(0, 10)
    directory += littleEndian(file.count, 4) + member.name
    file += [0x50, 0x4B, 3, 4] + member.fields + member.name + (member.packed ?? member.contents)
  }
  let count = littleEndian(members.count, 2)
  return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
    + littleEndian(directory.count, 4) + littleEndian(file.count, 4) + [0, 0]
}

extension StatementFile {
  /// All its bytes.
  var contents: [UInt8] { (try? read(at: 0, count: size)) ?? [] }
}

extension Statements.Sheet {
  /// Its records.
  var bytes: [UInt8] { file.contents }
}

extension Dictionary: WorkbookParts where Key == String, Value == [UInt8] {
  var names: [String] { Array(keys) }
  func part(_ name: String) throws(Refusal) -> StatementFile? {
    self[name].map { StatementFile(path: name, bytes: $0) }
  }
}

/// A file out of a packed one.
struct Member: Equatable {
  var name: String
  var bytes: [UInt8]
}

/// What a file unpacks to, as far as tests ask.
enum Outcome: Equatable {
  case plain, spreadsheet
  case members([Member])
  case failure(UnpackError.Kind)
}

func unpacking(_ bytes: [UInt8], limits: UnpackLimits = UnpackLimits()) -> Outcome {
  do throws(UnpackError) {
    switch try Statements.unpack(StatementFile(path: "", bytes: bytes), limits: limits) {
    case .plain: return .plain
    case .workbook: return .spreadsheet
    case .members(let members):
      return .members(members.map { Member(name: $0.name, bytes: $0.file.contents) })
    }
  } catch {
    return .failure(error.kind)
  }
}

/// The kind of failure; nil when it unpacks.
func unpackFailure(_ bytes: [UInt8], limits: UnpackLimits = UnpackLimits()) -> UnpackError.Kind? {
  if case .failure(let kind) = unpacking(bytes, limits: limits) { return kind }
  return nil
}

/// The members by name; nil when it does not unpack to members.
func unpackedTexts(_ bytes: [UInt8]) -> [String: String]? {
  guard case .members(let members) = unpacking(bytes) else { return nil }
  return Dictionary(
    members.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) },
    uniquingKeysWith: { $0 + $1 })
}
