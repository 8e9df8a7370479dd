private import Glibc

/// The encoding Chinese banks and Alipay deliver, written by the C library's converter.
enum GB18030 {
  /// UTF-8 text as GB18030.
  static func encoded(_ text: [UInt8]) -> [UInt8] {
    converted(text, from: "UTF-8", to: "GB18030")
  }

  /// GB18030 text as UTF-8.
  static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    converted(bytes, from: "GB18030", to: "UTF-8")
  }

  private static func converted(_ input: [UInt8], from: String, to: String) -> [UInt8] {
    let failure = iconv_t(bitPattern: -1)
    guard let converter = iconv_open(to, from), converter != failure else {
      preconditionFailure("the C library converts between \(from) and \(to)")
    }
    defer { iconv_close(converter) }
    // No character of either encoding takes more than four bytes where the other takes one.
    var output = [UInt8](repeating: 0, count: input.count * 4 + 16)
    var source = input
    let written = source.withUnsafeMutableBytes { from in
      output.withUnsafeMutableBytes { to in
        var (next, left) = (from.baseAddress?.assumingMemoryBound(to: CChar.self), from.count)
        var (place, room) = (to.baseAddress?.assumingMemoryBound(to: CChar.self), to.count)
        let size = to.count
        let result = iconv(converter, &next, &left, &place, &room)
        precondition(result != Int.max.magnitude * 2 + 1 && left == 0, "the simulator writes text")
        return size - room
      }
    }
    return Array(output[..<written])
  }
}
