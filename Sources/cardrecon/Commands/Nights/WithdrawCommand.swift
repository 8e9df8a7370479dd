import ArgumentParser
import Runs

/// `cardrecon withdraw`: what was published of a day is taken back.
struct WithdrawCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "撤回某一天已发布的报告。take back what was published of a day",
    discussion: """
      该日改为一页说明：何人、为何、原报告清单的 SHA-256；其后各日重新判定并发布。历史与存档原样保留。
      要重新对这一天的账：cardrecon run --date D
      例：cardrecon withdraw --date 2062-11-02 --by 王会计 --note 日期输错
      """)

  @Option(help: "哪一天 yyyy-MM-dd。the day")
  var date: String

  @OptionGroup var options: RulingOptions

  func validate() throws { _ = try RulingOptions.day(date) }

  func run() async throws {
    let day = try RulingOptions.day(date)
    try await options.carryOut { try await $0.withdraw(day) }
  }
}
