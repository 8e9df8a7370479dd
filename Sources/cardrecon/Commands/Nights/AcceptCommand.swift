import ArgumentParser
import Runs

/// `cardrecon accept`: a person says that a doubted file is whole, or that there is none to wait for.
struct AcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "认可存疑的文件，或认可某账册当日没有账单。a doubted file is whole, or a day has no file",
    discussion: """
      认可后，相关日子立即重新判定并发布：此前等待的记录按其真实账龄成为差错。记入审计链，写明何人、为何。
      例：cardrecon accept card-ledger_2026-11-17.csv --by 王会计 --note "系统自 17:59 起停机"
      例：cardrecon accept --missing wechat/1609354271/both --date 2026-11-16 --by 王会计 --note 当日无交易
      """)

  @Argument(help: "文件名，或其 SHA-256 的前几位。a file by its name or SHA-256")
  var file: String?

  @Option(help: "没有账单的账册，如 wechat/1609354271/both。a book without a file that day")
  var missing: String?

  @Option(help: "哪一天 yyyy-MM-dd。the day")
  var date: String?

  @Flag(help: "撤销先前的认可。take an earlier acceptance back")
  var undo = false

  @OptionGroup var options: RulingOptions

  func validate() throws {
    guard (file == nil) != (missing == nil) else {
      throw ValidationError("FILE, or --missing BOOK --date D")
    }
    if missing != nil, date == nil { throw ValidationError("--missing BOOK: say --date D") }
    if let date { _ = try RulingOptions.day(date) }
  }

  func run() async throws {
    let day = try date.map(RulingOptions.day)
    try await options.carryOut { ruling in
      if let missing, let day {
        return try await ruling.acceptMissing(missing, on: day, isUndone: undo)
      }
      return try await ruling.accept(file ?? "", on: day, isUndone: undo)
    }
  }
}
