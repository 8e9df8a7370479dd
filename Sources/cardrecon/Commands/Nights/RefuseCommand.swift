import ArgumentParser
import Runs

/// `cardrecon refuse`: a wrong file is kept out of every night.
struct RefuseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refuse",
    abstract: "拒用一个文件：它不再参与任何一天的对账。keep a wrong file out",
    discussion: """
      文件仍在存档中，原样保存；用到它的日子立即重新判定并发布。记入审计链。
      例：cardrecon refuse 3fa8b2c1 --by 王会计 --note 误导出了测试商户
      """)

  @Argument(help: "文件名，或其 SHA-256 的前几位（至少 8 位）。a file by its name or SHA-256")
  var file: String

  @Option(help: "哪一天的文件 yyyy-MM-dd。the day it was delivered for")
  var date: String?

  @Flag(help: "撤销先前的拒用。take an earlier refusal back")
  var undo = false

  @OptionGroup var options: RulingOptions

  func validate() throws {
    if let date { _ = try RulingOptions.day(date) }
  }

  func run() async throws {
    let day = try date.map(RulingOptions.day)
    try await options.carryOut { try await $0.refuse(file, on: day, isUndone: undo) }
  }
}
