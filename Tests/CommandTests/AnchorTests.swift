import Foundation
import Testing

/// What is written on the outside of a day, and the key that signs it.
@Suite("Anchors and keys")
struct AnchorTests {
  private static let config = ["--config", "samples/cardrecon.yaml"]
  private static let run = ["run"] + config + ["--date", Sample.day]
  private static let folder = "samples/reports/\(Sample.day)"

  /// The sample school with a key of its own.
  private func signed() async throws -> Scratch {
    let copy = try Sample.copy()
    let made = try await cardrecon("key", "new", "--to", "samples/keys/anchor.pem", in: copy)
    #expect(made.code == 0 && made.out.contains("anchor.pub.pem"), "\(made.err)")
    try copy.write(
      try copy.text("samples/cardrecon.yaml") + "anchorKey: keys/anchor.pem\n",
      to: "samples/cardrecon.yaml")
    return copy
  }

  private func verify(_ copy: Scratch, _ options: String...) async throws -> Program.Finished {
    try await cardrecon(["verify", "--quick"] + Self.config + options, in: copy)
  }

  /// The lines of an anchor.
  private func anchor(_ copy: Scratch) throws -> [String: String] {
    let lines = try copy.text(Self.folder + "/anchor.txt").split(separator: "\n")
    return Dictionary(
      lines.map { line in
        let parts = line.split(separator: ": ", maxSplits: 1)
        return (String(parts[0]), String(parts[1]))
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test("An anchor names the day, its link and its manifest; it is no part of the manifest")
  func plain() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    let anchor = try anchor(copy)
    #expect(Set(anchor.keys) == ["cardrecon-anchor", "day", "link", "hash", "manifest"])
    #expect(anchor["day"] == Sample.day && anchor["link"] == "1")
    let manifest = try copy.text(Self.folder + "/manifest.sha256")
    #expect(!manifest.contains("anchor"))
    let sums = try await Program.shell(
      "-c", "sha256sum \(Self.folder)/manifest.sha256", in: copy.path)
    #expect(sums.out.hasPrefix(try #require(anchor["manifest"])))
    #expect(try await verify(copy, "--head", try #require(anchor["hash"])).code == 0)
    #expect(try !copy.names(Self.folder).contains("anchor.sig"))
    _ = try await cardrecon("key", "new", "--to", "samples/keys/none.pem", in: copy)
    let unsigned = try await verify(copy, "--key", "samples/keys/none.pub.pem", "--lang", "en")
    #expect(unsigned.code == 0 && unsigned.out.contains("are not signed"))
    // The calendar tells the same link.
    let index = try copy.text("samples/reports/index.html")
    #expect(index.contains(try #require(anchor["hash"])))
  }

  @Test("A rerun that changes nothing leaves anchor and calendar alone")
  func rerun() async throws {
    let copy = try await signed()
    _ = try await cardrecon(Self.run, in: copy)
    let names = [
      Self.folder + "/anchor.txt", Self.folder + "/anchor.sig", "samples/reports/index.html",
    ]
    let before = try names.map { try copy.read($0) }
    _ = try await cardrecon(Self.run, in: copy)
    let after = try names.map { try copy.read($0) }
    #expect(before == after)
  }

  @Test("A signed day passes with its key and fails with another; openssl says the same")
  func signature() async throws {
    let copy = try await signed()
    #expect(try copy.permissions("samples/keys") == ["anchor.pem": 0o600, "anchor.pub.pem": 0o600])
    _ = try await cardrecon(Self.run, in: copy)
    #expect(try copy.read(Self.folder + "/anchor.sig").count == 64)
    let own = try await verify(copy, "--key", "samples/keys/anchor.pub.pem", "--lang", "en")
    #expect(own.code == 0 && own.out.contains("are signed by the key"))
    _ = try await cardrecon("key", "new", "--to", "samples/keys/other.pem", in: copy)
    let other = try await verify(copy, "--key", "samples/keys/other.pub.pem", "--lang", "en")
    #expect(other.code == 1 && other.out.contains("another key"), "\(other.out)")
    let openssl = """
      cd \(Self.folder) && openssl pkeyutl -verify -pubin -inkey '\(copy["samples/keys/anchor.pub.pem"])' \
      -rawin -in anchor.txt -sigfile anchor.sig
      """
    #expect(try await Program.shell("-c", openssl, in: copy.path).code == 0)
    try copy.write(
      try copy.text(Self.folder + "/anchor.txt").replacing("link: 1", with: "link: 2"),
      to: Self.folder + "/anchor.txt")
    #expect(try await Program.shell("-c", openssl, in: copy.path).code != 0)
    let changed = try await verify(copy)
    #expect(changed.code == 1 && changed.out.contains("anchor.txt"), "\(changed.out)")
  }

  @Test("`key` alone asks for nothing, and is told so")
  func nothing() async throws {
    let run = try await cardrecon("key", in: try Scratch())
    #expect(run.code == 64 && run.out == "" && run.err.contains("key new"))
  }

  @Test("A key of openssl's signs, too")
  func opensslKey() async throws {
    let copy = try await signed()
    let made = try await Program.shell(
      "-c",
      "openssl genpkey -algorithm ed25519 -out samples/keys/anchor.pem && "
        + "openssl pkey -in samples/keys/anchor.pem -pubout -out samples/keys/mine.pem",
      in: copy.path)
    #expect(made.code == 0, "\(made.err)")
    _ = try await cardrecon(Self.run, in: copy)
    #expect(try await verify(copy, "--key", "samples/keys/mine.pem").code == 0)
    #expect(try await verify(copy, "--key", "samples/keys/anchor.pub.pem").code == 1)
  }

  @Test("A key that is gone or none is told before anything is published", arguments: ["zh", "en"])
  func badKeys(language: String) async throws {
    let copy = try await signed()
    let again = try await cardrecon(
      "key", "new", "--to", "samples/keys/anchor.pem", "--lang", language, in: copy)
    #expect(again.code == 73 && again.err.contains("anchor.pem"))
    try copy.write("no key\n", to: "samples/keys/anchor.pem")
    let bad = try await cardrecon(Self.run + ["--lang", language], in: copy)
    #expect(bad.code == 66 && bad.err.contains("anchor.pem") && bad.err.contains("Ed25519"))
    try copy.remove("samples/keys/anchor.pem")
    let gone = try await cardrecon(Self.run + ["--lang", language], in: copy)
    #expect(gone.code == 66 && gone.err.contains("key new"))
    #expect(!FileManager.default.fileExists(atPath: copy[Self.folder]))
    try copy.write(
      try copy.text("samples/cardrecon.yaml").replacing("anchorKey: ", with: "#"),
      to: "samples/cardrecon.yaml")
    #expect(try await cardrecon(Self.run, in: copy).code == 1)
    let key = try await verify(copy, "--key", "samples/keys/none.pem", "--lang", language)
    #expect(key.code == 66 && key.err.contains("none.pem"))
    let notPublic = try await verify(copy, "--key", "samples/cardrecon.yaml", "--lang", language)
    #expect(notPublic.code == 66 && notPublic.err.contains("Ed25519"))
  }
}
