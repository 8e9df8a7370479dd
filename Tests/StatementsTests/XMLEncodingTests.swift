import Testing

@testable import Statements

private let note = "<Ntry><Amt Ccy=\"CNY\">1.00</Amt><AddtlNtryInf>充值一卡通</AddtlNtryInf></Ntry>"

/// The document's bytes with the note in GB18030.
private func gb(_ declaration: String) -> [UInt8] {
  let text = Array(camtText(note, declaration: declaration).utf8)
  let utf8 = Array("充值一卡通".utf8)
  let encoded: [UInt8] = [0xB3, 0xE4, 0xD6, 0xB5, 0xD2, 0xBB, 0xBF, 0xA8, 0xCD, 0xA8]
  return text.replacing(utf8, with: encoded)
}

private func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
  ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
    let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    return bigEndian ? pair : pair.reversed()
  }
}

@Suite("Encodings of XML")
struct XMLEncodingTests {
  @Test(
    "a declared Chinese encoding is read as GB18030",
    arguments: ["GB18030", "gbk", "GB2312", "CP936"])
  func chinese(_ name: String) throws {
    let bytes = gb("<?xml  version='1.0'  encoding = '\(name)' ?>\n")
    for chunk in [1, 2, 5, 1024, 1031, Int.max] {
      let sink = try readingCamt(bytes, chunk: chunk)
      #expect(sink.transactions.first?.texts[.entryText] == "充值一卡通")
      #expect(sink.transactions.first?.offset == nil)
      #expect(sink.transactions.first?.line == 5)
    }
  }

  @Test("UTF-16 is read with and without its mark")
  func wide() throws {
    let text = camtText(note, declaration: "<?xml version=\"1.0\" encoding=\"UTF-16\"?>")
    for (bigEndian, mark) in [(true, true), (false, true), (true, false), (false, false)] {
      let bytes = utf16(text, bigEndian: bigEndian, mark: mark)
      for chunk in [1, 1025, Int.max] {
        let sink = try readingCamt(bytes, chunk: chunk)
        #expect(sink.transactions.first?.texts[.entryText] == "充值一卡通")
      }
      let root = bytes.withUnsafeBytes { sniffXMLRoot($0) }
      #expect(root?.name == "Document")
      #expect(bytes.withUnsafeBytes { sniffCamt($0) } == .statement)
    }
  }

  @Test("UTF-8 is read with a mark, without a declaration, and under a false one")
  func narrow() throws {
    let marked = [0xEF, 0xBB, 0xBF] + Array(camtText(note).utf8)
    let sink = try readingCamt(marked)
    let offset = try #require(sink.transactions.first?.offset)
    #expect(marked[offset...].starts(with: "<Ntry>".utf8))
    let lies = camtText(note, declaration: "<?xml version=\"1.0\" encoding=\"UTF-16\"?>")
    #expect(try readingCamt(lies).transactions.first?.texts[.entryText] == "充值一卡通")
  }

  @Test("bytes that do not fit the encoding are damage, an unknown encoding is named")
  func damage() {
    func kind(_ bytes: [UInt8]) -> XMLReadError.Kind? {
      do throws(XMLReadError) {
        _ = try readingCamt(bytes)
        return nil
      } catch {
        return error.kind
      }
    }
    #expect(kind(gb("")) == .encoding)
    #expect(
      kind(gb("<?xml version='1.0' encoding='GBK'?>").replacing([0xB3], with: [0xFF])) == .encoding)
    #expect(kind(gb("<?xml version='1.0' encoding='KLINGON'?>")) == .encoding)
    #expect(throws: XMLReadError.unknownEncoding("KLINGON")) {
      try readingCamt("<?xml version='1.0' encoding='KLINGON'?><a/>")
    }
    let cut = gb("<?xml version='1.0' encoding='GBK'?>")
    let lead = cut.firstIndex(of: 0xB3) ?? 0
    #expect(kind(Array(cut[...lead])) == .truncated)
  }

  @Test("the root is found behind whatever may stand before it")
  func roots() {
    func root(_ text: String) -> XMLRoot? {
      Array(text.utf8).withUnsafeBytes { sniffXMLRoot($0) }
    }
    let plain = XMLRoot(name: "Document", namespace: "urn:x")
    #expect(root("<Document xmlns=\"urn:x\">") == plain)
    #expect(
      root("\u{FEFF} <?xml  version = '1.0' ?><!-- <a> --> <?p?><Document xmlns='urn:x'/>") == plain
    )
    #expect(root("<!DOCTYPE d [<!ENTITY x 'y'>]><c:Document a='>' xmlns:c = 'urn:x' >") == plain)
    #expect(root("<CMBSDKPGK><INFO>") == XMLRoot(name: "CMBSDKPGK", namespace: ""))
    for text in ["", "text", "<", "<Document", "<!-- <a>", "<?xml", "< a>", "<1>", "交易时间,<a>"] {
      #expect(root(text) == nil, "\(text)")
    }
    #expect(Array("<a>".utf8).withUnsafeBytes { sniffCamt($0) } == nil)
    let wrapped = Array("<message><AppHdr/>\(camtText(""))".utf8)
    #expect(wrapped.withUnsafeBytes { sniffCamt($0) } == .statement)
  }
}

@Suite("GB18030 and UTF-8")
struct XMLTextValidityTests {
  private func invalidGB(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { firstInvalidGB18030(in: $0) }
  }

  private func invalidUTF8(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { firstInvalidUTF8(in: $0) }
  }

  @Test("decodes, or says where it goes wrong")
  func decode() {
    #expect(decodeGB18030([0xD2, 0xB5, 0xCE, 0xF1, 0x2C, 0x31]) == "业务,1")
    #expect(decodeGB18030([0x81, 0x30, 0x81, 0x30]) == "\u{80}")
    #expect(decodeGB18030([0x90, 0x30, 0x81, 0x30]) == "\u{10000}")
    #expect(decodeGB18030([]) == "")
    #expect(decodeGB18030([0x41, 0xD2]) == nil)
    #expect(invalidGB([0x41, 0xD2]) == 1)
    #expect(decodeGB18030([0x41, 0x80]) == nil)
    #expect(invalidGB(Array("123456789".utf8) + [0xD2, 0xB5, 0xFF]) == 11)
    #expect(invalidGB(Array("0123456789abcdef".utf8)) == nil)
  }

  @Test("the validator agrees with the C library on every two-byte form")
  func twoBytes() {
    var decoder = GB18030Decoder()
    for lead in UInt8(0x80)...0xFF {
      for trail in UInt8.min...UInt8.max {
        let bytes = [lead, trail]
        let decoded = bytes.withUnsafeBytes { decoder.decode($0) }
        #expect((decoded == nil) == (invalidGB(bytes) != nil), "\(bytes)")
      }
    }
  }

  @Test("the validator agrees with the C library on four-byte forms")
  func fourBytes() {
    var decoder = GB18030Decoder()
    var disagreements: [[UInt8]] = []
    for first in UInt8(0x81)...0xFE {
      for second in UInt8(0x30)...0x39 {
        for third in UInt8(0x81)...0xFE where third % 9 == 0 || first == 0x84 || first == 0xE3 {
          for fourth: UInt8 in [0x30, 0x33, 0x37, 0x38, 0x39] {
            let bytes = [first, second, third, fourth]
            let decoded = bytes.withUnsafeBytes { decoder.decode($0) }
            if (decoded == nil) != (invalidGB(bytes) != nil) { disagreements.append(bytes) }
          }
        }
      }
    }
    #expect(disagreements.isEmpty)
  }

  @Test("UTF-8 is checked as the standard library checks it")
  func utf8() {
    #expect(invalidUTF8(Array("0123456789 充值 😀 é".utf8)) == nil)
    var random = XMLRandom(3)
    let alphabet: [UInt8] = [
      0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xE0, 0xA0, 0x9F, 0xED, 0xEF, 0xF0, 0x90, 0x8F, 0xF4, 0xF5,
    ]
    for _ in 0..<20_000 {
      let count = Int(random.next() % 12)
      let bytes = (0..<count).map { _ in alphabet[Int(random.next() % 15)] }
      #expect((invalidUTF8(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}
