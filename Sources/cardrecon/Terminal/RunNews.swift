import Payments
import Reports
import Runs

extension NightsResult {
  /// What a run did besides the day it was asked for, a line each.
  func news(_ language: Language) -> [String] {
    changes.map { $0.sentence(language) }
      + fromArchive.map { day, files in
        let names = files.joined(separator: language == .zh ? "、" : ", ")
        return language == .zh
          ? "\(day)：incoming 中已没有 \(names)，取自存档"
          : "\(day): \(names) no longer in the folder, taken from the archive"
      }
      + leftOut.map { day, files in
        let names = files.joined(separator: language == .zh ? "、" : ", ")
        return language == .zh
          ? "\(day)：\(names) 已被拒用，未采用" : "\(day): \(names) was refused and is left out"
      }
  }
}

extension NightChange {
  /// What changed in a night that was judged late or again: by which files, by rules, to which end.
  fileprivate func sentence(_ language: Language) -> String {
    let isChinese = language == .zh
    if isWithdrawn {
      return isChinese ? "\(day) 的报告已撤回" : "the report of \(day) is withdrawn"
    }
    var parts: [String] = []
    if !files.isEmpty {
      let names = files.joined(separator: isChinese ? "、" : ", ")
      parts.append((isChinese ? "新到 " : "new: ") + names)
    }
    if isByRules {
      parts.append(isChinese ? "规则、配置或程序已变" : "rules, configuration or program have changed")
    }
    if files.isEmpty, !isByRules {
      parts.append(isChinese ? "此前的日子或决定有变" : "a day or a decision before it has changed")
    }
    let verdicts = [before, after].compactMap { $0?.label(language) }
    parts.append(Set(verdicts).count == 1 ? verdicts[0] : verdicts.joined(separator: " → "))
    if found > 0 { parts.append(isChinese ? "新增差错 \(found)" : "\(found) more cases") }
    if gone > 0 { parts.append(isChinese ? "消失差错 \(gone)" : "\(gone) cases gone") }
    let head = isRerun ? (isChinese ? "重新对账" : "judged again") : (isChinese ? "补对" : "made up for")
    return isChinese
      ? "\(day) \(head)：" + parts.joined(separator: "；")
      : "\(day) \(head): " + parts.joined(separator: "; ")
  }
}
