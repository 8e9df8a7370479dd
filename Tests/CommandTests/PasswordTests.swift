import CLibZip
import Foundation
import Testing

/// Packs a file into a zip.
func pack(
  _ bytes: [UInt8], as name: String, to path: String, password: String? = nil,
  method: Int = Int(ZIP_EM_NONE)
) throws {
  var code: Int32 = 0
  let archive = try #require(zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code))
  try bytes.withUnsafeBytes { raw in
    let source = try #require(zip_source_buffer(archive, raw.baseAddress, UInt64(raw.count), 0))
    let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
    #expect(index == 0)
    #expect(zip_file_set_encryption(archive, 0, UInt16(method), password) == 0)
    #expect(zip_close(archive) == 0)
  }
}

/// Zip files that need a password: it lies in a file that nobody else may read.
@Suite("Passwords of zip files")
struct PasswordTests {
  /// Writes a file of passwords.
  private func keep(_ passwords: String, in copy: Scratch, _ name: String, mode: Int = 0o600) throws
  {
    try copy.write(passwords, to: name)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: copy[name])
  }

  private static let methods = [Int(ZIP_EM_TRAD_PKWARE), Int(ZIP_EM_AES_256)]

  private func school(_ method: Int) throws -> (copy: Scratch, files: [String]) {
    let copy = try Sample.copy()
    let name = try #require(
      try copy.names("samples/incoming").first { $0.hasPrefix("wechat_") })
    try pack(
      try copy.read("samples/incoming/" + name), as: name, to: copy["samples/incoming/w.zip"],
      password: "校园2026", method: method)
    try copy.remove("samples/incoming/" + name)
    return (copy, try Sample.incoming(copy))
  }

  @Test("One of the passwords of the file opens it", arguments: methods)
  func opened(method: Int) async throws {
    let (copy, files) = try school(method)
    let other = try Sample.copy()
    let plain = try await cardrecon(
      ["check"] + (try Sample.incoming(other)) + ["--json"], in: other)
    let closed = try await cardrecon(["check"] + files + ["--lang", "en"], in: copy)
    #expect(closed.code == 2 && closed.out.contains("needs a password"), "\(closed.out)")
    try keep("falsch\n校园2026\n", in: copy, "passwords")
    let opened = try await cardrecon(
      ["check"] + files + ["--json", "--passwords", "passwords"], in: copy)
    #expect(opened.code == 1, "\(opened.err)")
    let (found, expected) = (try ReportFile(opened.outBytes), try ReportFile(plain.outBytes))
    #expect(found.anomalies.map(\.id) == expected.anomalies.map(\.id))
    try keep("falsch\n", in: copy, "passwords")
    let wrong = try await cardrecon(
      ["check"] + files + ["--passwords", "passwords", "--lang", "en"], in: copy)
    #expect(wrong.code == 2 && wrong.out.contains("needs a password"))
  }

  @Test("A password file that others may read is refused, and says why")
  func mode() async throws {
    let (copy, files) = try school(Self.methods[1])
    try keep("校园2026\n", in: copy, "passwords", mode: 0o644)
    let run = try await cardrecon(["check"] + files + ["--passwords", "passwords"], in: copy)
    #expect(run.code == 66 && run.out == "" && run.err.contains("chmod 600"))
  }

  @Test("A night reads it, and verify derives the day with it")
  func night() async throws {
    let (copy, _) = try school(Self.methods[1])
    try keep("校园2026\n", in: copy, "samples/zip-passwords")
    let text = try copy.text("samples/cardrecon.yaml").replacing(
      "wechat_*_{yyyy-MM-dd}.csv", with: "w.zip")
    try copy.write(text + "passwords: zip-passwords\n", to: "samples/cardrecon.yaml")
    let config = ["--config", "samples/cardrecon.yaml"]
    let run = try await cardrecon(["run"] + config + ["--date", Sample.day], in: copy)
    #expect(run.code == 1, "\(run.out)\(run.err)")
    let verify = try await cardrecon(["verify"] + config, in: copy)
    #expect(verify.code == 0, "\(verify.out)\(verify.err)")
  }
}
