import Foundation
import Payments
import Reports
import Testing

/// Every label there is, with where it belongs.
private func everyLabel() -> [(String, Wording)] {
  var labels: [(String, Wording)] = []
  labels += AnomalyKind.allCases.map { ("kind \($0)", $0.label) }
  labels += FaultKind.allCases.map { ("fault \($0)", $0.label) }
  labels += Bucket.allCases.map { ("bucket \($0)", $0.label) }
  labels += ExclusionRule.allCases.map { ("rule \($0)", $0.label) }
  labels += Severity.allCases.map { ("severity \($0)", $0.label) }
  labels += OwedTo.allCases.map { ("owed \($0)", $0.label) }
  labels += Channel.known.map { ("channel \($0)", $0.label) }
  labels += Explanation.allCases.map { ("explanation \($0)", $0.label) }
  labels += Basis.allCases.map { ("basis \($0)", $0.label) }
  labels += Side.allCases.map { ("side \($0)", $0.label) }
  labels += ReportColumn.allCases.map { ("column \($0)", $0.label) }
  labels += PaperName.allCases.map { ("paper \($0)", $0.label) }
  labels += ClerkColumn.allCases.map { ("column to fill in \($0)", $0.label) }
  labels += PaperWord.allCases.map { ("word \($0)", $0.label) }
  labels += [Verdict.balanced, .unbalanced, .incomplete].map { ("verdict \($0)", $0.label) }
  labels += [AnomalyStatus.open, .resolved, .closed, .reopened].map { ("status \($0)", $0.label) }
  return labels
}

private func hasHan(_ text: String) -> Bool {
  text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
}

@Suite("Labels")
struct LabelTests {
  @Test("Every label is Chinese in Chinese and English in English")
  func everyLabelIsThere() {
    for (name, label) in everyLabel() {
      #expect(hasHan(label.zh), "\(name): \(label.zh)")
      #expect(!label.en.isEmpty && !hasHan(label.en), "\(name): \(label.en)")
    }
  }

  @Test("No two kinds, faults, buckets or columns of one table share a label")
  func labelsTellThingsApart() {
    for language in Language.allCases {
      #expect(
        Set(AnomalyKind.allCases.map { $0.label(language) }).count == AnomalyKind.allCases.count)
      #expect(
        Set(FaultKind.allCases.map { $0.label(language) }).count == FaultKind.allCases.count)
      #expect(Set(Bucket.allCases.map { $0.label(language) }).count == 6)
      #expect(
        Set(Channel.known.map { $0.label(language) }).count == Channel.known.count)
      let columns = AnomaliesCSV.columns.map { $0.label(language) }
      #expect(Set(columns).count == columns.count)
    }
  }

  @Test(
    "The words are those finance offices use",
    arguments: [
      (AnomalyKind.debitedNotCredited, "扣款成功未到账"), (.duplicateDebit, "重复扣款"),
      (.amountMismatch, "金额不符"), (.creditedNotDebited, "到账未扣款"),
      (.duplicateCredit, "重复入账"), (.wrongAccount, "充错账户"),
      (.refundNotReversed, "渠道已退款卡未扣减"), (.reversalNotRefunded, "卡已扣减渠道未退款"),
      (.refundAmountMismatch, "退款金额不符"), (.refundExceedsPayment, "超额退款"),
      (.orphanRefund, "退款无原单"), (.lateCredit, "延迟到账"), (.repeatedRow, "渠道重复记录"),
      (.suspectedDuplicateDebit, "疑似重复支付"), (.serialCollision, "流水号重号"),
      (.keyConflict, "渠道号不符"), (.ambiguousMatch, "多候选无法配对"),
      (.timeImpossible, "时间异常"), (.limitExceeded, "超限额"), (.manualEntry, "手工补录"),
      (.unexplained, "无法解释"),
    ])
  func kindsHaveTheirWords(kind: AnomalyKind, word: String) {
    #expect(kind.label.zh == word)
  }

  @Test("Faults and buckets have their words too")
  func faultsAndBucketsHaveTheirWords() {
    #expect(
      FaultKind.allCases.map(\.label.zh) == [
        "文件缺失", "文件截断", "汇总与明细不符", "重复文件", "同日多版本", "账期不符", "商户号/账号不符", "表头变更",
        "编码异常", "被表格软件改写", "期初≠上期期末", "余额链断裂", "行无法解析", "未知状态", "疑似提前结束", "疑似开始过晚",
        "疑似空账单", "无法识别的文件",
      ])
    #expect(
      Bucket.allCases.map(\.label.zh) == ["平账", "容差平账", "在途/存疑", "差错", "排除", "无法解析"])
  }

  @Test("A source is named by its channel, the ledger by its own name, others by their word")
  func sourcesAreNamed() {
    #expect(Labels.source("wechat").zh == "微信支付")
    #expect(Labels.source("ledger").en == "ledger")
    #expect(Labels.source("校医院\u{1B}[2J").zh == "校医院␛[2J")
  }

  @Test("The two words of opposite meanings are nowhere in the sources")
  func ambiguousWordsAreNotUsed() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports").standardizedFileURL.resolvingSymlinksInPath()
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path())
      .filter { $0.hasSuffix(".swift") }.map { sources.appending(path: $0) }
    #expect(files.count > 10)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(!text.contains("\u{957F}款") && !text.contains("\u{77ED}款"), "\(file.path())")
    }
  }
}
