public import Payments

// One label per value, in both languages side by side: a new case without its words does not
// compile. The Chinese words are those of the finance offices that read them (ANOMALIES, "Kinds").

private func both(_ zh: String, _ en: String) -> Wording {
  Wording(zh: zh, en: en)
}

extension AnomalyKind {
  /// What the anomaly is called: 扣款成功未到账, “Debited, not credited”.
  public var label: Wording {
    switch self {
    case .debitedNotCredited: both("扣款成功未到账", "Debited, not credited")
    case .duplicateDebit: both("重复扣款", "Duplicate debit")
    case .amountMismatch: both("金额不符", "Amount mismatch")
    case .wrongAccount: both("充错账户", "Wrong account")
    case .creditedNotDebited: both("到账未扣款", "Credited, not debited")
    case .duplicateCredit: both("重复入账", "Duplicate credit")
    case .refundNotReversed: both("渠道已退款卡未扣减", "Refunded, card not reduced")
    case .reversalNotRefunded: both("卡已扣减渠道未退款", "Card reduced, not refunded")
    case .refundAmountMismatch: both("退款金额不符", "Refund amount mismatch")
    case .refundExceedsPayment: both("超额退款", "Refund exceeds payment")
    case .closedAccountCredit: both("挂失/注销/离校账户入账", "Credit to a closed account")
    case .moveIncomplete: both("转卡未到账", "Move to another card incomplete")
    case .fundRowMissing: both("渠道账户未入账", "Not on the channel's account")
    case .settlementMissing: both("结算款未到账", "Payout missing")
    case .settlementMismatch: both("结算款金额不符", "Payout differs")
    case .feeMismatch: both("手续费不符", "Fee differs")
    case .unidentifiedBankCredit: both("银行来款不明", "Unidentified bank credit")
    case .orphanRefund: both("退款无原单", "Refund without original")
    case .ambiguousMatch: both("多候选无法配对", "Ambiguous match")
    case .serialCollision: both("流水号重号", "Serial collision")
    case .keyConflict: both("渠道号不符", "Conflicting channel serial")
    case .timeImpossible: both("时间异常", "Impossible time")
    case .manualEntry: both("手工补录", "Manual entry")
    case .resolvedUnconfirmed: both("已登记退款未见", "Refund recorded, not seen")
    case .cardBalanceBreak: both("卡余额不连续", "Card balances break")
    case .serialGap: both("流水断号", "Numbers missing")
    case .unexplained: both("无法解释", "Unexplained")
    case .lateCredit: both("延迟到账", "Late credit")
    case .suspectedDuplicateDebit: both("疑似重复支付", "Suspected duplicate debit")
    case .repeatedRow: both("渠道重复记录", "Repeated row")
    case .limitExceeded: both("超限额", "Limit exceeded")
    }
  }
}

extension FaultKind {
  /// What the fault of a statement is called.
  public var label: Wording {
    switch self {
    case .statementMissing: both("文件缺失", "Statement missing")
    case .statementTruncated: both("文件截断", "Statement truncated")
    case .controlTotalMismatch: both("汇总与明细不符", "Control totals do not match the rows")
    case .statementDuplicate: both("重复文件", "Duplicate file")
    case .statementReissued: both("同日多版本", "Several versions for one day")
    case .wrongDay: both("账期不符", "Wrong day")
    case .wrongAccountStatement: both("商户号/账号不符", "Wrong merchant or account")
    case .layoutChanged: both("表头变更", "Layout changed")
    case .encodingDamaged: both("编码异常", "Damaged encoding")
    case .spreadsheetDamaged: both("被表格软件改写", "Damaged by a spreadsheet program")
    case .openingBalanceMismatch:
      both("期初≠上期期末", "Opening balance differs from last closing balance")
    case .runningBalanceBreak: both("余额链断裂", "Running balance breaks")
    case .rowRejected: both("行无法解析", "Row cannot be read")
    case .unknownStatus: both("未知状态", "Unknown status")
    case .statementEndsEarly: both("疑似提前结束", "Seems to end early")
    case .statementStartsLate: both("疑似开始过晚", "Seems to begin late")
    case .statementEmpty: both("疑似空账单", "Seems to be empty")
    case .unreadable: both("无法识别的文件", "Not a known statement")
    }
  }
}

extension Bucket {
  /// Where a row ended.
  public var label: Wording {
    switch self {
    case .matched: both("平账", "matched")
    case .matchedWithinTolerance: both("容差平账", "matched within tolerance")
    case .pending: both("在途/存疑", "pending")
    case .anomalous: both("差错", "anomalous")
    case .excluded: both("排除", "excluded")
    case .rejected: both("无法解析", "rejected")
    }
  }
}

extension ExclusionRule {
  /// Why rows were left out.
  public var label: Wording {
    switch self {
    case .notTopUp: both("非充值业务", "not a top-up")
    case .notPosted: both("一卡通未记账（失败、处理中）", "not posted (failed or processing)")
    case .unreconciledChannel: both("不参与对账的渠道", "channel not reconciled")
    case .notBooked: both("银行未记账", "not booked by the bank")
    case .notCampusCard: both("非校园卡业务", "not the campus card")
    case .repeatedRow: both("重复记录", "repeated row")
    case .repeatedStatement: both("重复文件", "duplicate statement")
    case .failedPayment: both("未成功的付款", "payment that did not succeed")
    case .otherCurrency: both("非人民币", "other currency")
    case .channelFee: both("渠道手续费", "channel fee")
    case .accountList: both("账户状态表：正常", "account list: open")
    case .closedAccount: both("账户状态表：挂失、换卡或注销", "account list: closed")
    case .otherBusiness: both("非充值业务（配置 topUps）", "other business (topUps in the configuration)")
    case .personLeft: both("账户状态表：离校", "account list: left the school")
    case .cardReplacement: both("换卡记录", "card replacement")
    case .otherMerchant: both("服务商账单中其他特约商户的交易", "another sub-merchant of the provider")
    case .personalBill: both("个人账单，仅供查看", "a person's own bill, for inspection only")
    case .settlement: both("渠道结算款", "a channel's settlement")
    case .outgoing: both("付出款项，非充值退款", "money paid out, no refund of a top-up")
    case .secondView: both("同一账务的另一份账单", "second view of the same book")
    }
  }
}

extension Severity {
  /// How bad it is, in a word.
  public var label: Wording {
    switch self {
    case .loss: both("资金差错", "Loss")
    case .control: both("凭证与流程", "Control")
    case .notice: both("提示", "Notice")
    }
  }
}

extension OwedTo {
  /// Whose money it is.
  public var label: Wording {
    switch self {
    case .student: both("师生", "student")
    case .school: both("学校", "school")
    case .channel: both("渠道", "channel")
    case .none: both("无", "nobody")
    case .unknown: both("待查", "unknown")
    }
  }
}

extension Channel {
  /// The channel's name as people know it.
  public var label: Wording {
    if let own { return own.label }
    return switch self {
    case .unknown: both("未注明渠道", "Unknown channel")
    case .wechat: both("微信支付", "WeChat Pay")
    case .alipay: both("支付宝", "Alipay")
    case .unionpay: both("云闪付/银联", "UnionPay")
    case .icbc: both("中国工商银行", "ICBC")
    case .abc: both("中国农业银行", "ABC")
    case .boc: both("中国银行", "Bank of China")
    case .ccb: both("中国建设银行", "CCB")
    case .bocom: both("交通银行", "Bank of Communications")
    case .psbc: both("中国邮政储蓄银行", "PSBC")
    case .cmb: both("招商银行", "China Merchants Bank")
    case .citic: both("中信银行", "CITIC Bank")
    case .ceb: both("中国光大银行", "Everbright Bank")
    case .cmbc: both("中国民生银行", "Minsheng Bank")
    case .spdb: both("浦发银行", "SPD Bank")
    case .cib: both("兴业银行", "Industrial Bank")
    case .pab: both("平安银行", "Ping An Bank")
    case .hxb: both("华夏银行", "Hua Xia Bank")
    case .cgb: both("广发银行", "China Guangfa Bank")
    case .bank: both("银行", "Bank")
    default: both("其他渠道", "Other channel")
    }
  }
}

extension Explanation {
  /// Why two amounts differ.
  public var label: Wording {
    switch self {
    case .none: both("原因不明", "no known reason")
    case .fee: both("手续费", "fee")
    case .surcharge: both("货币转换费", "currency conversion surcharge")
    case .coupon: both("优惠", "coupon")
    case .unit: both("分/元错位", "fen taken for yuan")
    case .rounding: both("尾差", "rounding")
    }
  }
}

extension Basis {
  /// What brought the rows together.
  public var label: Wording {
    switch self {
    case .order: both("同一商户订单号", "same merchant order number")
    case .serial: both("同一流水号", "same serial number")
    case .weak:
      both("弱证据：账户、金额、时间相符", "weak evidence: account, amount and time agree")
    case .payer: both("仅付款人相同", "same payer only")
    case .account: both("同一账户、同一金额、时间相近", "same account and amount, close in time")
    case .single: both("单独一行", "a row standing alone")
    }
  }
}

extension Verdict {
  /// The result in a word.
  public var label: Wording {
    switch self {
    case .balanced: both("账平", "balanced")
    case .unbalanced: both("账不平", "not balanced")
    case .incomplete: both("账单不全", "incomplete")
    }
  }
}

extension Side {
  /// Which of the two books.
  public var label: Wording {
    switch self {
    case .channel: both("渠道", "channel")
    case .ledger: both("一卡通", "ledger")
    }
  }
}

extension AnomalyStatus {
  /// Where an anomaly stands.
  public var label: Wording {
    switch self {
    case .open: both("待处理", "open")
    case .resolved: both("已处理", "resolved")
    case .closed: both("已由后续账单结清", "closed by later evidence")
    case .reopened: both("重新打开", "reopened")
    }
  }

  /// Whether somebody still has to do something.
  public var isOpen: Bool {
    switch self {
    case .open, .reopened: true
    case .resolved, .closed: false
    }
  }
}

/// Labels of what has no type of its own.
public enum Labels {
  /// The name of a source as reports list it: a channel, the ledger, or a school's own word.
  public static func source(_ name: String) -> Wording {
    if name == Side.ledger.rawValue { return Side.ledger.label }
    if let channel = Channel(name: name) { return channel.label }
    let plain = PlainText.neutralised(name)
    return Wording(zh: plain, en: plain)
  }
}
