internal import Crypto

/// The SHA-256 of bytes that are given part by part.
public struct Checksum: Sendable {
  private var hash = SHA256()

  /// Has been given none.
  public init() {}

  /// Adds the bytes that follow: the first `count`, or all.
  public mutating func update(_ bytes: [UInt8], _ count: Int? = nil) {
    bytes.withUnsafeBytes { update(UnsafeRawBufferPointer(rebasing: $0[..<(count ?? $0.count)])) }
  }

  /// Adds the bytes that follow.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
  }

  /// Adds the bytes of a text in UTF-8.
  public mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The checksum of all bytes given: 32 bytes.
  public var bytes: [UInt8] { Array(hash.finalize()) }

  /// The same in lower-case hexadecimal.
  public var hexadecimal: String { Files.hexadecimal(bytes) }
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
public func sha256(_ bytes: [UInt8]) -> String {
  var checksum = Checksum()
  checksum.update(bytes)
  return checksum.hexadecimal
}

/// Bytes as lower-case hexadecimal.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
  var text: [UInt8] = []
  text.reserveCapacity(64)
  for byte in bytes {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }
  return String(decoding: text, as: UTF8.self)
}
