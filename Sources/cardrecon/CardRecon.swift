import ArgumentParser
import Foundation
import Runs

/// The program's beginning: what was asked for must be readable, and something must be asked for. Zero means
/// that what was asked for is done and well.
@main
enum Program {
  static func main() async {
    // The standard library reads them from /proc and gives none where it cannot.
    guard let name = CommandLine.arguments.first, !name.isEmpty else {
      Terminal.mention(
        "cardrecon: 读不到命令行参数（/proc/self/cmdline 不可读）\n"
          + "cardrecon: cannot read its own arguments: /proc/self/cmdline is not readable\n")
      exit(71)
    }
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard !arguments.isEmpty else {
      Terminal.mention(CardRecon.helpMessage() + "\n")
      exit(64)
    }
    let isCheck = arguments[0] == CheckCommand.configuration.commandName
    await CardRecon.main(isCheck ? FileNames.joined(arguments) : arguments)
  }
}

/// One subcommand per task, each in its own file.
struct CardRecon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cardrecon",
    abstract: "校园卡充值对账：渠道收款与一卡通入账逐笔核对，精确到分。",
    discussion: """
      Reconciles what payment channels took with what the card system credited, to the fen.

      退出码 / exit codes: 0 已平账 balanced · 1 有差错需处理 anomalies · \
      2 账期不完整 incomplete · 64+ 用法、配置或读写错误 usage, configuration, I/O
      """,
    version: ProgramVersion.number,
    subcommands: [
      CheckCommand.self, RunCommand.self, ReportCommand.self, TraceCommand.self,
      AnomaliesCommand.self, ResolveCommand.self, DecisionsCommand.self, VerifyCommand.self,
      InspectCommand.self,
      FormatsCommand.self, InitCommand.self, AcceptCommand.self, RefuseCommand.self,
      WithdrawCommand.self, StatusCommand.self, ArchiveCommand.self, KeyCommand.self,
    ])
}
