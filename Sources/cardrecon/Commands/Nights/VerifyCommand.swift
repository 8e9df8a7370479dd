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

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let date, BusinessDay(date) == nil { throw ValidationError("--date \(date): yyyy-MM-dd") }
  }

  func run() async throws {
    do {
      let (configuration, store) = try history.open()
      let reading = ProgressBar(output.lang == .zh ? "核验归档" : "archive")
      var found =
        try store.verifyChain() + store.verifyColumns()
        + store.verifyArchive { reading.update($0, $1) }
      reading.finish()
      if let head { found += try store.verifyHead(head) }
      let verification = DayVerification(output.nightRun(configuration, store))
      let days = try store.days()
      found += try verification.published(days)
      if !quick, found.isEmpty {
        let bar = ProgressBar(output.lang == .zh ? "推算" : "deriving")
        let only = date.flatMap { BusinessDay($0) }
        let outdated = Set(try store.outdatedDays())
        for (index, day) in days.enumerated()
        where only.map({ $0 == day }) ?? true && !outdated.contains(day) {
          found += try await verification.derived(day)
          bar.update(index + 1, days.count)
        }
        bar.finish()
        found += try store.verifyMonthIndexes()
      }
      try show(
        found, try store.extent(), try store.unmaskings(), try store.everyNightDecision(),
        quick ? [] : try verification.ofOtherRules(days), try store.head())
      if let first = try store.outdatedDays().first {
        Terminal.complain(
          output.lang == .zh
            ? "cardrecon: 自 \(first) 起的报告尚未随最近的运行或决定更新（上次可能被中断），未重新推算；下次 cardrecon run 会完成"
            : "cardrecon: reports from \(first) on are not yet told of the last run or decision (it may have been "
              + "cut short) and were not derived; the next `cardrecon run` finishes it")
      }
      throw found.isEmpty ? ExitCode.success : ExitCode(1)
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  private func show(
    _ found: [Discrepancy], _ extent: HistoryExtent, _ unmaskings: [Unmasking],
    _ decisions: [NightDecision], _ ofOtherRules: [BusinessDay],
    _ head: (number: Int64, hash: String)?
  ) throws {
    let isChinese = output.lang == .zh
    let days = extent.nights
    var lines = found.map { "\($0.subject)：\($0.problem(output.lang))" }
    if found.isEmpty {
      lines = [
        isChinese
          ? "核验通过：\(days) 天，哈希链、归档、报告\(quick ? "" : "、重新推算")均一致。"
          : "verified: \(days) days; chain, archive, reports\(quick ? "" : " and derivation") agree."
      ]
    } else {
      lines.append(isChinese ? "共 \(found.count) 处不一致。" : "\(found.count) discrepancies.")
    }
    if let first = ofOtherRules.first, let last = ofOtherRules.last {
      let count = ofOtherRules.count
      lines.append(
        isChinese
          ? "其中 \(count) 天（\(first) — \(last)）由先前的规则或格式定义判定，只核验了哈希与链，未重新推算；重跑该日即按现行规则判定。"
          : "\(count) of them (\(first) — \(last)) were judged by earlier rules or layouts: hashes and chain were "
            + "checked, nothing was derived; run a day again to have it judged by the rules of now."
      )
    }
    // Not a discrepancy, but what an auditor asks next: who has seen whose names.
    for unmasking in unmaskings {
      let (who, reason) = (unmasking.who, unmasking.reason)
      lines.append(
        PlainText.neutralised(
          isChinese
            ? "完整显示姓名账号：\(unmasking.time) \(who)，\(unmasking.command)，理由：\(reason)"
            : "names shown in full: \(unmasking.time) by \(who), \(unmasking.command): \(reason)"))
    }
    // And who said that a file is whole, wrong, or not to be waited for.
    for decision in decisions {
      let undone = decision.isUndone == true ? (isChinese ? "撤销：" : "undone: ") : ""
      lines.append(undone + decision.sentence(output.lang))
    }
    if let head {
      lines.append(
        isChinese
          ? "链头：第 \(head.number) 环 \(head.hash)；抄存别处，日后用 --head 核对。"
          : "head: link \(head.number) \(head.hash); keep it elsewhere and ask for it with --head.")
    }
    lines.append(told(extent))
    try Terminal.write(Array((lines.joined(separator: "\n") + "\n").utf8))
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
