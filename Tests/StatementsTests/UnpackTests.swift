import Testing

@testable import Statements

@Suite("Unpacking gzip")
struct UnpackGzipTests {
  let hello = Array("交易时间,公众账号ID\r\n".utf8)

  @Test("one member, several members and zero padding unpack")
  func members() {
    #expect(unpackedTexts(gzipped(hello)) == ["": String(decoding: hello, as: UTF8.self)])
    let twice = gzipped(hello) + gzipped(hello)
    #expect(unpackedTexts(twice) == ["": String(decoding: hello + hello, as: UTF8.self)])
    #expect(unpackedTexts(gzipped(hello) + [0, 0, 0]) != nil)
    #expect(unpackedTexts(gzipped([])) == ["": ""])
  }

  @Test("cut anywhere it is truncated")
  func truncated() {
    let whole = gzipped(hello) + gzipped(hello)
    for count in 2..<whole.count where count != gzipped(hello).count {
      let kind = unpackFailure(Array(whole[..<count]))
      // One byte of the next member's mark could be anything.
      #expect(kind == (count == gzipped(hello).count + 1 ? .damaged : .truncated), "\(count)")
    }
  }

  @Test("something after the end, a wrong checksum and broken data are told apart")
  func damaged() {
    #expect(unpackFailure(gzipped(hello) + Array("tail".utf8)) == .damaged)
    var wrongCheck = gzipped(hello)
    wrongCheck[wrongCheck.count - 8] ^= 1
    #expect(unpackFailure(wrongCheck) == .checksum)
    var wrongLength = gzipped(hello)
    wrongLength[wrongLength.count - 1] ^= 1
    #expect(unpackFailure(wrongLength) == .checksum)
    var broken = gzipped(hello)
    broken[11] ^= 0xFF
    #expect(unpackFailure(broken) == .damaged)
  }

  @Test("a bomb is refused by its ratio, a large file by its size")
  func bomb() {
    let bomb = gzipped(deflatedZeros(bombRuns), crc: bombCRC, count: 258 * bombRuns + 1)
    var limits = UnpackLimits()
    #expect(unpackFailure(bomb, limits: limits) == nil)
    limits.ratio = 100
    #expect(unpackFailure(bomb, limits: limits) == .suspiciousRatio)
    limits = UnpackLimits()
    limits.memberBytes = 1 << 20
    #expect(unpackFailure(bomb, limits: limits) == .tooLarge)
  }

  @Test("what is not packed is left alone")
  func plain() {
    #expect(unpacking(hello) == .plain)
    #expect(unpacking([]) == .plain)
    #expect(unpacking(Array("PK is a word".utf8)) == .plain)
  }
}

@Suite("Unpacking zip")
struct UnpackZipTests {
  @Test("members unpack in order, folders and macOS leavings are left out")
  func members() throws {
    let file = zipped([
      WrittenMember("b.csv", "2"), WrittenMember("dir/"), WrittenMember("dir/a.csv", "1"),
      WrittenMember("__MACOSX/._a.csv", "x"), WrittenMember("dir/.DS_Store", "x"),
    ])
    guard case .members(let members) = unpacking(file) else {
      Issue.record("does not unpack")
      return
    }
    #expect(members.map(\.name) == ["b.csv", "dir/a.csv"])
    #expect(members.map(\.bytes) == [Array("2".utf8), Array("1".utf8)])
  }

  @Test("an empty archive has no members")
  func empty() {
    #expect(unpacking(zipped([])) == .members([]))
    #expect(unpackedTexts(zipped([WrittenMember("empty.csv")])) == ["empty.csv": ""])
  }

  @Test("names without a flag are GB18030 unless they are UTF-8")
  func names() {
    var gbk = WrittenMember("")
    gbk.name = [0xD2, 0xB5, 0xCE, 0xF1, 0xC3, 0xF7, 0xCF, 0xB8, 0x2E, 0x63, 0x73, 0x76]
    // A trail byte that looks like a backslash is part of a character.
    var backslash = WrittenMember("")
    backslash.name = [0x2E, 0x2E, 0x81, 0x5C, 0x2E, 0x2E]
    #expect(unpackedTexts(zipped([gbk]))?.keys.first == "业务明细.csv")
    #expect(unpackedTexts(zipped([WrittenMember("业务明细.csv")]))?.keys.first == "业务明细.csv")
    #expect(unpackedTexts(zipped([backslash]))?.keys.first == "..乗..")
  }

  @Test(
    "a name that leads out of the archive is refused",
    arguments: [
      "../etc/passwd", "a/../../b", "/etc/passwd", "\\server\\b", "C:\\b", "a\\..\\..\\b", "..",
    ])
  func escape(_ name: String) {
    #expect(
      unpackFailure(zipped([WrittenMember("good.csv", "1"), WrittenMember(name, "2")]))
        == .unsafeName)
  }

  @Test("a zero byte in a name does not hide the rest")
  func zeroByte() {
    #expect(unpackedTexts(zipped([WrittenMember("a.csv\0.exe", "1")]))?.keys.first == "a.csv .exe")
  }

  @Test("a password, an unknown method, a wrong checksum and a lie about the size are refused")
  func refused() {
    var member = WrittenMember("a.csv", "some text")
    member.flags = 1
    #expect(unpackFailure(zipped([member])) == .encrypted)
    member.flags = 0
    member.method = 97
    #expect(unpackFailure(zipped([member])) == .unsupported)
    member.method = 0
    member.crc = 1
    #expect(unpackFailure(zipped([member])) == .checksum)
    member.crc = nil
    for size in [0, 8, 10, 1 << 20] {
      member.size = size
      #expect(unpackFailure(zipped([member])) != nil, "\(size)")
    }
    member.size = 0xFFFF_FFFE
    #expect(unpackFailure(zipped([member])) == .suspiciousRatio)
  }

  @Test("cut anywhere it is refused")
  func truncated() {
    let whole = zipped([WrittenMember("a.csv", "some text"), WrittenMember("b.csv", "more")])
    for count in 4..<whole.count {
      #expect(unpackFailure(Array(whole[..<count])) == .truncated, "\(count)")
    }
  }

  @Test("bombs are refused: by ratio, by size, by number, by shared bytes")
  func bombs() {
    var bomb = WrittenMember("bomb.csv")
    bomb.size = 258 * bombRuns + 1
    bomb.crc = bombCRC
    bomb.packed = deflatedZeros(bombRuns)
    bomb.method = 8
    #expect(unpackFailure(zipped([bomb])) == nil)
    var limits = UnpackLimits()
    limits.ratio = 100
    #expect(unpackFailure(zipped([bomb]), limits: limits) == .suspiciousRatio)
    limits = UnpackLimits()
    limits.memberBytes = 1 << 20
    #expect(unpackFailure(zipped([bomb]), limits: limits) == .tooLarge)
    limits = UnpackLimits()
    limits.totalBytes = 20 << 20
    #expect(unpackFailure(zipped([bomb, bomb]), limits: limits) == .tooLarge)
    let many = (0..<1001).map { WrittenMember("\($0).csv") }
    #expect(unpackFailure(zipped(many)) == .tooManyMembers)
    #expect(unpackFailure(zipped(Array(many.dropLast()))) == nil)
  }

  @Test("a workbook is told from an archive, a packed member is left packed")
  func kinds() {
    let book = zipped([WrittenMember("[Content_Types].xml", "<x/>"), WrittenMember("xl/a.xml", "")])
    #expect(unpacking(book) == .spreadsheet)
    var inner = WrittenMember("a.csv.gz")
    inner.contents = gzipped(Array("text".utf8))
    guard case .members(let members) = unpacking(zipped([inner])) else {
      Issue.record("does not unpack")
      return
    }
    #expect(members.map(\.bytes) == [inner.contents])
  }

  @Test("a large member is the bytes that were packed")
  func large() throws {
    var large = WrittenMember("large.csv")
    large.contents = (0..<3_700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    guard case .members(let members) = unpacking(zipped([large])) else {
      Issue.record("does not unpack")
      return
    }
    #expect(members == [Member(name: "large.csv", bytes: large.contents)])
  }

  @Test("no change of bytes crashes it")
  func mutations() {
    var deflated = WrittenMember("a.csv")
    deflated.contents = [UInt8](repeating: 0, count: 259)
    deflated.packed = deflatedZeros(1)
    deflated.method = 8
    let original = zipped([deflated, WrittenMember("b.csv", "text")])
    var random = XMLRandom(7)
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...Int(random.next() % 4) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = unpacking(bytes)
    }
    let packed = gzipped(deflatedZeros(1), of: deflated.contents)
    for _ in 0..<3000 {
      var bytes = packed
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      _ = unpacking(bytes)
    }
  }
}

@Suite(
  "Collected packed files", .enabled(if: CollectedFiles.areHere, "CARDRECON_FIXTURES is not set"))
struct UnpackFixtureTests {
  @Test("Alipay's zip has two members with Chinese names")
  func alipay() throws {
    let file = CollectedFiles.bytes(
      "alipay_merchant/CONSTRUCTED_20880211096256330156_20190916.csv.zip")
    guard case .members(let members) = unpacking(file) else {
      Issue.record("does not unpack")
      return
    }
    #expect(
      members.map(\.name) == [
        "20880211096256330156_20190916_业务明细(汇总).csv",
        "20880211096256330156_20190916_业务明细.csv",
      ])
    #expect(
      members.last?.bytes
        == CollectedFiles.bytes("alipay_merchant/tr_alipay_trade_detail_20190916.gbk.csv"))
  }

  @Test("WeChat's gzip unpacks to the bill")
  func weChat() throws {
    let file = CollectedFiles.bytes("wechat_merchant/CONSTRUCTED_axios-plugin_bill.ALL.csv.gz")
    guard case .members(let members) = unpacking(file) else {
      Issue.record("does not unpack")
      return
    }
    #expect(
      members.map(\.bytes) == [CollectedFiles.bytes("wechat_merchant/axios-plugin_bill.ALL.csv")])
  }
}
