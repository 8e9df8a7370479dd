public import Payments

/// Why history cannot be used. Each says what happened, where, and what to do next.
public enum HistoryError: Error, Hashable, Sendable {
  /// Another run holds the lock.
  case locked(by: String)
  /// A folder or file of the history cannot be read or written.
  case unusable(path: String, problem: String)
  /// What is stored contradicts itself.
  case damaged(path: String, problem: Wording)
  /// A request that makes no sense: an unknown anomaly, a decision nobody may take.
  case refused(Wording)

  /// The error in words.
  public var wording: Wording {
    switch self {
    case .locked(let holder):
      Wording(
        zh: "另一个对账任务正在运行（\(holder)），本次未做任何事。等它结束后再运行。",
        en: "another run is at work (\(holder)); nothing was done. Run again when it has ended.")
    case .unusable(let path, let problem):
      Wording(
        zh: "无法使用 \(path)：\(problem)。请检查磁盘、权限与路径；已发布的结果未被改动。",
        en: "cannot use \(path): \(problem). Check disk, permissions and path; what was published "
          + "stands.")
    case .damaged(let path, let problem):
      Wording(
        zh: "\(path) 已损坏：\(problem.zh) 请先运行 cardrecon verify，并从备份恢复。",
        en: "\(path) is damaged: \(problem.en) Run cardrecon verify, and restore from a backup.")
    case .refused(let wording): wording
    }
  }
}
