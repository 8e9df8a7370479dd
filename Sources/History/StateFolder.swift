internal import Foundation
internal import Payments

/// Where a school's history lies: the archive of input files, the database, the serial index.
public struct StateFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// Uses the folder of a history that exists, for looking into it.
  public init(existing path: String) throws(HistoryError) {
    self.path = path
    guard access(database, F_OK) == 0 || errno != ENOENT else { throw .absent(path: path) }
  }

  /// Uses a folder, creating what is missing of it, for the owner's eyes only.
  public init(_ path: String) throws(HistoryError) {
    self.path = path
    for folder in [path, path + "/archive", path + "/index"] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      } catch {
        throw .unusable(path: folder, problem: Self.reason(error))
      }
    }
  }

  var database: String { path + "/history.sqlite" }
  var lock: String { path + "/lock" }

  /// Where the serial index of a run lies.
  func index(_ name: String) -> String { path + "/index/" + name }

  /// Where the archived file with this SHA-256 lies.
  public func archived(_ sha256: String) -> String {
    path + "/archive/" + sha256.prefix(2) + "/" + sha256
  }

  /// The system's own word for a failure of Foundation's.
  public static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? (error as NSError)).localizedDescription
  }
}

/// The lock a run holds: released by the kernel when the process ends, however it ends.
public struct RunLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock or says who holds it and since when.
  ///
  /// - Parameter holder: Who we are, for others to read.
  public init(_ folder: StateFolder, holder: String) throws(HistoryError) {
    let path = folder.lock
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      close(descriptor)
      throw .locked(by: holder.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let text = Array((holder + "\n").utf8)
    ftruncate(descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    self.descriptor = descriptor
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }
}
