import ArgumentParser
import Payments
import Reports
import Runs
import Statements

/// `cardrecon check FILE…`: no configuration, no history; what do these files say together?
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "核对给定的对账文件（无需配置）。reconcile the given files",
    discussion: """
      识别每个文件的格式，逐笔配对，列出差错。文件顺序不限，可一次给出多天。
      例：cardrecon check wechat.csv alipay.zip bank.csv ledger.csv
      """)

  @Argument(help: "渠道对账单与一卡通台账。statements and ledgers", completion: .file())
  var files: [String]

  @Option(help: "对账日 yyyy-MM-dd；默认从文件推断。the day the files are for")
  var day: String?

  @Option(help: "把差错明细写成 CSV 文件。also write the anomalies as CSV")
  var csv: String?

  @Option(help: "本校格式定义所在目录。folder of the school's own profiles")
  var profiles: String?

  @Option(
    help: "zip、xlsx 的密码文件（一行一个，权限 600）。file of the passwords of zip and xlsx files",
    completion: .file())
  var passwords: String?

  @Option(help: "提现后几个工作日到账（默认 1，节假日请写入配置）。working days until a payout arrives")
  var payoutDays = 1

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let day, BusinessDay(day) == nil {
      throw ValidationError("--day \(day): no such day; expected yyyy-MM-dd")
    }
    guard (0...10).contains(payoutDays) else {
      throw ValidationError("--payout-days \(payoutDays): expected 0 to 10")
    }
  }

  func run() async throws {
    var options = Intake.Options()
    options.threads = output.threads
    options.profileFolder = profiles
    if let day = day.flatMap(BusinessDay.init) { options.days = day...day }
    let bar = ProgressBar(output.lang == .zh ? "读取" : "reading")
    options.progress = { bar.update($0, $1) }
    do {
      if let passwords { options.passwords = try PasswordFile.read(passwords) }
      var rules = Rules()
      rules.settlement.calendar.days = payoutDays
      let judged = try await JudgedDay(
        paths: FileNames.split(files), options: options, rules: rules)
      let report = try judged.report()
      bar.finish()
      if let csv {
        let options = ReportOptions(language: output.lang, unmask: output.unmask)
        try publishFile(AnomaliesCSV.render(report, options: options), to: csv)
      }
      try output.show(report)
      throw ExitCodes.of(report.verdict)
    } catch {
      bar.finish()
      throw ExitCodes.failure(error, output.lang)
    }
  }
}
