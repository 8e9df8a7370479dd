import Glibc

/// What a file's first bytes say about its encoding.
struct XMLEncoding: Equatable {
  /// The name for messages, as declared where it is declared.
  var name: String
  /// The C library's name for it; nil when the bytes are UTF-8 already.
  var converter: String?
  /// Bytes of byte order mark before the document.
  var mark: Int

  /// Tells the encoding from a byte order mark, from the first characters, from the declaration.
  init(prefix: UnsafeRawBufferPointer) {
    let first = (0..<4).map { $0 < prefix.count ? prefix[$0] : 0xFF }
    switch (first[0], first[1], first[2]) {
    case (0xEF, 0xBB, 0xBF): self.init(name: "UTF-8", converter: nil, mark: 3)
    case (0xFE, 0xFF, _): self.init(name: "UTF-16", converter: "UTF-16BE", mark: 2)
    case (0xFF, 0xFE, _): self.init(name: "UTF-16", converter: "UTF-16LE", mark: 2)
    case (0x00, 0x3C, _): self.init(name: "UTF-16", converter: "UTF-16BE", mark: 0)
    case (0x3C, 0x00, _): self.init(name: "UTF-16", converter: "UTF-16LE", mark: 0)
    default:
      let declared = Self.declared(in: prefix) ?? "UTF-8"
      self.init(name: declared, converter: Self.converter(for: declared), mark: 0)
    }
  }

  private init(name: String, converter: String?, mark: Int) {
    self.name = name
    self.converter = converter
    self.mark = mark
  }

  /// GB18030 holds all of GBK and GB2312; banks declare the smaller and write the larger.
  private static func converter(for name: String) -> String? {
    let upper = name.uppercased()
    switch upper {
    case "UTF-8", "UTF8", "US-ASCII", "ASCII": return nil
    // The declaration was read as ASCII, so it lies: a program's string written out as UTF-8.
    case let wide where wide.hasPrefix("UTF-16") || wide.hasPrefix("UCS-2"): return nil
    case "GBK", "GB2312", "GB_2312-80", "GB18030", "GB18030-2000", "GB18030-2005", "CP936",
      "MS936", "WINDOWS-936", "EUC-CN", "X-GBK":
      return "GB18030"
    default: return upper
    }
  }

  /// The encoding named by `<?xml … encoding="…"?>`.
  private static func declared(in prefix: UnsafeRawBufferPointer) -> String? {
    var text = XMLScan(prefix)
    text.skipSpace()
    guard text.skip("<?xml") else { return nil }
    while let (name, value) = text.attribute() {
      guard name == "encoding" else { continue }
      return value.isEmpty ? nil : value
    }
    return nil
  }
}

/// Turns a stream in a declared encoding into UTF-8; strict.
struct XMLTranscoder: ~Copyable {
  private let converter: iconv_t
  private var carried: [UInt8] = []
  private var output: [UInt8]
  /// Whether a byte that means nothing was met; nothing is converted after it.
  private(set) var isDamaged = false

  /// Fails when the C library does not know the encoding.
  init?(from encoding: String) {
    let opened = iconv_open("UTF-8", encoding)
    guard let opened, opened != iconv_t(bitPattern: -1) else { return nil }
    converter = opened
    output = [UInt8](repeating: 0, count: 256 << 10)
  }

  deinit {
    iconv_close(converter)
  }

  /// Whether a character has begun and not ended.
  var isAmidCharacter: Bool { !carried.isEmpty }

  /// Converts a chunk, delivering UTF-8 in pieces; the good part before damage is delivered too.
  mutating func convert(
    _ bytes: UnsafeRawBufferPointer, to deliver: (UnsafeRawBufferPointer) -> Void
  ) {
    var rest = bytes
    // A character cut by the last chunk's end: complete it byte by byte.
    while !carried.isEmpty, !isDamaged, let next = rest.first {
      carried.append(next)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
      let joined = carried
      let left = joined.withUnsafeBytes { run($0, to: deliver) }
      if left == 0 { carried.removeAll(keepingCapacity: true) }
    }
    guard !rest.isEmpty, !isDamaged else { return }
    let left = run(rest, to: deliver)
    carried = [UInt8](rest.suffix(left))
  }

  /// Converts all complete characters; returns how many bytes of a cut one are left.
  private mutating func run(
    _ bytes: UnsafeRawBufferPointer, to deliver: (UnsafeRawBufferPointer) -> Void
  ) -> Int {
    var input: UnsafeMutablePointer<CChar>? = bytes.baseAddress.map {
      UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: CChar.self))
    }
    var inputLeft = bytes.count
    let converter = converter
    while inputLeft > 0 {
      let failure = output.withUnsafeMutableBytes { buffer -> Int32 in
        var target = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        var room = buffer.count
        let result = iconv(converter, &input, &inputLeft, &target, &room)
        let code = result == Int(bitPattern: UInt.max) ? errno : 0
        let made = UnsafeRawBufferPointer(buffer).prefix(buffer.count - room)
        if !made.isEmpty { deliver(UnsafeRawBufferPointer(rebasing: made)) }
        return code
      }
      if failure == EINVAL, inputLeft < 16 { return inputLeft }
      if failure != 0, failure != E2BIG {
        isDamaged = true
        return 0
      }
    }
    return 0
  }
}
