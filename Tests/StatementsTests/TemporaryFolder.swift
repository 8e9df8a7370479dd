import Glibc

/// A step of a test that the system refused.
struct SystemError: Error {
  let problem: String
  init(_ step: String) { problem = step + ": " + String(cString: strerror(errno)) }
}

/// Gives `body` a folder of its own and removes it afterwards.
func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
  let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array(
    (base + "/cardrecon-tests-" + String(repeating: "X", count: 6)).utf8CString)
  guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp") }
  let folder = String(cString: made)
  defer { removeFolder(folder) }
  try await body(folder)
}

private func removeFolder(_ folder: String) {
  guard let directory = opendir(folder) else { return }
  while let item = readdir(directory) {
    let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { unlink(folder + "/" + name) }
  }
  closedir(directory)
  rmdir(folder)
}

func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "w") else { throw SystemError("fopen") }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw SystemError("fwrite") }
}

func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }
