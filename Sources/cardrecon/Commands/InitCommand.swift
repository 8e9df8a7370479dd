import ArgumentParser
import Foundation
import Payments
import Runs

/// `cardrecon init DIR`: folders, a commented configuration, lines for cron and systemd.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "新建目录、带注释的配置和定时任务示例。folders, a configuration, cron lines")

  @Argument(help: "目录。folder", completion: .directory)
  var folder: String

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func run() throws {
    do {
      let path = URL(fileURLWithPath: folder).standardizedFileURL.path
      let config = path + "/cardrecon.yaml"
      guard !FileManager.default.fileExists(atPath: config) else {
        throw PublishingError(
          path: config, problem: lang == .zh ? "已经存在，不覆盖" : "exists already; not overwritten")
      }
      for name in ["", "/incoming", "/reports", "/state", "/profiles"] {
        do {
          try FileManager.default.createDirectory(
            atPath: path + name, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        } catch {
          throw PublishingError(path: path + name, problem: error.localizedDescription)
        }
      }
      try publishFile(PackageResources.cardrecon_yaml, to: config)
      try Terminal.write(Array(schedule(config).utf8))
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }

  private func schedule(_ config: String) -> String {
    let heading =
      lang == .zh
      ? "已建立 \(config)。改好渠道、商户号和文件名后，加入定时任务（北京时间 10:30，微信、支付宝的账单 10 点前后才有）："
      : "made \(config). Name your channels, merchants and files in it, then schedule (10:30 in Beijing: "
        + "WeChat and Alipay make their bills by ten):"
    let clock = InitCommand.localTime(hour: 10, minute: 30)
    let zone = TimeZone.current.identifier
    let note =
      lang == .zh
      ? "# cron 按本机时钟（\(zone)）运行：北京时间 10:30 即此处的 \(clock.text)"
      : "# cron goes by this machine's clock (\(zone)): 10:30 in Beijing is \(clock.text) here"
    func quoted(_ path: String) -> String { path.contains(" ") ? "\"\(path)\"" : path }
    let run = "\(quoted(InitCommand.program)) run --config \(quoted(config)) --quiet"
    return """
      \(heading)

      # crontab -e
      \(note)
      \(clock.minute) \(clock.hour) * * *  \(run)

      # /etc/systemd/system/cardrecon.service
      [Service]
      Type=oneshot
      ExecStart=\(run)
      SuccessExitStatus=1 2

      # /etc/systemd/system/cardrecon.timer
      [Timer]
      OnCalendar=*-*-* 10:30:00 Asia/Shanghai
      Persistent=true
      [Install]
      WantedBy=timers.target

      """
  }

  /// The program's own path: cron knows few folders.
  private static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }

  /// What this machine's clock shows at a time of day in Beijing.
  private static func localTime(hour: Int, minute: Int) -> (hour: Int, minute: Int, text: String) {
    let zone = TimeZone(identifier: "Asia/Shanghai") ?? .current
    let shift = (TimeZone.current.secondsFromGMT() - zone.secondsFromGMT()) / 60
    let minutes = ((hour * 60 + minute + shift) % 1_440 + 1_440) % 1_440
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return (minutes / 60, minutes % 60, "\(two(minutes / 60)):\(two(minutes % 60))")
  }
}
