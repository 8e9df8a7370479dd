internal import Foundation
public import Payments

/// What must hold of a decision before it is recorded, whether it comes from the command line or from a
/// worked sheet. The store asks them too, so that nothing gets past them.
public struct DecisionRules: Hashable, Sendable {
  /// Whether every decision needs a second person.
  public var needsReview: Bool

  /// The rules of a school.
  public init(needsReview: Bool = false) { self.needsReview = needsReview }

  /// What a problem is about; a command names its option, a sheet its column.
  public enum Field: Hashable, Sendable {
    case anomaly, outcome, who, reviewer, document, day, amount, note, assignee
  }

  /// Why a decision cannot be recorded.
  public struct Problem: Hashable, Sendable {
    /// What it is about.
    public var field: Field
    /// What was expected.
    public var wording: Wording

    fileprivate init(_ field: Field, zh: String, en: String) {
      (self.field, wording) = (field, Wording(zh: zh, en: en))
    }
  }

  /// Every reason why a decision cannot be recorded; none when it can.
  ///
  /// - Parameters:
  ///   - decision: as given; see ``Decision/tidied``.
  ///   - anomaly: what it is about, as it stands; nil when nothing has this id.
  public func problems(of decision: Decision, about anomaly: ReportedAnomaly?) -> [Problem] {
    var found = problems(alone: decision)
    if let day = decision.day, day > decision.time.day {
      found.append(Problem(.day, zh: "\(day) 还没有到。", en: "\(day) has not come yet."))
    }
    guard let anomaly else {
      let id = decision.anomaly
      found.append(
        Problem(
          .anomaly, zh: id.isEmpty ? "没有差错编号。" : "没有编号为 \(id) 的差错。",
          en: id.isEmpty ? "there is no id." : "no anomaly has the id \(id)."))
      return found
    }
    return found + problems(of: decision, at: anomaly)
  }

  /// What is wrong with a decision about a case as it stands.
  private func problems(of decision: Decision, at anomaly: ReportedAnomaly) -> [Problem] {
    if decision.outcome == .note { return [] }
    let isOpen = anomaly.status == .open || anomaly.status == .reopened
    if anomaly.status == .closed {
      return [
        Problem(
          .outcome, zh: "\(anomaly.id) 已由后来的记录了结，无需再登记；有话要说可只写 --note。",
          en:
            "later rows have closed \(anomaly.id): nothing is left to do; a note alone may be added."
        )
      ]
    }
    guard isOpen != (decision.outcome == .reopened) else {
      let done = anomaly.progress.last?.outcome.label ?? Wording(zh: "已处理", en: "resolved")
      return [
        isOpen
          ? Problem(
            .outcome, zh: "\(anomaly.id) 本来就未处理，不能重新打开。",
            en: "\(anomaly.id) is open; nothing to reopen.")
          : Problem(
            .outcome,
            zh: "\(anomaly.id) 已有处理结果（\(done.zh)），如需更改请先重新打开（--as reopened）。",
            en: "\(anomaly.id) is settled already (\(done.en)); reopen it first (--as reopened).")
      ]
    }
    var found: [Problem] = []
    if decision.outcome == .refunded, let day = decision.day, let paid = anomaly.time?.day,
      day < paid
    {
      found.append(
        Problem(
          .day, zh: "早于该差错本身的日期 \(paid)。", en: "it is before \(paid), the day of the case."))
    }
    return found + problems(ofPart: decision, at: anomaly)
  }

  /// What is wrong with how much of a case a decision is about.
  private func problems(ofPart decision: Decision, at anomaly: ReportedAnomaly) -> [Problem] {
    guard let part = decision.amountFen else { return [] }
    let left = anomaly.leftFen
    guard decision.outcome.movesMoney else {
      return [
        Problem(
          .amount, zh: "“\(decision.outcome.label.zh)”不涉及金额。",
          en: "“\(decision.outcome.label.en)” moves no money.")
      ]
    }
    guard part > 0, part <= left else {
      let yuan = "¥" + Money.yuan(Int128(left))
      return [
        Problem(
          .amount, zh: "应大于 0 且不超过尚未办理的 \(yuan)。",
          en: "expected more than 0 and at most the \(yuan) that are left.")
      ]
    }
    return []
  }

  /// Every reason why a decision about a night or a file cannot be recorded.
  public func problems(of decision: NightDecision) -> [Problem] {
    problems(decision.who, decision.reviewer, needsReview: needsReview)
  }

  /// What is wrong with a decision by itself.
  private func problems(alone decision: Decision) -> [Problem] {
    var found = problems(
      decision.who, decision.reviewer, needsReview: needsReview && decision.outcome.settles)
    if decision.outcome == .note, decision.note?.isBlank ?? true {
      found.append(Problem(.note, zh: "未填写说明。", en: "the note is missing."))
    }
    if decision.assignee != nil, decision.outcome != .inProgress {
      found.append(
        Problem(
          .assignee, zh: "只有“跟进中”才有跟进人。", en: "only a case in progress is somebody's."))
    }
    if decision.outcome.movesMoney, decision.document?.isBlank ?? true {
      found.append(
        Problem(.document, zh: "未填写凭证号。", en: "the number of the voucher is missing."))
    }
    return found
  }

  /// What is wrong with who decides and who checks.
  private func problems(
    _ who: String, _ reviewer: String?, needsReview: Bool
  ) -> [Problem] {
    var found: [Problem] = []
    if who.isBlank { found.append(Problem(.who, zh: "未填写处理人。", en: "say who did it.")) }
    if let reviewer, !reviewer.isBlank {
      if reviewer.person == who.person {
        found.append(
          Problem(.reviewer, zh: "复核人须与处理人不同。", en: "who checks must not be who did it."))
      }
    } else if needsReview {
      found.append(
        Problem(
          .reviewer, zh: "配置要求复核（review: true），未填写复核人。",
          en: "the configuration asks for a second person (review: true): name one."))
    }
    return found
  }
}

extension NightDecision {
  /// Without blanks around its texts; those that are nothing but blanks are absent.
  var tidied: NightDecision {
    var tidied = self
    tidied.who = who.trimmed
    tidied.reviewer = reviewer.flatMap { $0.isBlank ? nil : $0.trimmed }
    tidied.note = note.flatMap { $0.isBlank ? nil : $0.trimmed }
    return tidied
  }
}

extension Decision {
  /// Without blanks around its texts; those that are nothing but blanks are absent.
  public var tidied: Decision {
    func filled(_ text: String?) -> String? { text.flatMap { $0.isBlank ? nil : $0.trimmed } }
    var tidied = self
    tidied.who = who.trimmed
    tidied.reviewer = filled(reviewer)
    tidied.note = filled(note)
    tidied.document = filled(document)
    tidied.assignee = filled(assignee)
    return tidied
  }
}

extension Character {
  /// Whether it shows nothing: a space of any width, or a mark that takes no room.
  fileprivate var isInvisible: Bool {
    isWhitespace || unicodeScalars.allSatisfy(\.properties.isDefaultIgnorableCodePoint)
  }
}

extension String {
  /// Whether nothing in it can be seen.
  fileprivate var isBlank: Bool { allSatisfy(\.isInvisible) }

  /// Without what cannot be seen at either end.
  fileprivate var trimmed: String {
    let kept = drop(while: \.isInvisible)
    return kept.lastIndex { !$0.isInvisible }.map { String(kept[...$0]) } ?? ""
  }

  /// A name as names are compared: in one width and one case, without what cannot be seen. `ＬＩ ming` and
  /// `Li Ming` are one person.
  fileprivate var person: String {
    precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isInvisible }
  }
}
