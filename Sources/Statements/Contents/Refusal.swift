internal import Files
internal import Payments

/// Why a file, or what is packed in it, is no statement that can be read.
struct Refusal: Error, Hashable {
  /// The fault of the statement.
  var fault: FaultKind
  /// What is wrong, and what to do.
  var reason: Wording
  /// The line it shows on.
  var line: Int?

  init(_ fault: FaultKind, _ reason: Wording, line: Int? = nil) {
    (self.fault, self.reason, self.line) = (fault, reason, line)
  }

  /// What was unpacked or rendered finds no room.
  init(noRoom problem: FileProblem) {
    self.init(
      .unreadable,
      Wording(
        zh: "解出的内容没有地方存放（\(problem.path)：\(problem.problem)）。请腾出空间，或用 TMPDIR 指定另一目录后重跑。",
        en:
          "there is no room for what it unpacks to (\(problem.path): \(problem.problem)). Make room, or name another "
          + "folder as TMPDIR, then run again."))
  }

  /// It cannot be read to its end.
  init(_ error: StatementError) { self.init(.unreadable, error.wording) }
}

extension BytesKeeper {
  /// What was added, as the contents of a file.
  func file(path: String) throws(Refusal) -> StatementFile {
    do throws(FileProblem) {
      return StatementFile(path: path, try finish())
    } catch {
      throw Refusal(noRoom: error)
    }
  }
}

extension StatementFile {
  /// All its bytes in memory.
  func wholeBytes() throws(Refusal) -> [UInt8] {
    do throws(StatementError) {
      return try read(at: 0, count: size)
    } catch {
      throw Refusal(error)
    }
  }
}
