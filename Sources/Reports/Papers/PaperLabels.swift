public import Payments

extension PaperName {
  /// What the paper is called; the sheet's name too, so no longer than 31 characters.
  public var label: Wording {
    switch self {
    case .summary: Wording(zh: "对账汇总表", en: "Reconciliation summary")
    case .anomalies: Wording(zh: "差错明细表", en: "Anomalies")
    case .pending: Wording(zh: "在途明细表", en: "Pending items")
    case .statements: Wording(zh: "对账文件清单", en: "Statements")
    case .aging: Wording(zh: "账龄分析表", en: "Ageing of open anomalies")
    case .fees: Wording(zh: "手续费核对表", en: "Channel fees")
    case .adjustment: Wording(zh: "渠道资金余额调节表", en: "Channel funds adjustment")
    case .flow: Wording(zh: "资金勾稽表", en: "Way of the money")
    case .payouts: Wording(zh: "资金到账核对表", en: "Payouts")
    case .accounts: Wording(zh: "渠道账户收支表", en: "Channel accounts")
    case .notes: Wording(zh: "运行说明", en: "Notes on the run")
    case .conservation: Wording(zh: "守恒表", en: "Conservation")
    }
  }
}

/// The columns of 差错明细表 that the clerk fills in and `cardrecon resolve --import` reads.
public enum ClerkColumn: String, Hashable, Sendable, CaseIterable {
  case outcome, who, reviewer, day, document, note

  /// The column's heading.
  public var label: Wording {
    switch self {
    case .outcome: Wording(zh: "处理结果", en: "Outcome")
    case .who: Wording(zh: "处理人", en: "Done by")
    case .reviewer: Wording(zh: "复核人", en: "Checked by")
    case .day: Wording(zh: "处理日期", en: "Done on")
    case .document: Wording(zh: "凭证号", en: "Voucher")
    case .note: Wording(zh: "备注", en: "Note")
    }
  }
}

/// Words of the papers that belong to no column of a report.
public enum PaperWord: String, Hashable, Sendable, CaseIterable {
  case pageSubtotal, total, inWords, unit, day, page, signatures, nothing
  case paymentRows, refundRows, creditRows, reversalRows, readFen, faults, sha256, rate
  case rateBasis, contract, bill, grossFen, expectedFee, actualFee, feeDifference, balance,
    bookSide, item, content, share
  case merchant, leg, whichAccount, opening, sent, arrived, matchedFen, inTransit, notProven,
    openFen, late,
    unasked
  case state, sentAt, sentSerial, due, arrivedAt, bankSerial, oldest, moneyIn, otherIn, otherOut
  case feeReturned, withdrawn
  case school, verdict, owed, proofRows, proofMoney, masked, unmasked, howToFill, howToImport
  case privacy, filling, importing, hidden
  case noMovement, itemOpening, itemClosing, itemNet, itemAdjusted, itemResidual

  /// The word.
  public var label: Wording {
    switch self {
    case .pageSubtotal: Wording(zh: "页小计", en: "Page subtotal")
    case .total: Wording(zh: "合计", en: "Total")
    case .inWords: Wording(zh: "大写金额", en: "Total amount")
    case .unit: Wording(zh: "单位：元", en: "Unit: CNY")
    case .day: Wording(zh: "账期", en: "Period")
    case .page: Wording(zh: "第 &P 页 共 &N 页", en: "Page &P of &N")
    case .signatures:
      Wording(
        zh: "制表：____________  日期：____年__月__日        复核：____________  日期：____年__月__日"
          + "        财务负责人：____________  日期：____年__月__日",
        en: "Prepared: ____________  Date: __________        Checked: ____________  Date: "
          + "__________        Head of finance: ____________  Date: __________")
    case .nothing: Wording(zh: "无", en: "none")
    case .paymentRows: Wording(zh: "扣款笔数", en: "Payments")
    case .refundRows: Wording(zh: "退款笔数", en: "Refunds")
    case .creditRows: Wording(zh: "入账笔数", en: "Credits")
    case .reversalRows: Wording(zh: "扣减笔数", en: "Reversals")
    case .readFen: Wording(zh: "读入金额", en: "Amount read")
    case .faults: Wording(zh: "问题", en: "Faults")
    case .sha256: Wording(zh: "SHA-256 校验值", en: "SHA-256")
    case .rate: Wording(zh: "费率", en: "Rate")
    case .rateBasis: Wording(zh: "费率依据", en: "Rate by")
    case .contract: Wording(zh: "合同", en: "contract")
    case .bill: Wording(zh: "账单", en: "bill")
    case .grossFen: Wording(zh: "计费净额", en: "Net charged")
    case .expectedFee: Wording(zh: "应收手续费", en: "Fees due")
    case .actualFee: Wording(zh: "实收手续费", en: "Fees taken")
    case .feeDifference: Wording(zh: "手续费差额", en: "Fee difference")
    case .balance: Wording(zh: "守恒", en: "Adds up")
    case .bookSide: Wording(zh: "渠道账单", en: "Channel's book")
    case .merchant: Wording(zh: "商户号", en: "Merchant")
    case .leg: Wording(zh: "环节", en: "Leg")
    case .whichAccount: Wording(zh: "账户", en: "Account")
    case .opening: Wording(zh: "期初在途", en: "In transit before")
    case .sent: Wording(zh: "转出", en: "Sent")
    case .arrived: Wording(zh: "到账", en: "Arrived")
    case .matchedFen: Wording(zh: "已勾稽", en: "Matched")
    case .inTransit: Wording(zh: "期末在途", en: "In transit after")
    case .notProven: Wording(zh: "未证明", en: "Not proven")
    case .openFen: Wording(zh: "差错", en: "Wrong")
    case .late: Wording(zh: "前期差错到账", en: "Arrived late")
    case .unasked: Wording(zh: "来源不明", en: "Nobody sent")
    case .state: Wording(zh: "结果", en: "Result")
    case .sentAt: Wording(zh: "转出时间", en: "Sent at")
    case .sentSerial: Wording(zh: "提现流水号", en: "Withdrawal serial")
    case .due: Wording(zh: "应到日", en: "Due")
    case .arrivedAt: Wording(zh: "到账时间", en: "Arrived at")
    case .bankSerial: Wording(zh: "银行流水号", en: "Bank serial")
    case .oldest: Wording(zh: "最早日期", en: "Oldest")
    case .moneyIn: Wording(zh: "收入", en: "In")
    case .otherIn: Wording(zh: "其他收入", en: "Other in")
    case .otherOut: Wording(zh: "其他支出", en: "Other out")
    case .feeReturned: Wording(zh: "退还手续费", en: "Fees returned")
    case .withdrawn: Wording(zh: "提现", en: "Withdrawn")
    case .item: Wording(zh: "项目", en: "Item")
    case .content: Wording(zh: "内容", en: "Content")
    case .share: Wording(zh: "笔数", en: "Cases")
    case .school: Wording(zh: "学校", en: "School")
    case .verdict: Wording(zh: "结论", en: "Verdict")
    case .owed: Wording(zh: "应收应付", en: "Owed")
    case .proofRows: Wording(zh: "逐行守恒", en: "Row by row")
    case .proofMoney: Wording(zh: "金额守恒", en: "Fen by fen")
    case .masked:
      Wording(
        zh: "姓名与账号已打码，流水号完整。", en: "Names and account numbers are masked; serials are not.")
    case .unmasked:
      Wording(
        zh: "姓名与账号未打码，请妥善保管。", en: "Names and account numbers are shown in full: keep it safe.")
    case .howToFill:
      Wording(
        zh: "在《差错明细表》黄色各列填写处理结果（下拉选择）、处理人、复核人、处理日期、凭证号、备注；其他列请勿改动。",
        en: "On “Anomalies” fill in the yellow columns: outcome (from the list), who did it, who "
          + "checked it, the day, the voucher, a note. Leave the other columns as they are.")
    case .howToImport:
      Wording(
        zh: "填好保存后运行：cardrecon resolve --import report.xlsx；全部合格才登记，有误则逐行指出，不登记任何一行。",
        en:
          "Save it and run: cardrecon resolve --import report.xlsx. All rows are recorded or none; "
          + "what is wrong is named row by row.")
    case .privacy: Wording(zh: "个人信息", en: "Personal data")
    case .filling: Wording(zh: "填写方法", en: "How to fill in")
    case .importing: Wording(zh: "导入方法", en: "How to import")
    case .hidden:
      Wording(zh: "行数超过表格上限，其余见同名 CSV 文件", en: "more rows than a sheet holds: see the CSV file")
    case .noMovement: Wording(zh: "本期没有发生额。", en: "Nothing moved in this period.")
    case .itemOpening: Wording(zh: "期初余额", en: "Opening balance")
    case .itemClosing: Wording(zh: "期末余额", en: "Closing balance")
    case .itemNet: Wording(zh: "本期净发生额", en: "Net movement of the period")
    case .itemAdjusted: Wording(zh: "调节后净额", en: "Adjusted net movement")
    case .itemResidual: Wording(zh: "未解释", en: "Unexplained")
    }
  }
}

extension ReportColumn {
  /// Bands of days in 账龄分析表: the last has no end.
  static let ageBands: [ClosedRange<Int>] = [0...0, 1...3, 4...7, 8...30, 31...90, 91...Int.max]

  /// `1–3 天`.
  static func ageBand(_ band: ClosedRange<Int>) -> Wording {
    let (low, high) = (band.lowerBound, band.upperBound)
    if high == 0 { return Wording(zh: "当日", en: "Same day") }
    guard high < .max else { return Wording(zh: "\(low) 天及以上", en: "\(low) days or more") }
    return Wording(zh: "\(low)–\(high) 天", en: "\(low)–\(high) days")
  }
}
