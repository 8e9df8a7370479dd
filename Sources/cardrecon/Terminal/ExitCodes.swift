import ArgumentParser
import History
import Payments
import Runs
import Statements

/// The one place where results and errors become exit codes.
enum ExitCodes {
  /// 0 balanced, 1 a person is needed, 2 incomplete.
  static func of(_ verdict: Verdict) -> ExitCode {
    switch verdict {
    case .balanced: .success
    case .unbalanced: ExitCode(1)
    case .incomplete: ExitCode(2)
    }
  }

  /// Says what happened on standard error and gives the exit code (sysexits).
  static func failure(_ error: any Error, _ language: Language) -> any Error {
    switch error {
    case let error as StatementError:
      Terminal.complain("cardrecon: " + error.wording(language))
      if case .profile = error { return ExitCode(78) }
      return ExitCode(66)
    case let error as HistoryError:
      let reasons = if case .refusals(let all) = error { all } else { [error.wording] }
      for reason in reasons { Terminal.complain("cardrecon: " + reason(language)) }
      switch error {
      case .locked: return ExitCode(75)
      case .unusable: return ExitCode(73)
      case .damaged: return ExitCode(65)
      case .absent: return ExitCode(66)
      case .refused, .refusals: return ExitCode(64)
      }
    case let error as WorkedSheetError:
      for problem in error.problems { Terminal.complain("cardrecon: " + problem(language)) }
      Terminal.complain(
        language == .zh
          ? "cardrecon: 以上 \(error.problems.count) 处有误，一行也没有登记。改正后重新导入。"
          : "cardrecon: \(error.problems.count) to correct; nothing was recorded. Import it again.")
      return ExitCode(64)
    case let error as ConfigurationError:
      Terminal.complain("cardrecon: " + error.wording(language))
      return ExitCode(78)
    case let error as PublishingError:
      Terminal.complain("cardrecon: " + error.wording(language))
      return ExitCode(73)
    case let error as AnchorKeyError:
      Terminal.complain("cardrecon: " + error.wording(language))
      if case .exists = error { return ExitCode(73) }
      return ExitCode(66)
    case is ExitCode, is ValidationError, is CleanExit:
      return error
    default:
      // Our own fault; never 1, which says that the day does not balance.
      Terminal.complain("cardrecon: \(error)")
      return ExitCode(70)
    }
  }
}
