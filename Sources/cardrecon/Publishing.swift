import Files
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
    do throws(FileProblem) {
      let file = try DurableFile(path + ".partial-\(getpid())", isTemporary: true)
      try file.append(bytes)
      try file.finish(as: path)
    } catch {
      throw PublishingError(path: path, problem: error.problem)
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
    do {
      try Folders.make(target)
      try fill(target)
      try Folders.sync(target)
      try Folders.sync(parent + "/.published")
    } catch {
      try? FileManager.default.removeItem(atPath: target)
      throw (error as? FileProblem).map { PublishingError($0) } ?? error
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
    do throws(FileProblem) { try Folders.sync(parent) } catch { throw PublishingError(error) }
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

  private static func nanosecondsNow() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  fileprivate static func failure(_ path: String) -> PublishingError {
    PublishingError(FileProblem(path))
  }
}

extension PublishingError {
  /// What the system would not do with a file.
  init(_ problem: FileProblem) { self.init(path: problem.path, problem: problem.problem) }
}
