internal import Glibc

/// A file of passwords, one a line: banks send zip files that need one, and a command line is seen by everybody.
public enum PasswordFile {
  /// Reads the passwords, in order; empty lines are none.
  ///
  /// - Throws: ``StatementError`` when the file cannot be read, is longer than 64 KiB, or others may read it too.
  public static func read(_ path: String) throws(StatementError) -> [String] {
    let file = try StatementFile(path: path)
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o077 == 0 else {
      throw .cannotRead(
        path: path, problem: "others may read the passwords: chmod 600 / 密码文件他人可读：请 chmod 600")
    }
    guard file.size <= 65_536 else {
      throw .cannotRead(path: path, problem: "longer than 64 KiB / 超过 64 KiB")
    }
    return String(decoding: try file.read(at: 0, count: file.size), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
  }
}
