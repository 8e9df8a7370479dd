import Glibc

/// A folder only its owner can read: statements name people.
struct OutputFolder {
  private let path: String

  /// Opens the folder, making it (and those above it) when it does not exist.
  init(_ path: String) throws {
    self.path = path
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        throw OutputFolder.failure("cannot make the folder \(made)")
      }
      made += "/"
    }
  }

  /// Writes a file, replacing one of the same name; only the owner may read it.
  func write(_ bytes: [UInt8], to name: String) throws {
    let target = path + "/" + name
    let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw OutputFolder.failure("cannot write \(target)") }
    defer { close(file) }
    var written = 0
    try bytes.withUnsafeBytes { buffer in
      guard fchmod(file, 0o600) == 0 else { throw OutputFolder.failure("cannot protect \(target)") }
      while written < buffer.count {
        let rest = buffer.baseAddress?.advanced(by: written)
        let count = Glibc.write(file, rest, buffer.count - written)
        guard count > 0 else { throw OutputFolder.failure("cannot write \(target)") }
        written += count
      }
    }
  }

  private static func failure(_ what: String) -> OutputFailure {
    OutputFailure(description: "\(what): \(String(cString: strerror(errno)))")
  }
}

/// Something the system refused.
struct OutputFailure: Error, CustomStringConvertible {
  let description: String
}
