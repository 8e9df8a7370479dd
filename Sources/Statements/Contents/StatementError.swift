public import Payments

/// Why reading cannot go on at all. Everything a file alone does wrong is a fault, not an error.
public enum StatementError: Error, Hashable, Sendable {
  /// The file cannot be opened or read; `problem` is the system's own word.
  case cannotRead(path: String, problem: String)
  /// A layout profile is not valid.
  case profile(name: String, problem: Wording)

  /// There are more statements than one run can hold.
  case tooManyStatements(Int, most: Int)

  /// What happened, where, and what to do next.
  public var wording: Wording {
    switch self {
    case .cannotRead(let path, let problem):
      Wording(
        zh: "无法读取 \(path)：\(problem)。请检查路径与权限后重试。",
        en: "cannot read \(path): \(problem). Check the path and its permissions, then run again.")
    case .tooManyStatements(let count, let most):
      Wording(
        zh: "共 \(count) 份账单，一次最多核对 \(most) 份。请分批核对。",
        en: "\(count) statements; one run takes \(most) at most. Check fewer at a time.")
    case .profile(let name, let problem):
      Wording(
        zh: "格式定义 \(name)：\(problem.zh)", en: "layout profile \(name): \(problem.en)")
    }
  }
}
