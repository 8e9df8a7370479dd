import Payments

// Words for the legs behind the bill.

extension Leg {
  /// From where to where.
  var label: Wording {
    switch self {
    case .account: Wording(zh: "账单→渠道账户", en: "bill → account")
    case .bank: Wording(zh: "渠道账户→银行", en: "account → bank")
    }
  }
}

extension LegReport {
  /// How the leg stands, in a few words.
  func state(_ language: Language) -> String {
    if let lacks {
      let book =
        switch lacks {
        case .trade: Wording(zh: "交易账单", en: "trade bill")
        case .funds: Wording(zh: "资金账单", en: "fund bill")
        case .bank: Wording(zh: "银行流水", en: "bank statement")
        }
      return Wording(zh: "未证明：缺\(book.zh)", en: "not proven: no \(book.en)")(language)
    }
    if sums.open.rows > 0 || sums.unexplained.rows > 0 {
      return Wording(zh: "有差错", en: "wrong")(language)
    }
    if sums.notProven.rows > 0 {
      return Wording(zh: "未证明：账单不全", en: "not proven: statements are missing")(language)
    }
    if sums.inTransit.rows > 0 { return Wording(zh: "在途", en: "in transit")(language) }
    return Wording(zh: "相符", en: "agrees")(language)
  }
}

extension ReportedPayout.State {
  /// The state in words.
  var label: Wording {
    switch self {
    case .arrived: Wording(zh: "已到账", en: "arrived")
    case .inTransit: Wording(zh: "在途", en: "in transit")
    case .notProven: Wording(zh: "未证明", en: "not proven")
    case .missing: Wording(zh: "未到账", en: "missing")
    case .mismatch: Wording(zh: "金额不符", en: "differs")
    case .unidentified: Wording(zh: "来源不明", en: "unidentified")
    }
  }
}

extension AdjustmentReason {
  /// The reason in words.
  func label(_ language: Language) -> String {
    switch self {
    case .anomaly(let kind): kind.label(language)
    case .pending: Wording(zh: "在途", en: "Pending")(language)
    case .otherPeriod: Wording(zh: "另一方记在其他账期", en: "In another period of the other book")(language)
    case .otherChannel:
      Wording(zh: "另一方记在其他渠道", en: "Under another channel of the other book")(language)
    case .unexplained: Wording(zh: "未解释", en: "Unexplained")(language)
    }
  }
}

extension BookContent {
  /// Which of a channel's accounts it is.
  var accountLabel: Wording {
    switch self {
    case .operation: Wording(zh: "运营账户", en: "operation account")
    case .fees: Wording(zh: "手续费账户", en: "fee account")
    default: Wording(zh: "基本账户", en: "basic account")
    }
  }
}

extension TraceRow {
  /// What the row is, in words.
  func what(_ language: Language) -> String {
    let label: Wording? =
      switch flow {
      case .none: nil
      case .payment: Wording(zh: "渠道账户收款", en: "on the channel's account")
      case .refund: Wording(zh: "渠道账户退款", en: "refunded from the channel's account")
      case .fee: Wording(zh: "渠道账户扣手续费", en: "fee taken")
      case .feeReturned: Wording(zh: "渠道账户退手续费", en: "fee returned")
      case .withdrawal: Wording(zh: "渠道账户提现", en: "sent to the bank")
      case .otherIn: Wording(zh: "渠道账户其他收入", en: "other money in")
      case .otherOut: Wording(zh: "渠道账户其他支出", en: "other money out")
      case .settlementIn: Wording(zh: "银行到账", en: "arrived at the bank")
      case .settlementOut: Wording(zh: "银行退回结算款", en: "settlement taken back")
      }
    return label?(language) ?? kind.label(language)
  }
}
