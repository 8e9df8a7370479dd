internal import Files
internal import Foundation
package import History
package import Payments
internal import Reports
internal import Statements

/// Holds what is published against what is recorded, and what is recorded against what the archive gives.
package struct DayVerification {
  private let run: NightRun
  private var store: HistoryStore { run.store }

  /// Prepares the verification of a history.
  package init(_ run: NightRun) { self.run = run }

  /// The published files of every day against the hashes recorded for them, and days that are published
  /// and not recorded.
  package func published(_ days: [BusinessDay]) throws -> [Discrepancy] {
    var found: [Discrepancy] = []
    let folders = Dictionary(
      try store.publications().map { ($0.day, $0.folder) }, uniquingKeysWith: { first, _ in first })
    for day in days {
      found += try published(day)
      let folder = run.folder(of: day)
      // A copy of the reports has no links.
      if let shown = folder.shown, let recorded = folders[day], shown != recorded {
        found.append(
          Discrepancy(
            folder.path, zh: "所示的报告目录“\(shown)”不是登记的“\(recorded)”。",
            en: "it shows the folder “\(shown)”; “\(recorded)” was recorded."))
      }
    }
    for day in run.publishedDays() where !days.contains(day) {
      found.append(
        Discrepancy(
          run.folder(of: day).path, zh: "已发布，但历史中没有这一天。",
          en: "is published, but the history does not know this day."))
    }
    return found
  }

  private func published(_ day: BusinessDay) throws -> [Discrepancy] {
    guard let reports = try? store.reports(of: day) else {
      return [
        Discrepancy(
          "\(day)", zh: "登记的报告清单不可读。", en: "the list of its reports cannot be read.")
      ]
    }
    return reports.sorted { $0.key < $1.key }.compactMap { name, recorded in
      let path = run.folder(of: day).path + "/" + name
      guard let bytes = FileManager.default.contents(atPath: path) else {
        return Discrepancy(path, zh: "已发布的文件不见了。", en: "the published file is gone.")
      }
      if sha256(Array(bytes)) == recorded { return nil }
      return Discrepancy(path, zh: "已发布的文件被改动。", en: "the published file was changed.")
    }
  }

  /// Days that are checked by hash and chain only: they were judged by rules of before.
  package func ofOtherRules(_ days: [BusinessDay]) throws -> [BusinessDay] {
    try days.filter { try run.asJudged($0) == nil }
  }

  /// A day judged again from its archived files and configuration, against what was published, in whichever
  /// language and masked or not.
  package func derived(_ day: BusinessDay) async throws -> [Discrepancy] {
    guard let run = try run.asJudged(day) else { return [] }
    let recorded = try store.reports(of: day)
    let night = try await run.judged(day)
    let index = try store.verifyIndex(
      of: day, entries: night.judged.intake.entries, isOwn: night.isOwn)
    var presented = run
    var different: [String]?
    for (language, unmask) in [(Language.zh, false), (.en, false), (.zh, true), (.en, true)] {
      (presented.reportOptions.language, presented.reportOptions.unmask) = (language, unmask)
      let names = try presented.papers(night.report, day).written().filter { file in
        recorded[file.name].map { $0 != file.sha256 } ?? false
      }.map(\.name)
      if names.isEmpty { return index }
      if names.count < different?.count ?? .max { different = names }
    }
    return index
      + (different ?? []).map { name in
        Discrepancy(
          "\(day) \(name)",
          zh: "从归档重新推算的结果与发布的不同：配置、程序版本或数据已变。",
          en:
            "derived anew from the archive it differs from what was published: the configuration, "
            + "the program or the data has changed.")
      }
  }
}
