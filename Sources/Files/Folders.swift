internal import Glibc

/// Folders, for the owner's eyes only.
public enum Folders {
  /// Makes a folder and those above it, as far as they are missing.
  public static func make(_ path: String) throws(FileProblem) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let above = parent(of: path)
    guard errno == ENOENT, above != path else { throw FileProblem(path) }
    try make(above)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileProblem(path) }
  }

  /// Waits until what was named, moved and removed in a folder is on the disk.
  public static func sync(_ path: String) throws(FileProblem) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileProblem(path) }
  }

  /// The folder a file or folder lies in.
  public static func parent(of path: String) -> String {
    guard let mark = path.lastIndex(of: "/") else { return "." }
    return mark == path.startIndex ? "/" : String(path[..<mark])
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
