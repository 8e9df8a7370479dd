import ArgumentParser
import Runs

/// The program: one subcommand per task, each in its own file.
@main
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
      WithdrawCommand.self, StatusCommand.self, ArchiveCommand.self,
    ])
}
