internal import Glibc

/// How the bytes of a statement spell its text.
enum TextEncoding: Hashable, Sendable {
  case utf8
  case gb18030

  /// The name people know it by.
  var name: String { self == .utf8 ? "UTF-8" : "GB18030" }

  /// The offset of the first byte that is not valid, or nil.
  func firstInvalid(in bytes: UnsafeRawBufferPointer) -> Int? {
    self == .utf8 ? firstInvalidUTF8(in: bytes) : firstInvalidGB18030(in: bytes)
  }

  /// How many bytes the character starting at `offset` takes; 1 for anything broken.
  @inline(__always)
  func characterLength(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    let lead = bytes[offset]
    if lead < 0x80 { return 1 }
    if self == .utf8 { return lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : (lead >= 0xC0 ? 2 : 1)) }
    guard offset + 1 < bytes.count else { return 1 }
    return (0x30...0x39).contains(bytes[offset + 1]) ? 4 : 2
  }

  /// Decodes text for people; bytes that are not valid become U+FFFD.
  func decode(_ bytes: UnsafeRawBufferPointer) -> String {
    if self == .utf8 || !bytes.contains(where: { $0 >= 0x80 }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    return decodeGB18030(bytes) ?? lossyGB18030(bytes)
  }

  /// The bytes that spell `text` in this encoding.
  func encode(_ text: String) -> [UInt8] {
    self == .utf8 ? Array(text.utf8) : encodeGB18030(text)
  }
}

/// Decodes damaged GB18030; bad bytes become U+FFFD.
private func lossyGB18030(_ bytes: UnsafeRawBufferPointer) -> String {
  var result: [UInt8] = []
  var input = Array(bytes)
  guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1 else {
    preconditionFailure("the C library has no GB18030 converter")
  }
  defer { iconv_close(converter) }
  var output = [UInt8](repeating: 0, count: bytes.count * 4 + 16)
  var start = 0
  while start < input.count {
    let (consumed, produced) = convert(converter, &input, from: start, into: &output)
    result.append(contentsOf: output[..<produced])
    start += consumed
    if start < input.count {
      result.append(contentsOf: [0xEF, 0xBF, 0xBD])
      start += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

private func encodeGB18030(_ text: String) -> [UInt8] {
  var input = Array(text.utf8)
  guard let converter = iconv_open("GB18030", "UTF-8"), Int(bitPattern: converter) != -1 else {
    preconditionFailure("the C library has no GB18030 converter")
  }
  defer { iconv_close(converter) }
  var output = [UInt8](repeating: 0, count: input.count * 4 + 16)
  let (_, produced) = convert(converter, &input, from: 0, into: &output)
  return Array(output[..<produced])
}

/// One `iconv` call over `input[from...]`: how many bytes were consumed and produced.
private func convert(
  _ converter: iconv_t, _ input: inout [UInt8], from start: Int, into output: inout [UInt8]
) -> (consumed: Int, produced: Int) {
  let available = input.count - start
  let capacity = output.count
  return input.withUnsafeMutableBytes { inputBytes in
    output.withUnsafeMutableBytes { outputBytes in
      guard let inputBase = inputBytes.baseAddress, let outputBase = outputBytes.baseAddress else {
        return (0, 0)
      }
      var source: UnsafeMutablePointer<CChar>? = (inputBase + start).assumingMemoryBound(
        to: CChar.self)
      var target: UnsafeMutablePointer<CChar>? = outputBase.assumingMemoryBound(to: CChar.self)
      var sourceLeft = available
      var targetLeft = capacity
      _ = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
      return (available - sourceLeft, capacity - targetLeft)
    }
  }
}
