internal import Files

/// A workbook of now that has a password: an encrypted .xlsx in the container of an old one ([MS-OFFCRYPTO] 2.3.4).
struct EncryptedWorkbook {
  private let package: [UInt8]
  private let size: Int
  private let lock: Lock

  private enum Lock {
    case agile(AgileLock)
    case standard(StandardLock)
  }

  /// Whether a container holds one.
  static func isOne(_ container: CompoundFile) -> Bool { container.has("EncryptedPackage") }

  /// Reads how it is encrypted.
  init(_ container: CompoundFile) throws(OldWorkbookError) {
    let info = try container.stream(named: ["EncryptionInfo"])
    let stream = try container.stream(named: ["EncryptedPackage"])
    guard info.count > 8, stream.count >= 8 else { throw .damaged(at: 0) }
    let records = BinaryRecords(stream)
    size = Int(records.u32(0))
    // What is behind the last block, where there is less than one, is not of the package.
    package = Array(stream[8...].prefix((stream.count - 8) / 16 * 16))
    guard size <= package.count, records.u32(4) == 0 else { throw .damaged(at: 0) }
    if info.starts(with: [4, 0, 4, 0]) {
      guard let agile = AgileLock(Array(info[8...])) else { throw .unknownEncryption }
      lock = .agile(agile)
    } else {
      guard let standard = StandardLock(info) else { throw .unknownEncryption }
      lock = .standard(standard)
    }
  }

  /// The .xlsx, opened by the first of some passwords that fits.
  ///
  /// - Throws: ``OldWorkbookError/password`` when none does.
  func opened(by passwords: [String]) throws(OldWorkbookError) -> [UInt8] {
    for password in passwords {
      let secret = password.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      let plain =
        switch lock {
        case .agile(let lock): lock.key(for: secret).flatMap { lock.open(package, $0) }
        case .standard(let lock): lock.key(for: secret).flatMap { lock.open(package, $0) }
        }
      if let plain { return Array(plain.prefix(size)) }
    }
    throw .password
  }
}

/// A number as four bytes, the lowest first.
private func bytes(of number: Int) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

/// Makes a password dear to guess: its digest is digested again, many times.
private func stretched(
  _ secret: [UInt8], salt: [UInt8], by digest: Digest, times: Int
) -> [UInt8] {
  (0..<times).reduce(digest(salt + secret)) { digest(bytes(of: $1) + $0) }
}

/// How Excel 2010 and later encrypt: an XML description, any digest, AES in CBC mode.
private struct AgileLock: XMLElementSink {
  private struct Parameters {
    var salt: [UInt8] = []
    var digest: Digest?
    var keyBytes = 0
    var blockBytes = 0
    var spins = 0
    var isCBC = false
    var verifier: [UInt8] = []
    var verifierDigest: [UInt8] = []
    var key: [UInt8] = []

    /// Excel spins 100,000 times; ten times as often is a way to keep a reader busy.
    var areSound: Bool {
      digest != nil && isCBC && [16, 24, 32].contains(keyBytes) && blockBytes == 16
        && (0...1_000_000).contains(spins)
    }
  }

  private var data = Parameters()
  private var password = Parameters()

  init?(_ description: [UInt8]) {
    do throws(Refusal) {
      try readElements(StatementFile(path: "", bytes: description), into: &self)
    } catch {
      return nil
    }
    guard data.areSound, password.areSound else { return nil }
  }

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    guard name == "keyData" || name == "encryptedKey" && password.digest == nil else { return }
    var found = Parameters()
    var isAES = false
    for (name, value) in attributes {
      switch name {
      case "saltValue": found.salt = base64(value) ?? []
      case "hashAlgorithm":
        found.digest = Digest(rawValue: value.filter { $0 != "-" }.uppercased())
      case "keyBits": found.keyBytes = (Int(value) ?? 0) / 8
      case "blockSize": found.blockBytes = Int(value) ?? 0
      case "spinCount": found.spins = Int(value) ?? -1
      case "cipherChaining": found.isCBC = value == "ChainingModeCBC"
      case "cipherAlgorithm": isAES = value == "AES"
      case "encryptedVerifierHashInput": found.verifier = base64(value) ?? []
      case "encryptedVerifierHashValue": found.verifierDigest = base64(value) ?? []
      case "encryptedKeyValue": found.key = base64(value) ?? []
      default: break
      }
    }
    found.isCBC = found.isCBC && isAES
    if name == "keyData" { data = found } else { password = found }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {}
  mutating func end(_ name: String) {}

  /// What the package is encrypted with; nil when the password is another.
  func key(for secret: [UInt8]) -> [UInt8]? {
    guard let digest = password.digest else { return nil }
    let hash = stretched(secret, salt: password.salt, by: digest, times: password.spins)
    func opened(_ sealed: [UInt8], _ block: [UInt8]) -> [UInt8]? {
      decryptAES(
        sealed, key: fitted(digest(hash + block), password.keyBytes),
        vector: fitted(password.salt, 16))
    }
    guard let input = opened(password.verifier, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79]),
      let value = opened(
        password.verifierDigest, [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]),
      value.starts(with: digest(input)),
      let key = opened(password.key, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6])
    else { return nil }
    return Array(key.prefix(data.keyBytes))
  }

  /// Opens a package segment by segment.
  func open(_ package: [UInt8], _ key: [UInt8]) -> [UInt8]? {
    guard let digest = data.digest else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(package.count)
    for (segment, start) in stride(from: 0, to: package.count, by: 4_096).enumerated() {
      let vector = fitted(digest(data.salt + bytes(of: segment)), 16)
      let sealed = Array(package[start..<min(package.count, start + 4_096)])
      guard let opened = decryptAES(sealed, key: key, vector: vector) else { return nil }
      plain += opened
    }
    return plain
  }

  private func fitted(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Array(bytes.prefix(count)) + [UInt8](repeating: 0x36, count: max(0, count - bytes.count))
  }
}

/// How Excel 2007 encrypts: SHA-1, AES block by block.
private struct StandardLock {
  private let salt: [UInt8]
  private let verifier: [UInt8]
  private let verifierDigest: [UInt8]
  private let keyBytes: Int

  init?(_ info: [UInt8]) {
    let numbers = BinaryRecords(info)
    let (version, header) = (numbers.u16(2), Int(numbers.u32(8)))
    // The header: flags, an extra size, the algorithm, its digest, the bits of its key.
    let algorithms = 0x660E...0x6610
    let start = 12 + header
    guard version == 2, header >= 32, algorithms.contains(Int(numbers.u32(20))),
      [128, 192, 256].contains(numbers.u32(28)), numbers.u32(start) == 16,
      info.count >= start + 4 + 16 + 16 + 4 + 32
    else { return nil }
    keyBytes = Int(numbers.u32(28)) / 8
    salt = Array(info[(start + 4)..<(start + 20)])
    verifier = Array(info[(start + 20)..<(start + 36)])
    verifierDigest = Array(info[(start + 40)..<(start + 72)])
  }

  func key(for secret: [UInt8]) -> [UInt8]? {
    let hash = stretched(secret, salt: salt, by: .sha1, times: 50_000)
    let last = Digest.sha1(hash + bytes(of: 0))
    func mixed(_ byte: UInt8) -> [UInt8] {
      Digest.sha1((0..<64).map { byte ^ ($0 < last.count ? last[$0] : 0) })
    }
    let key = Array((mixed(0x36) + mixed(0x5C)).prefix(keyBytes))
    guard let input = open(verifier, key), let value = open(verifierDigest, key),
      value.starts(with: Digest.sha1(input))
    else { return nil }
    return key
  }

  /// Blocks by themselves are those of a chain without the block before.
  func open(_ package: [UInt8], _ key: [UInt8]) -> [UInt8]? {
    guard
      var plain = decryptAES(package, key: key, vector: [UInt8](repeating: 0, count: 16))
    else { return nil }
    for place in stride(from: 16, to: plain.count, by: 1) { plain[place] ^= package[place - 16] }
    return plain
  }
}
