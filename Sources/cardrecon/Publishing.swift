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
      try writeSynced(bytes, to: temporary)
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
    do {
      try manager.createDirectory(
        atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw PublishingError(path: target, problem: String(describing: error))
    }
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
