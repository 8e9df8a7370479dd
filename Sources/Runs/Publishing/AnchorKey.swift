internal import Files
internal import Foundation
package import Payments

/// The school's key that signs anchors, in a file.
///
/// A signature proves that whoever signed had the key. A key on the host of the reports does not stop whoever may
/// read it there; one that is kept on another host does.
package struct AnchorKey: Sendable {
  private let key: SigningKey

  /// Reads a key.
  ///
  /// - Throws: ``AnchorKeyError`` when there is none.
  package init(path: String) throws(AnchorKeyError) {
    guard let text = AnchorKey.text(path) else { throw .unreadable(path) }
    guard let key = SigningKey(pem: text) else { throw .notAKey(path, isPublic: false) }
    self.key = key
  }

  /// Makes a new key: the secret half at `path`, for the owner's eyes only, the public half beside it.
  ///
  /// - Returns: where the public half lies, and it in base64.
  /// - Throws: ``AnchorKeyError`` when something is there already; nothing is written over.
  package static func make(at path: String) throws -> (path: String, publicText: String) {
    let publicPath = (path.hasSuffix(".pem") ? String(path.dropLast(4)) : path) + ".pub.pem"
    for path in [path, publicPath] where FileManager.default.fileExists(atPath: path) {
      throw AnchorKeyError.exists(path)
    }
    let key = SigningKey()
    do throws(FileProblem) { try Folders.make(Folders.parent(of: path)) } catch {
      throw PublishingError(error)
    }
    try publishFile(Array(key.pem.utf8), to: path)
    try publishFile(Array(key.publicPEM.utf8), to: publicPath)
    return (publicPath, key.publicText)
  }

  /// The public half, in base64.
  var publicText: String { key.publicText }

  /// The signature of some bytes: 64 bytes; nil when the system gives no random numbers.
  func signature(of bytes: [UInt8]) -> [UInt8]? { key.signature(of: bytes) }

  /// The public half that stands in a PEM file, in base64.
  package static func publicText(path: String) throws(AnchorKeyError) -> String {
    guard let text = text(path) else { throw .unreadable(path) }
    guard let key = SigningKey.publicText(pem: text) else { throw .notAKey(path, isPublic: true) }
    return key
  }

  /// A file of at most 64 KiB, which no key is longer than; nil where there is none.
  private static func text(_ path: String) -> String? {
    guard let file = try? ReadableFile(path), file.size <= 65_536,
      let bytes = try? file.read(at: 0, count: file.size)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Something is wrong with a key that signs.
package enum AnchorKeyError: Error, Equatable {
  /// There is no file, or it cannot be read.
  case unreadable(String)
  /// The file holds no such key.
  case notAKey(String, isPublic: Bool)
  /// Something is there already.
  case exists(String)

  /// What happened, where, and what to do next.
  package var wording: Wording {
    switch self {
    case .unreadable(let path):
      Wording(
        zh: "\(path)：签名密钥不存在或无法读取。用 cardrecon key new --to 新建，或从配置中删去 anchorKey（不再签名）。",
        en:
          "\(path): no such key, or it cannot be read. Make one with `cardrecon key new --to`, or take "
          + "`anchorKey` out of the configuration to sign no more.")
    case .notAKey(let path, isPublic: false):
      Wording(
        zh:
          "\(path)：不是 Ed25519 私钥（PEM，PKCS #8）。用 cardrecon key new 或 openssl genpkey -algorithm ed25519 新建。",
        en: "\(path): no Ed25519 private key (PEM, PKCS #8). Make one with `cardrecon key new` or "
          + "`openssl genpkey -algorithm ed25519`.")
    case .notAKey(let path, isPublic: true):
      Wording(
        zh: "\(path)：不是 Ed25519 公钥（PEM）。应为 cardrecon key new 写下的 .pub.pem。",
        en:
          "\(path): no Ed25519 public key (PEM); expected the .pub.pem that `cardrecon key new` wrote."
      )
    case .exists(let path):
      Wording(
        zh: "\(path) 已存在，不覆盖：被覆盖的密钥签过的日子无法再核验。请换一个文件名。",
        en:
          "\(path) is there already and is not written over: what it has signed could not be checked any "
          + "more. Name another file.")
    }
  }
}
