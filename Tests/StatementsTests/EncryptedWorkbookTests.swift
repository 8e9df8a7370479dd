import Files
import Foundation
import Payments
import Testing

@testable import Statements

/// Workbooks that have a password, encrypted here as [MS-OFFCRYPTO] says, both ways that Excel has.
@Suite("Workbooks with a password")
struct EncryptedWorkbookTests {
  private let bill = Sheet.ccb((0..<30).map { 1_000 + $0 })

  private var workbook: [UInt8] {
    let rows = bill.split(separator: "\r\n").map { line in
      "<row>"
        + line.split(separator: ",", omittingEmptySubsequences: false).map {
          "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>"
        }.joined() + "</row>"
    }
    return zipped([
      WrittenMember("[Content_Types].xml", "<Types/>"),
      WrittenMember("xl/worksheets/sheet1.xml", "<worksheet>\(rows.joined())</worksheet>"),
    ])
  }

  private func secret(_ password: String) -> [UInt8] {
    password.utf16.flatMap { littleEndian(Int($0), 2) }
  }

  private func padded(_ bytes: [UInt8], to size: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (size - bytes.count % size) % size)
  }

  private func agile(
    _ password: String, digest: Digest = .sha512, keyBytes: Int = 32, spins: Int = 500
  ) throws -> [UInt8] {
    let (salt, dataSalt) = ((0..<16).map { UInt8($0 + 1) }, (0..<16).map { UInt8($0 * 7) })
    let key = (0..<keyBytes).map { UInt8($0 * 3 + 1) }
    var hash = digest(salt + secret(password))
    for spin in 0..<spins { hash = digest(littleEndian(spin, 4) + hash) }
    func fitted(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
      Array((bytes + [UInt8](repeating: 0x36, count: 64)).prefix(count))
    }
    func sealed(_ bytes: [UInt8], _ block: [UInt8]) throws -> String {
      let sealed = encryptAES(
        padded(bytes, to: 16), key: fitted(digest(hash + block), keyBytes), vector: salt)
      return Data(try #require(sealed)).base64EncodedString()
    }
    let input = (0..<16).map { UInt8(200 - $0) }
    let name = digest.rawValue
    let common =
      "saltSize=\"16\" blockSize=\"16\" keyBits=\"\(keyBytes * 8)\" hashSize=\"\(digest([]).count)\" "
      + "cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"\(name)\" "
    let description =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><encryption "
      + "xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" "
      + "xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\"><keyData \(common)"
      + "saltValue=\"\(Data(dataSalt).base64EncodedString())\"/><keyEncryptors><keyEncryptor>"
      + "<p:encryptedKey spinCount=\"\(spins)\" \(common)saltValue=\"\(Data(salt).base64EncodedString())\" "
      + "encryptedVerifierHashInput=\"\(try sealed(input, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79]))\" "
      + "encryptedVerifierHashValue=\"\(try sealed(digest(input), [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]))\" "
      + "encryptedKeyValue=\"\(try sealed(key, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6]))\"/>"
      + "</keyEncryptor></keyEncryptors></encryption>"
    var package: [UInt8] = []
    for (segment, start) in stride(from: 0, to: workbook.count, by: 4_096).enumerated() {
      let part = padded(Array(workbook[start..<min(workbook.count, start + 4_096)]), to: 16)
      let vector = fitted(digest(dataSalt + littleEndian(segment, 4)), 16)
      package += try #require(encryptAES(part, key: key, vector: vector))
    }
    return container([4, 0, 4, 0, 0x40, 0, 0, 0] + Array(description.utf8), package)
  }

  private func standard(_ password: String, keyBytes: Int = 16) throws -> [UInt8] {
    let salt = (0..<16).map { UInt8($0 + 9) }
    var hash = Digest.sha1(salt + secret(password))
    for spin in 0..<50_000 { hash = Digest.sha1(littleEndian(spin, 4) + hash) }
    hash = Digest.sha1(hash + littleEndian(0, 4))
    func mixed(_ byte: UInt8) -> [UInt8] {
      Digest.sha1((0..<64).map { byte ^ ($0 < 20 ? hash[$0] : 0) })
    }
    let key = Array((mixed(0x36) + mixed(0x5C)).prefix(keyBytes))
    // Each block by itself.
    func sealed(_ bytes: [UInt8]) throws -> [UInt8] {
      let plain = padded(bytes, to: 16)
      return try stride(from: 0, to: plain.count, by: 16).flatMap { place in
        try #require(
          encryptAES(
            Array(plain[place..<place + 16]), key: key, vector: [UInt8](repeating: 0, count: 16)))
      }
    }
    let input = (0..<16).map { UInt8($0 * 5) }
    let algorithm = [16: 0x660E, 24: 0x660F, 32: 0x6610][keyBytes] ?? 0
    let header =
      littleEndian(0x24, 4) + littleEndian(0, 4) + littleEndian(algorithm, 4)
      + littleEndian(0x8004, 4) + littleEndian(keyBytes * 8, 4) + littleEndian(0x18, 4)
      + littleEndian(0, 8) + Array("A\0E\0S\0\0\0".utf8)
    let info =
      [4, 0, 2, 0] + littleEndian(0x24, 4) + littleEndian(header.count, 4) + header
      + littleEndian(16, 4) + salt + (try sealed(input)) + littleEndian(20, 4)
      + (try sealed(Digest.sha1(input)))
    return container(info, try sealed(workbook))
  }

  /// The description ends in blanks, so that it is a long stream.
  private func container(_ info: [UInt8], _ package: [UInt8]) -> [UInt8] {
    OldWorkbookWriter.container([
      ("EncryptionInfo", info + [UInt8](repeating: 0x20, count: 4_096)),
      ("EncryptedPackage", littleEndian(workbook.count, 8) + package),
    ])
  }

  private func read(_ bytes: [UInt8], _ passwords: [String]) async throws -> Intake {
    var options = Intake.Options()
    options.passwords = passwords
    return try await intake([("b.xlsx", bytes)], options)
  }

  @Test("Either encryption is opened by the password among those that are known")
  func opened() async throws {
    let plain = try await intake([("b.csv", Sheet.utf8(bill))])
    for (bytes, name) in [
      (try agile("秘密 7"), "SHA-512, 256"),
      (try agile("秘密 7", digest: .sha1, keyBytes: 16), "SHA-1, 128"),
      (try agile("秘密 7", digest: .sha384, keyBytes: 24), "SHA-384, 192"),
      (try standard("秘密 7"), "Excel 2007, 128"),
      (try standard("秘密 7", keyBytes: 32), "Excel 2007, 256"),
    ] {
      let intake = try await read(bytes, ["", "别的", "秘密 7"])
      #expect(intake.entries.count == 30, "\(name): \(intake.allStatements[0].faults)")
      #expect(intake.entries.serial == plain.entries.serial, "\(name)")
      #expect(try intake.evidence(7).line.line == 9, "\(name)")
      for passwords in [[], ["别的"], ["秘密 7 "]] {
        let held = try await read(bytes, passwords)
        let fault = try held.fault(.unreadable, in: "b.xlsx")
        #expect(fault.detail.en.contains("none that is known opens it"), "\(name)")
      }
    }
  }

  @Test("Damage and costly descriptions are held with words, whatever bytes change")
  func damaged() async throws {
    let costly = try await read(try agile("a", spins: 1_000_001), ["a"])
    #expect(try costly.fault(.unreadable, in: "b.xlsx").detail.en.contains("not known"))
    let whole = try agile("a", spins: 5)
    var random = XMLRandom(22)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0...2 {
        bytes[Int(random.next() % 14_000) % bytes.count] = UInt8(truncatingIfNeeded: random.next())
      }
      let changed = try await read(bytes, ["a"])
      #expect(
        changed.entries.count == 30 || changed.allStatements.allSatisfy { !$0.faults.isEmpty })
    }
  }
}
