public import Payments

extension DayReport {
  /// A fault and the statement it is of.
  typealias Trouble = (fault: StatementFault, reported: ReportedStatement)

  /// What is wrong with statements, as somebody works it: first which file to get, then which to get again,
  /// then what is doubted, then what is only to be known.
  var troubles: [Trouble] {
    let all = statements.flatMap { reported in
      reported.statement.faults.map { (fault: $0, reported: reported) }
    }
    // Within a rank the order of statements stays.
    return (0...3).flatMap { rank in all.filter { $0.fault.rank == rank } }
  }
}

extension StatementFault {
  fileprivate var rank: Int {
    if kind == .statementMissing { return 0 }
    if holds || voidsCoverage { return 1 }
    return kind.isDoubt ? 2 : 3
  }
}

extension ReportedPending {
  /// What it waits for: the ledger or the channel, and which book of it where there are several.
  func waitsFor(_ language: Language) -> String {
    let side = (waitsForLedger ? Side.ledger : Side.channel).label(language)
    guard let want = waitsFor else { return side }
    guard let book = want.book else {
      return language == .zh ? "账户、换卡清单" : "lists of accounts"
    }
    return book.owner.isEmpty ? side : side + " " + PlainText.neutralised(book.owner)
  }
}

extension Book {
  /// What people call it: `微信支付 1609354271（退款）`, `台账 north`.
  public func label(_ language: Language) -> String {
    let name = side == .ledger ? Side.ledger.label(language) : channel.label(language)
    let owned = owner.isEmpty ? name : name + " " + PlainText.neutralised(owner)
    switch content {
    case .payments: return owned + (language == .zh ? "（付款）" : " (payments)")
    case .refunds: return owned + (language == .zh ? "（退款）" : " (refunds)")
    default: return owned
    }
  }
}

extension OpenNight {
  /// Which of a day is not whole: `2026-11-16 仍不完整：微信支付 缺失`.
  public func sentence(_ language: Language) -> String {
    let isChinese = language == .zh
    if isWithdrawn {
      return isChinese
        ? "\(day) 已撤回，尚无结论；重新对账：cardrecon run --date \(day)"
        : "\(day) is withdrawn and has no result: cardrecon run --date \(day)"
    }
    let parts = books.map { night in
      let fault = night.fault?.label(language) ?? night.state.label(language)
      let files = PlainText.neutralised(night.files.joined(separator: isChinese ? "、" : ", "))
      guard let doubt = night.doubt, doubt.count == 2 else {
        return [night.book.label(language), fault, files].filter { !$0.isEmpty }
          .joined(separator: " ")
      }
      return "\(night.book.label(language)) \(fault) \(files)"
        + (isChinese ? "（" : " (") + PlainText.neutralised(doubt[isChinese ? 0 : 1])
        + (isChinese
          ? "确认完整：cardrecon accept \(files) --by 何人）"
          : " If it is whole: cardrecon accept \(files) --by WHO)")
    }
    let what = parts.joined(separator: isChinese ? "、" : ", ")
    return isChinese
      ? "\(day) 仍不完整" + (parts.isEmpty ? "" : "：\(what)")
      : "\(day) is still not whole" + (parts.isEmpty ? "" : ": \(what)")
  }
}

extension NightDecision {
  /// Who decided what: `采用 ledger.csv：王会计，复核 李，2026-11-18 09:00:00。查过系统`.
  public func sentence(_ language: Language) -> String {
    let isChinese = language == .zh
    var parts = [who]
    if let reviewer { parts.append((isChinese ? "复核 " : "checked by ") + reviewer) }
    parts.append(time.description)
    if act == .withdraw, let manifest {
      parts.append((isChinese ? "原报告清单 SHA-256 " : "SHA-256 of the manifest withdrawn ") + manifest)
    }
    let head = act.label(language) + (isChinese ? " " : ": ") + subject
    let text =
      head + (isChinese ? "：" : " — ") + parts.joined(separator: isChinese ? "，" : ", ")
      + (note.map { (isChinese ? "。" : ". ") + $0 } ?? "")
    return PlainText.neutralised(text)
  }
}

extension DayReport {
  /// What stands beside the verdict: nights that were missed, days that are not whole yet, and what people
  /// decided that the report leans on.
  func standing(_ language: Language) -> [String] {
    let phrases = Phrases(language: language)
    let named = openNights.suffix(DayReport.openNightLimit).map { $0.sentence(language) }
    let more = openNights.count - named.count
    let rest =
      more == 0
      ? [] : [language == .zh ? "此前另有 \(more) 天不完整" : "\(more) days before are not whole either"]
    return [phrases.missed(missedNights), waiting(language)].compactMap(\.self) + rest + named
      + decisions.map { $0.sentence(language) } + changes(language)
  }

  /// Since when the oldest row of a day before waits.
  private func waiting(_ language: Language) -> String? {
    guard let first = days?.lowerBound else { return nil }
    let before = pending.filter { $0.time.day < first.adding(-1) }
    guard let oldest = before.map(\.time.day).min() else { return nil }
    return language == .zh
      ? "在途中有 \(before.count) 笔自此前各日起等待，最早为 \(oldest)"
      : "\(before.count) of the pending rows wait since days before, the oldest since \(oldest)"
  }

  /// What the configuration says otherwise than the night before.
  private func changes(_ language: Language) -> [String] {
    configurationChanges.map { change in
      let absent = language == .zh ? "（无）" : "(none)"
      let text = "\(change.key): \(change.before ?? absent) → \(change.after ?? absent)"
      return (language == .zh ? "配置有变：" : "the configuration has changed: ")
        + PlainText.neutralised(text)
    }
  }

  /// Days that are not whole, named one by one at most.
  private static let openNightLimit = 14
}
