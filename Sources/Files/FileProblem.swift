internal import Glibc

/// The system did not do what it was asked to do with a file.
public struct FileProblem: Error, Hashable, Sendable {
  /// The file or folder.
  public var path: String
  /// Why, in the system's own words.
  public var problem: String

  /// Describes a problem.
  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  /// What the last system call of this thread said (`errno`).
  public init(_ path: String) {
    self.init(path: path, problem: String(cString: strerror(errno)))
  }
}
