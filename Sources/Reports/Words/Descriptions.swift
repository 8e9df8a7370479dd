public import Payments

extension ReportedAnomaly {
  /// What happened and who owes whom, as one sentence without a full stop.
  ///
  /// It tells the fact on both sides with amount and time, for example
  /// 渠道已扣款 ¥50.00（2026-11-02 10:00:05），一卡通未入账；应付师生 ¥50.00.
  public func description(in language: Language) -> String {
    let facts = Facts(of: self, language: language)
    switch language {
    case .zh: return facts.chinese() + facts.owedChinese()
    case .en: return facts.english() + facts.owedEnglish()
    }
  }
}

/// An anomaly's numbers as words, ready for a sentence.
struct Facts {
  let anomaly: ReportedAnomaly
  let phrases: Phrases

  init(of anomaly: ReportedAnomaly, language: Language) {
    self.anomaly = anomaly
    phrases = Phrases(language: language)
  }

  /// The amount concerned.
  var amount: String { phrases.yuan(anomaly.amountFen) }

  /// What is left of it to do.
  var left: String { phrases.yuan(anomaly.leftFen) }

  /// What the channel took; the amount concerned when not known.
  var paid: String { phrases.yuan(anomaly.paidFen ?? anomaly.amountFen) }

  /// What arrived on the card; the amount concerned when not known.
  var credited: String { phrases.yuan(anomaly.creditedFen ?? anomaly.amountFen) }

  /// The time in parentheses, or nothing.
  var when: String { phrases.aside(anomaly.time) }

  func chinese() -> String {
    switch anomaly.kind {
    case .debitedNotCredited: "渠道已扣款 \(paid)\(when)，一卡通未入账"
    case .duplicateDebit: "同一笔充值渠道重复扣款 \(paid)\(when)，这一笔一卡通没有对应入账"
    case .amountMismatch: mismatchChinese()
    case .wrongAccount where anomaly.subject == "reversal":
      "一卡通扣减 \(amount)\(when)记在了另一个账户上：原入账的账户没有扣减，被扣的账户没有这笔入账"
    case .wrongAccount: "渠道扣款 \(paid)，一卡通入账\(when)到了另一个账户，不是付款时填写的账户"
    case .creditedNotDebited: "一卡通已入账 \(credited)\(when)，渠道没有成功扣款"
    case .duplicateCredit: "渠道扣款一次，一卡通重复入账 \(credited)\(when)"
    case .refundNotReversed: "渠道已退款 \(amount)\(when)，一卡通未扣减"
    case .reversalNotRefunded: "一卡通已扣减 \(amount)\(when)，渠道未退款"
    case .refundAmountMismatch: "渠道退款与一卡通扣减金额不同\(when)，相差 \(amount)"
    case .closedAccountCredit: "入账 \(credited)\(when)的账户当时已挂失、注销或离校"
    case .moveIncomplete: "从旧卡转出的钱\(when)没有在规定时间内全部转入新卡，尚缺 \(amount)"
    case .fundRowMissing: "账单上的 \(amount)\(when)没有出现在渠道的商户账户里"
    case .settlementMissing: "渠道账户\(when)提出的结算款 \(amount)，到期后银行仍未收到"
    case .settlementMismatch: "资金\(when)两端金额不同，相差 \(amount)"
    case .feeMismatch: "手续费\(when)与费率算出的不同，相差 \(amount)"
    case .refundExceedsPayment: "渠道退款合计超过原付款 \(amount)\(when)"
    case .unidentifiedBankCredit: "单位汇入银行账户 \(amount)\(when)，写有校园卡字样，但没有写明是谁、哪一笔充值"
    case .orphanRefund: "渠道退款 \(amount)\(when)，找不到原付款"
    case .ambiguousMatch: "\(amount)\(when)有多个同样吻合的候选，无法唯一配对，未作判断"
    case .serialCollision: "同一流水号出现内容不同的多行\(when)，涉及 \(amount)"
    case .keyConflict: "同一订单两边的渠道流水号互相矛盾\(when)，金额 \(amount)"
    case .timeImpossible: "\(amount) 的记录时间不可能\(when)：入账早于付款，或日期超出账单期间"
    case .manualEntry: "一卡通有手工补录 \(amount)\(when)，需要第二人复核"
    case .resolvedUnconfirmed: "已登记退款 \(amount)（付款\(when)），应见到的账单中没有这笔退款"
    case .serialGap:
      "台账流水号不连续：从 \(anomaly.ledgerSerial ?? "") 起缺 \(anomaly.gap ?? 0) 个号"
    case .cardBalanceBreak:
      "台账中有卡的余额前后接不上\(when)，共 \(anomaly.evidence.count) 处，差额合计 \(amount)，可能漏行或被改动"
    case .unexplained: "\(amount)\(when)没有规则可以解释"
    case .lateCredit:
      anomaly.delaySeconds.map {
        "渠道扣款 \(paid) 后 \(phrases.duration($0))才到账\(when)，超过承诺时限"
      } ?? "渠道扣款 \(paid)，到账超过承诺时限\(when)"
    case .suspectedDuplicateDebit: "短时间内付款两次，各 \(amount)，均已入账\(when)；可能是重复支付"
    case .repeatedRow: "同一笔记录重复出现\(when)，金额 \(amount)，只计一次"
    case .limitExceeded where anomaly.basis == .account: "充值 \(amount)\(when)，连同当日此前的充值超过每日限额"
    case .limitExceeded: "充值 \(amount)\(when)超过单笔限额"
    }
  }

  /// What is wrong on the money's way.
  private func wayEnglish() -> String {
    switch anomaly.kind {
    case .fundRowMissing: "\(amount) of the bill\(when) is not on the channel's merchant account"
    case .settlementMissing:
      "A payout of \(amount) left the channel's account\(when) and has not reached the bank when due"
    case .feeMismatch: "The fee\(when) differs by \(amount) from what the rate gives"
    default: "The two ends of the money's way differ\(when) by \(amount)"
    }
  }

  func english() -> String {
    switch anomaly.kind {
    case .debitedNotCredited: "The channel took \(paid)\(when); the card was not credited"
    case .duplicateDebit:
      "The channel took \(paid)\(when) again for one top-up; this debit has no credit of its own"
    case .amountMismatch: mismatchEnglish()
    case .wrongAccount where anomaly.subject == "reversal":
      "\(amount) was taken\(when) off an account other than the one credited: the one credited keeps it, "
        + "the one charged never had it"
    case .wrongAccount:
      "The channel took \(paid); the credit\(when) went to an account other than the one named"
    case .creditedNotDebited:
      "The card was credited \(credited)\(when); the channel took no money for it"
    case .duplicateCredit: "Paid once, credited again: \(credited)\(when)"
    case .closedAccountCredit:
      "Credited \(credited)\(when) to an account already lost, cancelled or left"
    case .moveIncomplete:
      "Money moved off a card\(when) has not all arrived on another in time: \(amount) is missing"
    case .fundRowMissing, .settlementMissing, .settlementMismatch, .feeMismatch: wayEnglish()
    case .refundNotReversed: "The channel refunded \(amount)\(when); the card was not reduced"
    case .reversalNotRefunded: "The card was reduced by \(amount)\(when); no refund was made"
    case .refundAmountMismatch:
      "Channel refund and card reduction differ\(when) by \(amount)"
    case .refundExceedsPayment: "Refunds exceed the payment\(when) by \(amount)"
    case .unidentifiedBankCredit:
      "A company paid \(amount)\(when) into the bank account with the words of a top-up, and names "
        + "neither a person nor an order"
    case .orphanRefund: "Refund of \(amount)\(when) without a known payment"
    case .ambiguousMatch:
      "Several candidates fit \(amount)\(when) equally well; none was picked"
    case .serialCollision:
      "One serial stands on rows with different contents\(when), amount \(amount)"
    case .keyConflict:
      "The two sides quote contradicting channel serials for one order\(when), amount \(amount)"
    case .timeImpossible:
      "Impossible time for \(amount)\(when): credited before paid, or dated beyond the statements"
    case .manualEntry: "The ledger holds a hand-typed entry of \(amount)\(when)"
    case .resolvedUnconfirmed:
      "A refund of \(amount) was recorded for a payment\(when); the bills that should show it do not"
    case .serialGap:
      "The ledger lacks \(anomaly.gap ?? 0) of its numbers, from \(anomaly.ledgerSerial ?? "") on"
    case .cardBalanceBreak:
      "Balances of cards do not follow from each other\(when) in \(anomaly.evidence.count) places of "
        + "the ledger, \(amount) in all: rows are missing or were changed"
    case .unexplained: "No rule explains \(amount)\(when)"
    case .lateCredit:
      anomaly.delaySeconds.map {
        "\(paid) arrived \(phrases.duration($0)) after payment\(when), later than promised"
      } ?? "\(paid) arrived later than promised\(when)"
    case .suspectedDuplicateDebit:
      "Paid twice within a short time, \(amount) each, both credited\(when); "
        + "possibly a duplicate payment"
    case .repeatedRow: "The same record is listed again\(when), \(amount); counted once"
    case .limitExceeded where anomaly.basis == .account:
      "Top-up of \(amount)\(when): with those before it that day above the daily limit"
    case .limitExceeded: "Top-up of \(amount)\(when) above the limit of a single one"
    }
  }

  private func mismatchChinese() -> String {
    let reason = (anomaly.explanation ?? .none).label.zh
    guard anomaly.paidFen != nil, anomaly.creditedFen != nil else {
      return "渠道扣款与一卡通入账相差 \(amount)\(when)（\(reason)）"
    }
    return "渠道扣款 \(paid)\(when)，一卡通入账 \(credited)，相差 \(amount)（\(reason)）"
  }

  private func mismatchEnglish() -> String {
    let reason = (anomaly.explanation ?? .none).label.en
    guard anomaly.paidFen != nil, anomaly.creditedFen != nil else {
      return "Paid and credited amounts differ by \(amount)\(when): \(reason)"
    }
    return "The channel took \(paid)\(when), the card was credited \(credited): "
      + "\(amount) apart, \(reason)"
  }

  func owedChinese() -> String {
    switch anomaly.owedTo {
    case .student: "；应付师生 \(left)"
    case .school: "；应归学校 \(left)"
    case .channel: "；应付渠道 \(left)"
    case .none: "；不涉及退补"
    case .unknown: "；归属待查"
    }
  }

  func owedEnglish() -> String {
    switch anomaly.owedTo {
    case .student: "; \(left) owed to the student"
    case .school: "; \(left) owed to the school"
    case .channel: "; \(left) owed to the channel"
    case .none: "; nothing is owed"
    case .unknown: "; not known who owes whom"
    }
  }
}

extension [ReportedParty] {
  /// Each person by account and what they are owed, or have and should not.
  func told(_ phrases: Phrases, _ options: ReportOptions, in language: Language) -> String {
    let zh = language == .zh
    return map { party in
      let account = options.account(party.account) ?? "—"
      if party.fen == 0 { return zh ? "\(account) 不欠不多" : "\(account) is even" }
      let amount = phrases.yuan(Int64(clamping: party.fen.magnitude))
      let isOwed = party.fen > 0
      return zh
        ? "\(account) \(isOwed ? "应得" : "多得") \(amount)"
        : "\(account) \(isOwed ? "is owed" : "has too much:") \(amount)"
    }.joined(separator: zh ? "；" : "; ")
  }
}

extension ReportedAnomaly {
  /// How it stands by what people did: 待处理, 跟进中（王会计）, 重新打开（金额已变） …
  public func statusWords(_ language: Language) -> String {
    let isChinese = language == .zh
    func aside(_ text: String) -> String { isChinese ? "（\(text)）" : " (\(text))" }
    let phrases = Phrases(language: language)
    var words = status.label(language)
    switch (status, progress.change) {
    case (.resolved, _):
      return words + (progress.last.map { aside($0.outcome.label(language)) } ?? "")
    case (.closed, _): return words
    case (_, .amount?): words += aside(isChinese ? "金额已变" : "the amount has changed")
    case (_, .evidence?): words += aside(isChinese ? "依据已变" : "the evidence has changed")
    default:
      switch progress.last?.outcome {
      case .inProgress:
        words =
          progress.last.map { $0.outcome.label(language) + aside($0.assignee ?? $0.who) } ?? words
      case .awaitingPerson: words = progress.last?.outcome.label(language) ?? words
      default: break
      }
    }
    if progress.doneFen > 0 {
      let (done, left) = (phrases.yuan(progress.doneFen), phrases.yuan(leftFen))
      words += aside(isChinese ? "已办 \(done)，尚余 \(left)" : "\(done) done, \(left) left")
    }
    return PlainText.neutralised(words)
  }
}

extension CaseDecision {
  /// What was done, by whom, how much, on which voucher: one line.
  func sentence(_ language: Language) -> String {
    func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    var text = "\(time) \(outcome.label(language)) — \(who)"
    if let assignee, assignee != who { text += say("，跟进人 ", ", for ") + assignee }
    if let amountFen {
      text += say("，金额 ", ", ") + Phrases(language: language).yuan(amountFen)
    }
    if let reviewer { text += say("，复核 ", ", checked by ") + reviewer }
    if let document { text += say("，凭证 ", ", voucher ") + document }
    if let day { text += say("，办理日 ", ", done on ") + day.description }
    if let note { text += say("，", ": ") + note }
    return PlainText.neutralised(text)
  }
}

extension DecisionMark {
  /// Up to which decision a report knows how cases stand.
  func sentence(_ language: Language) -> String {
    guard let time else {
      return language == .zh ? "处理情况：尚无登记" : "decisions: none recorded yet"
    }
    return language == .zh
      ? "处理情况截至第 \(number) 号登记（\(time)）"
      : "decisions up to no. \(number), recorded \(time)"
  }
}
