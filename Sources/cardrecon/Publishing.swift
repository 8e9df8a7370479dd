import Foundation
import Payments

/// A result could not be written.
struct PublishingError: Error {
  var path: String
  var problem: String

  var wording: Wording {
    Wording(
      zh: "无法写入 \(path)：\(problem)。请检查磁盘空间与权限；先前的结果未被改动。",
      en: "cannot write \(path): \(problem). Check space and permissions; earlier results stand.")
  }
}

/// Writes results so that a reader sees all of them or none, for the owner's eyes only.
enum Publishing {
  /// Writes one file through a temporary name beside it.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let temporary = path + ".partial-\(getpid())"
    do {
      do {
        try writeSynced(bytes, to: temporary)
      } catch let error as PublishingError {
        throw PublishingError(path: path, problem: error.problem)
      }
      guard rename(temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Publishes a folder of files in one step.
  ///
  /// The files lie in a folder of their own under `.published`; `folder` is a symbolic link to it, and
  /// replacing the link is the one atomic step. What was published before is then removed.
  static func publish(_ files: [(name: String, bytes: [UInt8])], as folder: String) throws {
    let url = URL(fileURLWithPath: folder)
    let (parent, name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
    let stamp = "\(name)-\(UInt64(nanosecondsNow()))-\(getpid())"
    let store = parent + "/.published"
    let target = store + "/" + stamp
    let link = parent + "/.link-\(getpid())-" + name
    let manager = FileManager.default
    let previous = try? manager.destinationOfSymbolicLink(atPath: folder)
    try makeFolders(target)
    do {
      for file in files { try writeSynced(file.bytes, to: target + "/" + file.name) }
      try sync(target)
      unlink(link)
      guard symlink(".published/" + stamp, link) == 0, rename(link, folder) == 0 else {
        throw failure(folder)
      }
      try sync(parent)
    } catch {
      unlink(link)
      try? manager.removeItem(atPath: target)
      throw error
    }
    if let previous, previous.hasPrefix(".published/") {
      try? manager.removeItem(atPath: parent + "/" + previous)
    }
    removeDebris(of: name, in: parent, keeping: stamp)
  }

  /// Removes what runs of the same name that died left behind; it names people.
  private static func removeDebris(of name: String, in parent: String, keeping stamp: String) {
    let manager = FileManager.default
    func isDead(_ process: Substring) -> Bool {
      guard let id = pid_t(process), id > 0 else { return false }
      return kill(id, 0) != 0 && errno == ESRCH
    }
    let store = parent + "/.published"
    for folder in (try? manager.contentsOfDirectory(atPath: store)) ?? [] where folder != stamp {
      guard folder.hasPrefix(name + "-"), let dash = folder.lastIndex(of: "-"),
        isDead(folder[folder.index(after: dash)...])
      else { continue }
      try? manager.removeItem(atPath: store + "/" + folder)
    }
    for link in (try? manager.contentsOfDirectory(atPath: parent)) ?? [] {
      guard link.hasPrefix(".link-"), link.hasSuffix("-" + name),
        isDead(link.dropFirst(".link-".count).dropLast(name.count + 1))
      else { continue }
      unlink(parent + "/" + link)
    }
  }

  /// Makes a folder and those above it, for the owner's eyes only.
  private static func makeFolders(_ path: String) throws {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard errno == ENOENT, parent != path else { throw failure(path) }
    try makeFolders(parent)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
  }

  private static func nanosecondsNow() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  private static func writeSynced(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure(path) }
      offset += written
    }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  private static func failure(_ path: String) -> PublishingError {
    PublishingError(path: path, problem: String(cString: strerror(errno)))
  }
}
