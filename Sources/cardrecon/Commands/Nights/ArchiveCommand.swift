import ArgumentParser
import Foundation
import History
import Payments
import Reports
import Runs

/// `cardrecon archive`: which files the history holds; gives them back under their names.
struct ArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "列出存档的文件，或按原名取回。list archived files, or give them back under their names",
    discussion: """
      例：cardrecon archive                                   列出每天的文件及其 SHA-256
      例：cardrecon archive --export 3fa8b2c1 --to /tmp/取回  取回一个文件
      例：cardrecon archive --date 2026-11-16 --to /tmp/取回  取回某天的全部文件
      """)

  @Option(help: "SHA-256 的前几位（至少 8 位）。the beginning of a file's SHA-256")
  var export: String?

  @Option(help: "哪一天 yyyy-MM-dd。the day whose files are given back")
  var date: String?

  @Option(help: "放到哪个文件夹，默认当前。the folder they are put into", completion: .directory)
  var to = "."

  @OptionGroup var history: HistoryOptions

  @Option(help: "语言 zh 或 en。language of the output")
  var lang: Language = .zh

  func validate() throws {
    guard export == nil || date == nil else { throw ValidationError("--export SHA, or --date D") }
    if let export, export.count < 8 {
      throw ValidationError("--export \(export): at least 8 digits")
    }
    if let date { _ = try RulingOptions.day(date) }
  }

  func run() throws {
    do {
      let (_, store) = try history.open()
      let archive = ArchiveExport(store)
      let day = try date.map(RulingOptions.day)
      guard export != nil || day != nil else { return try list(archive.files()) }
      let files = try export.map { try archive.files(sha256: $0) } ?? archive.files(of: day)
      guard !files.isEmpty else {
        let what = export ?? date ?? ""
        throw HistoryError.refused(
          Wording(
            zh: "存档中没有 \(what) 的文件。用 cardrecon archive 查看。",
            en: "the archive holds no file of \(what); `cardrecon archive` lists them."))
      }
      for path in try archive.write(files, to: to) { Terminal.complain(path) }
    } catch {
      throw ExitCodes.failure(error, lang)
    }
  }

  private func list(_ files: [ArchivedFile]) throws {
    let lines = files.map { file in
      let mark = file.isLeftOut ? (lang == .zh ? "  未采用" : "  not used") : ""
      return "\(file.day)  \(file.sha256.prefix(16))  \(PlainText.neutralised(file.name))\(mark)"
    }
    try Terminal.write(Array((lines + [""]).joined(separator: "\n").utf8))
  }
}
