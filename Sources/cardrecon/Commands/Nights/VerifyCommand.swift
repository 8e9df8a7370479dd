import ArgumentParser
import Foundation
import History
import Payments
import Reports
import Runs

/// `cardrecon verify`: is everything still as it was recorded?
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "核验历史：哈希链、归档文件、已发布报告，并从归档重新推算。is history as it was recorded",
    discussion: "默认重新推算每一天并逐字节比较；--quick 只核验哈希。")

  @Flag(help: "只核验哈希，不重新推算。hashes only")
  var quick = false

  @Option(help: "只重新推算这一天 yyyy-MM-dd。re-derive one day only")
  var date: String?

  @Option(help: "另存的链头哈希，核对它仍在链中。a head kept elsewhere: is it still in the chain")
  var head: String?

  @Option(
    help: "另存的公钥（PEM）：签名的日子须由它签名。a public key kept elsewhere: is it the one that signed",
    completion: .file())
  var key: String?

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let date, BusinessDay(date) == nil { throw ValidationError("--date \(date): yyyy-MM-dd") }
  }

  func run() async throws {
    do {
      let (configuration, store) = try history.open()
      let signer = try key.map { path throws(AnchorKeyError) in
        try AnchorKey.publicText(path: path)
      }
      let verification = DayVerification(output.nightRun(configuration, store))
      let reading = ProgressBar(output.lang == .zh ? "核验归档" : "archive")
      var found = try verification.hashes(signedBy: signer) { reading.update($0, $1) }
      reading.finish()
      if let head { found += try store.verifyHead(head) }
      let days = (try? store.days()) ?? []
      if !quick, found.isEmpty { found += try await derived(days, verification, store) }
      try Terminal.write(Array((told(found, days.count) + "\n").utf8))
      do {
        try tellMore(store, verification, days)
      } catch  where !found.isEmpty {
        // What is damaged is told above; what else there is to say may not be readable.
      }
      throw found.isEmpty ? ExitCode.success : ExitCode(1)
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  /// Days judged again from the archive, against what was published.
  private func derived(
    _ days: [BusinessDay], _ verification: DayVerification, _ store: HistoryStore
  ) async throws -> [Discrepancy] {
    var found: [Discrepancy] = []
    let bar = ProgressBar(output.lang == .zh ? "推算" : "deriving")
    let only = date.flatMap { BusinessDay($0) }
    let outdated = Set(try store.outdatedDays())
    for (index, day) in days.enumerated()
    where only.map({ $0 == day }) ?? true && !outdated.contains(day) {
      found += try await verification.derived(day)
      bar.update(index + 1, days.count)
    }
    bar.finish()
    return found + (try store.verifyMonthIndexes())
  }

  private func say(_ zh: String, _ en: String) -> String { output.lang == .zh ? zh : en }

  private func told(_ found: [Discrepancy], _ days: Int) -> String {
    var lines = found.map { PlainText.neutralised("\($0.subject)：\($0.problem(output.lang))") }
    lines.append(
      found.isEmpty
        ? say(
          "核验通过：\(days) 天，哈希链、归档、报告\(quick ? "" : "、重新推算")均一致。",
          "verified: \(days) days; chain, archive, reports\(quick ? "" : " and derivation") agree.")
        : say("共 \(found.count) 处不一致。", "\(found.count) discrepancies."))
    return lines.joined(separator: "\n")
  }

  /// What is no discrepancy: asides, the head, how much there is, and what waits for the next run.
  private func tellMore(
    _ store: HistoryStore, _ verification: DayVerification, _ days: [BusinessDay]
  ) throws {
    var lines = try asides(store, verification, days)
    if let head = try store.head() { lines.append(told(head)) }
    lines.append(told(try store.extent()))
    try Terminal.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    guard let first = try store.outdatedDays().first else { return }
    Terminal.complain(
      say(
        "cardrecon: 自 \(first) 起的报告尚未随最近的运行或决定更新（上次可能被中断），未重新推算；下次 cardrecon run 会完成",
        "cardrecon: reports from \(first) on are not yet told of the last run or decision (it may have been "
          + "cut short) and were not derived; the next `cardrecon run` finishes it"))
  }

  /// What is no discrepancy and must be known: what cannot be proven, who saw whose names, who decided what.
  private func asides(
    _ store: HistoryStore, _ verification: DayVerification, _ days: [BusinessDay]
  ) throws -> [String] {
    var lines: [String] = []
    func add(_ days: [BusinessDay], _ zh: String, _ en: String) {
      guard let first = days.first, let last = days.last else { return }
      lines.append(
        say(
          "其中 \(days.count) 天（\(first) — \(last)）" + zh,
          "\(days.count) of them (\(first) — \(last)) " + en))
    }
    if !quick {
      add(
        try verification.ofOtherRules(days),
        "由先前的规则或格式定义判定，只核验了哈希与链，未重新推算；重跑该日即按现行规则判定。",
        "were judged by earlier rules or layouts: hashes and chain were checked, nothing was derived; run a "
          + "day again to have it judged by the rules of now.")
    }
    let origins = try verification.origins(days)
    add(
      origins.withoutAnchor,
      "由先前的版本发布，没有锚定文件：它们的目录中多出或缺少锚定文件无从判断。",
      "were published by a program of before and have no anchor.")
    for (signer, days) in origins.signers.sorted(by: { $0.value[0] < $1.value[0] })
    where origins.signers.count > 1 || !signer.isEmpty || key != nil {
      add(
        days, signer.isEmpty ? "没有签名。" : "由密钥 \(signer) 签名。",
        signer.isEmpty ? "are not signed." : "are signed by the key \(signer).")
    }
    for (file, days) in origins.programs.sorted(by: { $0.value[0] < $1.value[0] }) {
      let isOurs = file == ProgramVersion.fingerprint
      add(
        days, "由程序文件 \(file)（SHA-256）判定\(isOurs ? "，即本程序" : "")。",
        "were judged by the program file \(file) (SHA-256)\(isOurs ? ", which is this one" : "").")
    }
    if try !store.recordsPages() {
      for name in try verification.unrecorded() {
        lines.append(
          say(
            "\(name) 发布时尚不登记，无法核验是否被改动；重新发布后即可核验。",
            "\(name) was published before such pages were recorded: whether it was changed cannot be told until "
              + "it is published again."))
      }
    }
    for unmasking in try store.unmaskings() {
      let (who, reason) = (unmasking.who, unmasking.reason)
      lines.append(
        PlainText.neutralised(
          say(
            "完整显示姓名账号：\(unmasking.time) \(who)，\(unmasking.command)，理由：\(reason)",
            "names shown in full: \(unmasking.time) by \(who), \(unmasking.command): \(reason)")))
    }
    for decision in try store.everyNightDecision() {
      let undone = decision.isUndone == true ? say("撤销：", "undone: ") : ""
      lines.append(undone + decision.sentence(output.lang))
    }
    return lines
  }

  private func told(_ head: ChainLink) -> String {
    head.sentence(output.lang)
      + say("；抄存别处，日后用 --head 核对。", "; keep it elsewhere and ask for it with --head.")
  }

  /// How much there is, for whoever must find room for it; nothing is deleted by itself.
  private func told(_ extent: HistoryExtent) -> String {
    func megabytes(_ bytes: Int) -> String {
      let tenths = (bytes + 99_999) / 100_000
      return "\(tenths / 10).\(tenths % 10) MB"
    }
    let days = extent.first.map { "\($0) — \(extent.last ?? $0)" }
    let period = days.map { output.lang == .zh ? "（\($0)）" : " (\($0))" } ?? ""
    let sizes = [extent.archiveBytes, extent.databaseBytes, extent.indexBytes].map(megabytes)
    return output.lang == .zh
      ? "历史：\(extent.nights) 晚\(period)，归档 \(extent.archivedFiles) 个文件 \(sizes[0])，"
        + "数据库 \(sizes[1])，流水号索引 \(sizes[2])；不会自动删除。"
      : "history: \(extent.nights) nights\(period), \(extent.archivedFiles) archived files "
        + "\(sizes[0]), database \(sizes[1]), index \(sizes[2]); nothing is deleted automatically."
  }
}
