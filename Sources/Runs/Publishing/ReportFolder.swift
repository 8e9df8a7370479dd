internal import Files
internal import Foundation

/// Where the reports of a day or a month are published: a symbolic link to a folder under `.published`
/// beside it, so that readers see all of the old ones or all of the new ones.
package struct ReportFolder: Sendable {
  /// Its path.
  package let path: String
  private let parent: String
  /// Its name in the output folder: the day, or the month.
  package let name: String

  /// Names a folder; nothing need be there.
  package init(_ path: String) {
    self.path = path
    (parent, name) = (Folders.parent(of: path), Folders.name(of: path))
  }

  /// What lies in an output folder, by name.
  static func names(in output: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []).sorted()
  }

  /// Lays files down for ``show(_:)``, out of readers' sight, for the owner's eyes only.
  ///
  /// - Parameter fill: writes the files into the folder whose path it is given.
  /// - Returns: the name of that folder.
  package func prepare(_ fill: (String) throws -> Void) throws -> String {
    let stamp = "\(name)-\(UInt64(Self.nanosecondsNow()))-\(getpid())"
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

  /// Shows what was laid down: the folder becomes a symbolic link to it, in one atomic step. What was
  /// shown before is then removed.
  package func show(_ stamp: String) throws {
    let previous = shown
    let link = parent + "/.link-\(getpid())-" + name
    unlink(link)
    guard symlink(".published/" + stamp, link) == 0, rename(link, path) == 0 else {
      let problem = PublishingError(FileProblem(path))
      unlink(link)
      throw problem
    }
    do throws(FileProblem) { try Folders.sync(parent) } catch { throw PublishingError(error) }
    if let previous, previous != stamp {
      try? FileManager.default.removeItem(atPath: parent + "/.published/" + previous)
    }
  }

  /// Takes away what was laid down and is not to be shown.
  func forget(_ stamp: String) {
    guard shown != stamp else { return }
    try? FileManager.default.removeItem(atPath: parent + "/.published/" + stamp)
  }

  /// What the folder shows now; nil when nothing is published there.
  package var shown: String? {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
      target.hasPrefix(".published/")
    else { return nil }
    return String(target.dropFirst(".published/".count))
  }

  /// Where what was laid down under a name lies.
  func path(of stamp: String) -> String { parent + "/.published/" + stamp }

  /// Whether files laid down under this name are still there.
  func isPrepared(_ stamp: String) -> Bool {
    FileManager.default.fileExists(atPath: path(of: stamp))
  }

  /// Removes what runs that died laid down and nobody shows; it names people.
  static func discard(except kept: Set<String>, in output: String) {
    let store = output + "/.published"
    for stamp in names(in: store) where !kept.contains(stamp) {
      let parts = stamp.split(separator: "-")
      guard parts.count > 2, let process = parts.last, isDead(process) else { continue }
      let name = parts.dropLast(2).joined(separator: "-")
      guard ReportFolder(output + "/" + name).shown != stamp else { continue }
      try? FileManager.default.removeItem(atPath: store + "/" + stamp)
    }
    for link in names(in: output) {
      let parts = link.split(separator: "-")
      guard link.hasPrefix(".link-"), parts.count > 1, isDead(parts[1]) else { continue }
      unlink(output + "/" + link)
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

  private static func nanosecondsNow() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }
}
