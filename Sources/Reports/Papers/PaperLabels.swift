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
    case .adjustment: Wording(zh: "余额调节表", en: "Bank adjustment")
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
  case statedFee, feeDifference, balance, bookSide, item, content, share
  case school, verdict, owed, proofRows, proofMoney, masked, unmasked, howToFill, howToImport
  case privacy, filling, importing, hidden
  case noBank, itemOpening, itemClosing, itemNet, itemAddToBank, itemTakeFromBank, itemOther,
    itemAdjusted

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
    case .rate: Wording(zh: "费率（按净额）", en: "Rate of net")
    case .statedFee: Wording(zh: "账单载明手续费", en: "Fees stated")
    case .feeDifference: Wording(zh: "手续费差额", en: "Fee difference")
    case .balance: Wording(zh: "守恒", en: "Adds up")
    case .bookSide: Wording(zh: "银行账单", en: "Bank statement")
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
    case .noBank:
      Wording(
        zh: "本期没有银行渠道的账单，无需编制余额调节表。", en: "No bank statement in this period: nothing to adjust.")
    case .itemOpening: Wording(zh: "账单载明期初余额", en: "Opening balance stated")
    case .itemClosing: Wording(zh: "账单载明期末余额", en: "Closing balance stated")
    case .itemNet: Wording(zh: "本期净发生额", en: "Net movement of the period")
    case .itemAddToBank:
      Wording(zh: "加：一卡通已记、银行未记", en: "Plus: in the ledger, not at the bank")
    case .itemTakeFromBank:
      Wording(zh: "减：银行已记、一卡通未记", en: "Less: at the bank, not in the ledger")
    case .itemOther:
      Wording(
        zh: "加：待查、跨日及其他差额", en: "Plus: under inquiry, other days, other differences")
    case .itemAdjusted: Wording(zh: "调节后净额", en: "Adjusted net movement")
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
