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

  /// Lays files down for ``show(_:as:)``, out of readers' sight.
  ///
  /// They lie in a folder of their own under `.published` beside `folder`.
  ///
  /// - Parameter fill: writes the files into the folder whose path it is given.
  /// - Returns: the name of that folder.
  static func prepare(for folder: String, _ fill: (String) throws -> Void) throws -> String {
    let (parent, name) = split(folder)
    let stamp = "\(name)-\(UInt64(nanosecondsNow()))-\(getpid())"
    let target = parent + "/.published/" + stamp
    try makeFolders(target)
    do {
      try fill(target)
      try sync(target)
      try sync(parent + "/.published")
    } catch {
      try? FileManager.default.removeItem(atPath: target)
      throw error
    }
    return stamp
  }

  /// Shows what was laid down: `folder` becomes a symbolic link to it, in one atomic step. What was
  /// shown before is then removed.
  static func show(_ stamp: String, as folder: String) throws {
    let (parent, name) = split(folder)
    let previous = shown(folder)
    let link = parent + "/.link-\(getpid())-" + name
    unlink(link)
    guard symlink(".published/" + stamp, link) == 0, rename(link, folder) == 0 else {
      let problem = failure(folder)
      unlink(link)
      throw problem
    }
    try sync(parent)
    if let previous, previous != stamp {
      try? FileManager.default.removeItem(atPath: parent + "/.published/" + previous)
    }
  }

  /// What a published folder shows now; nil when nothing is published there.
  static func shown(_ folder: String) -> String? {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder),
      target.hasPrefix(".published/")
    else { return nil }
    return String(target.dropFirst(".published/".count))
  }

  /// Whether files laid down under this name are still there.
  static func isPrepared(_ stamp: String, for folder: String) -> Bool {
    FileManager.default.fileExists(atPath: split(folder).parent + "/.published/" + stamp)
  }

  /// Removes what runs that died laid down and nobody shows; it names people.
  static func discard(except kept: Set<String>, in parent: String) {
    let manager = FileManager.default
    let store = parent + "/.published"
    for stamp in (try? manager.contentsOfDirectory(atPath: store)) ?? [] where !kept.contains(stamp)
    {
      let parts = stamp.split(separator: "-")
      guard parts.count > 2, let process = parts.last, isDead(process) else { continue }
      let name = parts.dropLast(2).joined(separator: "-")
      guard shown(parent + "/" + name) != stamp else { continue }
      try? manager.removeItem(atPath: store + "/" + stamp)
    }
    for link in (try? manager.contentsOfDirectory(atPath: parent)) ?? [] {
      let parts = link.split(separator: "-")
      guard link.hasPrefix(".link-"), parts.count > 1, isDead(parts[1]) else { continue }
      unlink(parent + "/" + link)
    }
  }

  /// Whether no process of this number runs. One that ended and whose parent has not asked about it
  /// yet (`Z` in `/proc/<number>/stat`, see proc(5)) is dead as well.
  private static func isDead(_ process: Substring) -> Bool {
    guard let id = pid_t(process), id > 0 else { return false }
    if kill(id, 0) != 0 { return errno == ESRCH }
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let name = text.lastIndex(of: ")")
    else { return false }
    return text[name...].dropFirst(2).hasPrefix("Z")
  }

  private static func split(_ folder: String) -> (parent: String, name: String) {
    let url = URL(fileURLWithPath: folder)
    return (url.deletingLastPathComponent().path, url.lastPathComponent)
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
    let file = try SyncedFile(path)
    try file.append(bytes)
    try file.finish()
  }

  private static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  fileprivate static func failure(_ path: String) -> PublishingError {
    PublishingError(path: path, problem: String(cString: strerror(errno)))
  }
}

/// A new file that is on the disk when it is finished.
final class SyncedFile: Sendable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Publishing.failure(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds the bytes that follow.
  func append(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Publishing.failure(path) }
      offset += written
    }
  }

  /// Waits for the disk.
  func finish() throws {
    guard fsync(descriptor) == 0 else { throw Publishing.failure(path) }
  }
}
