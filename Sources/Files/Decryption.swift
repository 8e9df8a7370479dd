internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A digest that documents stretch passwords with.
public enum Digest: String, Sendable {
  case sha1 = "SHA1"
  case sha256 = "SHA256"
  case sha384 = "SHA384"
  case sha512 = "SHA512"

  /// The digest of some bytes.
  public func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .sha1: Array(Insecure.SHA1.hash(data: bytes))
    case .sha256: Array(SHA256.hash(data: bytes))
    case .sha384: Array(SHA384.hash(data: bytes))
    case .sha512: Array(SHA512.hash(data: bytes))
    }
  }
}

/// Decrypts AES in CBC mode, without padding.
///
/// - Returns: nil where the key, the vector or the bytes are of no length AES has.
public func decryptAES(_ bytes: [UInt8], key: [UInt8], vector: [UInt8]) -> [UInt8]? {
  guard let vector = try? AES._CBC.IV(ivBytes: vector),
    let plain = try? AES._CBC.decrypt(
      bytes, using: SymmetricKey(data: key), iv: vector, noPadding: true)
  else { return nil }
  return Array(plain)
}

/// Encrypts AES in CBC mode, without padding; nil where lengths are none that AES has.
public func encryptAES(_ bytes: [UInt8], key: [UInt8], vector: [UInt8]) -> [UInt8]? {
  guard let vector = try? AES._CBC.IV(ivBytes: vector),
    let sealed = try? AES._CBC.encrypt(
      bytes, using: SymmetricKey(data: key), iv: vector, noPadding: true)
  else { return nil }
  return Array(sealed)
}

/// The bytes of Base64 text; nil where it is none.
public func base64(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map(Array.init) }
