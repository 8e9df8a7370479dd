internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A key pair of Ed25519 (RFC 8032), in PEM of PKCS #8 and SubjectPublicKeyInfo (RFC 8410): as `openssl genpkey
/// -algorithm ed25519` and `openssl pkey -pubout` write them.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// Makes a new pair.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// Reads the secret half; nil when the text holds none.
  public init?(pem: String) {
    guard let key = try? Curve25519.Signing.PrivateKey(pemRepresentation: pem) else { return nil }
    self.key = key
  }

  /// The secret half.
  public var pem: String { key.pemRepresentation + "\n" }

  /// The public half.
  public var publicPEM: String { key.publicKey.pemRepresentation + "\n" }

  /// The public half in base64: 44 characters.
  public var publicText: String { SigningKey.text(key.publicKey) }

  /// The signature of some bytes: 64 bytes; nil when the system gives no random numbers.
  public func signature(of bytes: [UInt8]) -> [UInt8]? {
    (try? key.signature(for: bytes)).map { Array($0) }
  }

  /// The public half in a PEM text, in base64; nil when it holds none.
  public static func publicText(pem: String) -> String? {
    (try? Curve25519.Signing.PublicKey(pemRepresentation: pem)).map(text)
  }

  private static func text(_ key: Curve25519.Signing.PublicKey) -> String {
    key.rawRepresentation.base64EncodedString()
  }

  /// Whether the public half, in base64, fits the signature of some bytes.
  public static func isValid(
    _ signature: [UInt8], of bytes: [UInt8], by publicText: String
  ) -> Bool {
    guard let raw = Data(base64Encoded: publicText),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(signature, for: bytes)
  }
}
