import Glibc

/// Decodes GB18030 (and so GBK and GB2312) through the C library's own tables.
///
/// Opening a converter costs a microsecond or two: keep one for a run of fields, one a task. The
/// decoder is strict: a byte that means nothing fails the whole text, nothing is replaced.
struct GB18030Decoder: ~Copyable {
  private let converter: iconv_t?
  private var scratch: [UInt8] = []

  init() {
    let opened = iconv_open("UTF-8", "GB18030")
    converter = opened == iconv_t(bitPattern: -1) ? nil : opened
  }

  deinit {
    if let converter { iconv_close(converter) }
  }

  /// The text, or nil when some byte is not GB18030; ``firstInvalidGB18030(in:)`` says which.
  mutating func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return "" }
    if firstNonASCII(in: bytes, from: 0) == bytes.count {
      return String(decoding: bytes, as: UTF8.self)
    }
    guard let converter else { return nil }
    // Two bytes become at most three, four at most four.
    let room = bytes.count + bytes.count / 2 + 4
    if scratch.count < room { scratch = [UInt8](repeating: 0, count: room) }
    return scratch.withUnsafeMutableBytes { buffer in
      iconv(converter, nil, nil, nil, nil)
      var input: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(
        mutating: base.assumingMemoryBound(to: CChar.self))
      var inputLeft = bytes.count
      var output = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      var outputLeft = buffer.count
      let converted = iconv(converter, &input, &inputLeft, &output, &outputLeft)
      guard converted != Int(bitPattern: UInt.max), inputLeft == 0 else { return nil }
      return String(decoding: buffer.prefix(buffer.count - outputLeft), as: UTF8.self)
    }
  }
}

/// The text these GB18030 bytes spell, or nil when one of them is not GB18030.
func decodeGB18030(_ bytes: UnsafeRawBufferPointer) -> String? {
  var decoder = GB18030Decoder()
  return decoder.decode(bytes)
}

/// The text these GB18030 bytes spell, or nil when one of them is not GB18030.
func decodeGB18030(_ bytes: [UInt8]) -> String? {
  bytes.withUnsafeBytes { decodeGB18030($0) }
}

/// Where GB18030 first goes wrong; nil when all of it is good.
///
/// Agrees with the C library's converter on every one-, two- and four-byte form. A character cut
/// off by the end of the bytes counts as wrong at its first byte.
func firstInvalidGB18030(in bytes: UnsafeRawBufferPointer) -> Int? {
  let count = bytes.count
  var index = 0
  while true {
    index = firstNonASCII(in: bytes, from: index)
    // A run of two-byte characters: the ordinary Chinese text.
    while index < count, bytes[index] >= 0x80 {
      let lead = bytes[index]
      guard lead >= 0x81, lead <= 0xFE, index + 1 < count else { return index }
      let second = bytes[index + 1]
      if second >= 0x40, second <= 0xFE, second != 0x7F {
        index += 2
        continue
      }
      guard second >= 0x30, second <= 0x39, index + 3 < count else { return index }
      let third = bytes[index + 2]
      let fourth = bytes[index + 3]
      guard third >= 0x81, third <= 0xFE, fourth >= 0x30, fourth <= 0x39 else { return index }
      guard isFourByteCharacter(lead, second, third, fourth) else { return index }
      index += 4
    }
    if index >= count { return nil }
  }
}

/// Whether a well-formed four-byte form stands for a character: the Basic Multilingual Plane
/// ends at 0x8431A439, the other planes are 0x90308130...0xE3329A35. Eighteen rare characters
/// (U+9FB4...9FBB, U+FE10...FE19) have moved to two bytes; the C library refuses their old forms.
private func isFourByteCharacter(
  _ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8
) -> Bool {
  let linear =
    ((Int(first) - 0x81) * 10 + Int(second) - 0x30) * 1260 + (Int(third) - 0x81) * 10
    + Int(fourth) - 0x30
  if linear > 39_419 { return linear >= 189_000 && linear <= 1_237_575 }
  return !(19_057...19_064).contains(linear) && !(39_076...39_085).contains(linear)
}

/// Where UTF-8 first goes wrong: at the first byte of the bad sequence; nil when all is good.
func firstInvalidUTF8(in bytes: UnsafeRawBufferPointer) -> Int? {
  let count = bytes.count
  var index = 0
  while true {
    index = firstNonASCII(in: bytes, from: index)
    while index < count, bytes[index] >= 0x80 {
      let length = utf8SequenceLength(bytes, at: index)
      if length == 0 { return index }
      index += length
    }
    if index >= count { return nil }
  }
}

/// Length of the multi-byte sequence that starts here, 0 when there is no good one.
@inline(__always)
private func utf8SequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
  let left = bytes.count - index
  let lead = bytes[index]
  if lead >= 0xE0, lead <= 0xEF, left >= 3 {
    let second = bytes[index + 1]
    let low: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
    let high: UInt8 = lead == 0xED ? 0x9F : 0xBF
    return second >= low && second <= high && bytes[index + 2] & 0xC0 == 0x80 ? 3 : 0
  }
  if lead >= 0xC2, lead <= 0xDF, left >= 2 {
    return bytes[index + 1] & 0xC0 == 0x80 ? 2 : 0
  }
  guard lead >= 0xF0, lead <= 0xF4, left >= 4 else { return 0 }
  let second = bytes[index + 1]
  let low: UInt8 = lead == 0xF0 ? 0x90 : 0x80
  let high: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
  let good =
    second >= low && second <= high && bytes[index + 2] & 0xC0 == 0x80
    && bytes[index + 3] & 0xC0 == 0x80
  return good ? 4 : 0
}

/// The first byte at or after `start` that is not ASCII, or the count; eight bytes a step.
@inline(__always)
func firstNonASCII(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
  let count = bytes.count
  var index = start
  while index + 8 <= count {
    let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
    let high = word & 0x8080_8080_8080_8080
    if high != 0 { return index + high.trailingZeroBitCount / 8 }
    index += 8
  }
  while index < count, bytes[index] < 0x80 { index += 1 }
  return index
}
