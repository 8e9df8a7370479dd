internal import Files
internal import History
internal import Payments

/// `anchor.txt` beside a day's reports: the link of the chain the day is, and the manifest it is about.
///
/// It lies outside the manifest, whose hash the link covers. Copied elsewhere, or signed, it shows later
/// that neither the reports nor anything up to that link was made anew (``HistoryStore/verifyHead(_:)``).
/// What it says follows from the history alone: the same bytes whenever it is written.
package struct Anchor {
  /// Its name in the day's folder.
  package static let name = "anchor.txt"
  /// The signature beside it: 64 bytes of Ed25519 (RFC 8032) over all of its bytes.
  package static let signatureName = "anchor.sig"
  /// The files that lie beside those of the manifest.
  package static let names: Set = [name, signatureName]

  let day: BusinessDay
  let recorded: DayAnchor

  /// Its bytes: a key, a colon and a value a line.
  var bytes: [UInt8] {
    var lines = [
      "cardrecon-anchor: 1", "day: \(day)", "link: \(recorded.link.number)",
      "hash: \(recorded.link.hash)", "manifest: \(recorded.manifest)",
    ]
    if let signer, !signer.isEmpty { lines.append("key: \(signer)") }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Public key of whoever signs it, in base64; empty for nobody, nil where there need be no anchor.
  var signer: String? { recorded.signer }

  /// Writes it into a folder that is about to be shown.
  ///
  /// - Parameter key: signs it; nil where it is not signed.
  func write(in folder: String, signedBy key: AnchorKey?) throws {
    do throws(FileProblem) {
      try Anchor.write(bytes, to: folder + "/" + Anchor.name)
      if let signature = key?.signature(of: bytes) {
        try Anchor.write(signature, to: folder + "/" + Anchor.signatureName)
      }
      try Folders.sync(folder)
    } catch {
      throw PublishingError(error)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    let file = try DurableFile(path)
    try file.append(bytes)
    try file.finish()
  }
}
