internal import Files
public import Payments

/// Why history cannot be used. Each says what happened, where, and what to do next.
public enum HistoryError: Error, Hashable, Sendable {
  /// Another run holds the lock.
  case locked(by: String)
  /// A folder or file of the history cannot be read or written.
  case unusable(path: String, problem: String)
  /// What is stored contradicts itself, and what to do about it.
  case damaged(path: String, problem: Wording, advice: Wording = restore)
  /// There is no history yet, or not here.
  case absent(path: String)
  /// A request that makes no sense: an unknown anomaly, a decision nobody may take.
  case refused(Wording)
  /// The same for several reasons, all of which are told.
  case refusals([Wording])

  /// What to do about damage that the program cannot mend.
  public static let restore = Wording(
    zh: "请先运行 cardrecon verify，并从备份恢复。",
    en: "Run cardrecon verify, and restore from a backup.")

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
    case .damaged(let path, let problem, let advice):
      Wording(
        zh: "\(path) 已损坏：\(problem.zh)\(advice.zh)",
        en: "\(path) is damaged: \(problem.en) \(advice.en)")
    case .absent(let path):
      Wording(
        zh: "\(path) 中没有对账历史：先运行 cardrecon run；如果历史在别处，请检查配置中的 state。",
        en: "there is no history in \(path): run cardrecon run first, or check `state` in the "
          + "configuration if the history is elsewhere.")
    case .refused(let wording): wording
    case .refusals(let reasons):
      Wording(
        zh: reasons.map(\.zh).joined(separator: "\n"),
        en: reasons.map(\.en).joined(separator: "\n"))
    }
  }
}

extension HistoryError {
  /// What the system would not do with a file makes the history unusable.
  init(_ problem: FileProblem) {
    self = .unusable(path: problem.path, problem: problem.problem)
  }
}

extension HistoryError {
  /// A value of the database that cannot be what was written there.
  static func spoiled(_ path: String, _ error: any Error) -> HistoryError {
    let what = String(describing: error).prefix(300)
    return .damaged(
      path: path,
      problem: Wording(
        zh: "有一个值不是写入时的样子（\(what)）。", en: "a value is not what was written there (\(what))."))
  }
}

/// Does something with files of the history.
///
/// - Throws: ``HistoryError/unusable(path:problem:)`` where the system would not.
func usable<Value>(
  _ body: () throws(FileProblem) -> Value
) throws(HistoryError) -> Value {
  do throws(FileProblem) {
    return try body()
  } catch {
    throw HistoryError(error)
  }
}
