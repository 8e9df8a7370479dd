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
      ? "已建立 \(config)。改好渠道、商户号和文件名后，加入定时任务："
      : "made \(config). Name your channels, merchants and files in it, then schedule:"
    return """
      \(heading)

      # crontab -e
      15 6 * * *  cardrecon run --config \(config)

      # /etc/systemd/system/cardrecon.service
      [Service]
      Type=oneshot
      ExecStart=cardrecon run --config \(config)
      SuccessExitStatus=1 2

      # /etc/systemd/system/cardrecon.timer
      [Timer]
      OnCalendar=*-*-* 06:15:00 Asia/Shanghai
      Persistent=true
      [Install]
      WantedBy=timers.target

      """
  }
}
