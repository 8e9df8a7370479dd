import Foundation

/// A folder of one test, removed with it.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/cardrecon-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of something inside.
  subscript(_ name: String) -> String { path + "/" + name }

  /// Writes a file, making the folders above it; returns its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(text.utf8, to: name)
  }

  func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: self[name])))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try read(name), as: UTF8.self)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: self[name])
  }

  /// Names of what is inside a folder, hidden ones too.
  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[folder]).sorted()
  }

  /// Everything below a folder that is no link: path and permissions.
  func permissions(_ folder: String) throws -> [String: Int] {
    let manager = FileManager.default
    var found: [String: Int] = [:]
    for name in try manager.subpathsOfDirectory(atPath: self[folder]) {
      let attributes = try manager.attributesOfItem(atPath: self[folder + "/" + name])
      guard attributes[.type] as? FileAttributeType != .typeSymbolicLink else { continue }
      found[name] = (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
    return found
  }
}

/// The project's own folder.
enum Project {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func read(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: root.appendingPathComponent(path)))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }
}

/// The sample school day.
enum Sample {
  static let day = "2026-11-02"

  /// A copy of `samples/` that may be published into, as `samples/` in a folder of its own.
  static func copy() throws -> Scratch {
    let scratch = try Scratch()
    let source = Project.root.appendingPathComponent("samples")
    let target = URL(fileURLWithPath: scratch["samples"])
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    for name in ["cardrecon.yaml", "incoming", "truth.json"] {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: target.appendingPathComponent(name))
    }
    return scratch
  }

  /// The expected `report.json` as `check` prints it: without a history nobody has decided anything.
  static func checked() throws -> [UInt8] {
    var bytes = Array(try Project.read("samples/expected/report.json"))
    let missing = "  \"decidedUpTo\": {\n    \"number\": 0,\n    \"time\": null\n  },\n"
    if let place = bytes.firstRange(of: Array(missing.utf8)) { bytes.removeSubrange(place) }
    return bytes
  }

  /// The statements' paths, as a shell expands `samples/incoming/*`.
  static func incoming(_ copy: Scratch) throws -> [String] {
    try copy.names("samples/incoming").map { "samples/incoming/" + $0 }
  }
}
