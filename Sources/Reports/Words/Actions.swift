public import Payments

extension ReportedAnomaly {
  /// What to do about it, as one sentence without a full stop (ANOMALIES, "action").
  ///
  /// - Parameters:
  ///   - settings: Where and when the school refunds, and whom to call.
  ///   - day: The last day of the report; dates are counted from it unless ``dueDay`` is set.
  ///   - language: The language of the sentence.
  public func action(
    _ settings: ActionSettings, reportDay day: BusinessDay?, in language: Language
  ) -> String {
    let advice = Advice(
      facts: Facts(of: self, language: language), settings: settings,
      reportDay: day ?? firstSeen)
    switch (status, language) {
    case (.closed, .zh): return "后续账单已证实结清，无需处理"
    case (.closed, .en): return "Settled by later statements; nothing to do"
    case (.resolved, .zh): return "已有处理记录，勿重复办理"
    case (.resolved, .en): return "Already dealt with; do not do it twice"
    case (_, .zh): return advice.chinese() + advice.deadlineChinese()
    case (_, .en): return advice.english() + advice.deadlineEnglish()
    }
  }
}

/// The advice for one anomaly that is still open.
struct Advice {
  let facts: Facts
  let settings: ActionSettings
  let reportDay: BusinessDay

  private var anomaly: ReportedAnomaly { facts.anomaly }
  private var amount: String { facts.left }
  private var deskDay: BusinessDay {
    anomaly.dueDay ?? settings.refundDeskDay(after: reportDay)
  }

  func chinese() -> String {
    switch anomaly.kind {
    case .debitedNotCredited:
      "核实后补入账 \(amount)，或原路退款；保留付款凭证"
        + (settings.servicePhone.map { "；服务电话 \($0)" } ?? "")
    case .duplicateDebit:
      "退还多扣的 \(amount)：下一个\(facts.phrases.weekday(deskDay)) \(deskDay) "
        + "\(settings.refundDeskTime.zh)在\(settings.refundDesk.zh)办理"
    case .amountMismatch: mismatchChinese()
    case .wrongAccount where anomaly.subject == "reversal":
      "把 \(amount) 补回被误扣的账户，改从原入账的账户扣减"
    case .wrongAccount: "先冻结误入账的 \(amount)，核实本人后转入正确账户"
    case .creditedNotDebited: "向渠道查询该笔付款；确认未扣款后冲正 \(amount)"
    case .duplicateCredit: "冲正多入账的 \(amount)"
    case .refundNotReversed: "从一卡通冲减已退款的 \(amount)"
    case .reversalNotRefunded: "发起渠道退款 \(amount)"
    case .refundAmountMismatch: "核对退款单与扣减记录，更正差额 \(amount)"
    case .closedAccountCredit: "核实本人后把 \(amount) 转入新卡，或清退"
    case .moveIncomplete: "核实本人后把尚缺的 \(amount) 转入新卡"
    case .fundRowMissing: "凭渠道流水号向渠道查询 \(amount) 为何没有进出商户账户"
    case .settlementMissing: "向渠道催收结算款 \(amount)，并向银行查询是否退票"
    case .settlementMismatch: "按日、退款、手续费分解差额 \(amount)，向渠道索取结算明细"
    case .feeMismatch where anomaly.owedTo == .school: "按合同费率向渠道追回多收的 \(amount)"
    case .feeMismatch: "核对合同费率，少收的 \(amount) 待渠道补收"
    case .refundExceedsPayment: "按事故处理：停止该单退款，追回多退的 \(amount)"
    case .unidentifiedBankCredit: "挂账，向付款单位问明 \(amount) 的用途"
    case .orphanRefund: "在更早的账单中查找原付款"
    case .ambiguousMatch: "由人工从所列候选中确认配对"
    case .serialCollision: "按事故处理：向渠道核实该流水号的真实内容"
    case .keyConflict: "人工核对两边的渠道流水号"
    case .timeImpossible: "检查两边的系统时钟和账单日期"
    case .manualEntry: "由第二人复核签字"
    case .resolvedUnconfirmed: "出示退款凭证并核实 \(amount) 是否退出；确未退出的重新打开原差错"
    case .cardBalanceBreak: "请一卡通系统查明所列各卡缺少或改动了哪些记录"
    case .serialGap: "请一卡通系统逐号说明缺号的原因"
    case .unexplained: "人工核查"
    case .lateCredit: "记入服务质量报告，无需退补"
    case .suspectedDuplicateDebit: "询问付款人；未经确认不退款"
    case .repeatedRow: "保留两行凭证，无需退补"
    case .limitExceeded: "复核该笔充值与限额设置"
    }
  }

  func english() -> String {
    switch anomaly.kind {
    case .debitedNotCredited:
      "Verify, then credit \(amount) or refund it to where it came from; keep the voucher"
        + (settings.servicePhone.map { "; service phone \($0)" } ?? "")
    case .duplicateDebit:
      "Refund the extra \(amount): next \(facts.phrases.weekday(deskDay)) \(deskDay), "
        + "\(settings.refundDeskTime.en), at \(settings.refundDesk.en)"
    case .amountMismatch: mismatchEnglish()
    case .wrongAccount where anomaly.subject == "reversal":
      "Give \(amount) back to the account charged; take it off the one that was credited"
    case .wrongAccount:
      "Freeze the misplaced \(amount); move it to the right account once the person is verified"
    case .creditedNotDebited:
      "Query the payment at the channel; once it is certain nothing was taken, reverse \(amount)"
    case .closedAccountCredit:
      "Verify the person, then move \(amount) to the new card or pay it out"
    case .moveIncomplete: "Verify the person, then move the missing \(amount) to the new card"
    case .fundRowMissing:
      "Ask the channel by the serial why \(amount) is not on the merchant account"
    case .settlementMissing:
      "Chase the payout of \(amount) at the channel; ask the bank whether it was returned"
    case .settlementMismatch:
      "Decompose the difference of \(amount) by day, refund and fee; ask the channel for its details"
    case .feeMismatch where anomaly.owedTo == .school:
      "Claim back the \(amount) taken beyond the contract"
    case .feeMismatch: "Check the contract; the channel will collect the \(amount) it did not take"
    case .duplicateCredit: "Reverse the extra credit of \(amount)"
    case .refundNotReversed: "Take the refunded \(amount) off the card"
    case .reversalNotRefunded: "Start the channel refund of \(amount)"
    case .refundAmountMismatch:
      "Check the refund against the card record and correct the difference of \(amount)"
    case .refundExceedsPayment:
      "Incident: stop refunds of this order and recover the excess of \(amount)"
    case .unidentifiedBankCredit:
      "Hold \(amount) in suspense and ask the company that paid what it is for"
    case .orphanRefund: "Look for the payment in earlier statements"
    case .ambiguousMatch: "A person picks the pair among the candidates listed"
    case .serialCollision: "Incident: ask the channel what this serial really stands for"
    case .keyConflict: "Compare the channel serials of both sides by hand"
    case .timeImpossible: "Check both clocks and the dates of the statements"
    case .manualEntry: "A second person verifies and signs"
    case .resolvedUnconfirmed:
      "Show the voucher of the refund and check whether \(amount) left; if not, reopen the case"
    case .cardBalanceBreak: "Ask the card system which rows of these cards are missing or changed"
    case .serialGap: "Have the card system explain each missing number"
    case .unexplained: "Examine by hand"
    case .lateCredit: "Goes into the service report; no money to move"
    case .suspectedDuplicateDebit: "Ask the payer; refund nothing unasked"
    case .repeatedRow: "Keep both lines as evidence; no money to move"
    case .limitExceeded: "Review the top-up and the limit"
    }
  }

  private func mismatchChinese() -> String {
    let explanation = anomaly.explanation ?? .none
    if explanation.isBenign { return "差额已有原因（\(explanation.label.zh)），留存凭证，无需退补" }
    switch anomaly.owedTo {
    case .student: return "用付款凭证核对充值记录，补差 \(amount)"
    case .school: return "用付款凭证核对充值记录，冲减 \(amount)"
    case .channel, .none, .unknown: return "用付款凭证核对充值记录，确认后补差或冲减"
    }
  }

  private func mismatchEnglish() -> String {
    let explanation = anomaly.explanation ?? .none
    if explanation.isBenign {
      return "The difference is explained (\(explanation.label.en)); keep the voucher"
    }
    let check = "Check the voucher against the recharge record, then "
    switch anomaly.owedTo {
    case .student: return check + "credit the missing \(amount)"
    case .school: return check + "take \(amount) off the card"
    case .channel, .none, .unknown: return check + "correct the difference"
    }
  }

  /// The date by which to act; the refund desk's own date is already in its sentence.
  func deadlineChinese() -> String {
    guard anomaly.kind != .duplicateDebit, let day = anomaly.dueDay else { return "" }
    return "；最迟 \(day)（\(facts.phrases.weekday(day))）"
  }

  func deadlineEnglish() -> String {
    guard anomaly.kind != .duplicateDebit, let day = anomaly.dueDay else { return "" }
    return "; by \(facts.phrases.weekday(day)) \(day)"
  }
}
