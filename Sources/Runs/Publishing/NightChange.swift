internal import History
package import Payments
internal import Reports

/// What became of a night that was judged again, or late.
package struct NightChange: Hashable, Sendable {
  /// The day.
  package let day: BusinessDay
  /// Its verdict before; nil when it had not been run.
  package let before: Verdict?
  /// Its verdict now.
  package let after: Verdict?
  /// Whether it is withdrawn now.
  package let isWithdrawn: Bool
  /// Names of files that were not there before.
  package let files: [String]
  /// Whether rules, configuration or program are others than before.
  package let isByRules: Bool
  /// Cases it names now and did not name before, and the other way round.
  package let (found, gone): (Int, Int)

  init(_ day: BusinessDay, from before: NightBasis?, to after: NightBasis?) {
    self.day = day
    (self.before, self.after) = (before?.verdict, after?.verdict)
    isWithdrawn = after?.isWithdrawn ?? false
    let known = Set(before?.inputs ?? [])
    files = (after?.inputs ?? []).filter { !known.contains($0) }
      .map { String($0.dropFirst(65)) }.sorted()
    isByRules =
      before.map { before in
        before.ruleBook != after?.ruleBook || before.configuration != after?.configuration
          || before.profiles != after?.profiles || before.program != after?.program
      } ?? false
    let (old, new) = (before?.findings ?? [], after?.findings ?? [])
    (found, gone) = (new.subtracting(old).count, old.subtracting(new).count)
  }

  /// Whether files, rules, cases or the verdict are others than before: a rerun for its own sake is no news.
  var isTold: Bool {
    isWithdrawn || !files.isEmpty || isByRules || before != after || found > 0 || gone > 0
  }

  /// Whether the day had been run before.
  package var isRerun: Bool { before != nil }
}

extension NightChange {
  /// What changed in a night that was judged late or again: by which files, by rules, to which end.
  package func sentence(_ language: Language) -> String {
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
