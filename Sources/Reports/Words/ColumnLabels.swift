public import Payments

/// A column of a report's table.
public enum ReportColumn: String, Hashable, Sendable, CaseIterable {
  // Anomalies.
  case number, id, severity, kind, kindName, amount, owedTo, channel
  case channelSerial, merchantOrder, ledgerSerial, refundSerial, serial, account, parties, time
  case paid, credited, explanation, basis, description, action, firstSeen, status
  case evidence, evidenceText
  // Totals and statements.
  case source, side, payments, refunds, fees, credits, reversals, difference
  case file, format, period, rowsRead, accepted, rule, rows, decidedBy, waitsFor, decision
  case paidAt, creditedAt, age

  /// The column's heading.
  public var label: Wording {
    switch self {
    case .number: Wording(zh: "序号", en: "No.")
    case .id: Wording(zh: "差错编号", en: "Id")
    case .severity: Wording(zh: "严重程度", en: "Severity")
    case .kind: Wording(zh: "差错类型", en: "Kind")
    case .kindName: Wording(zh: "类型代码", en: "Kind code")
    case .amount: Wording(zh: "金额（元）", en: "Amount (CNY)")
    case .owedTo: Wording(zh: "应归", en: "Owed to")
    case .channel: Wording(zh: "渠道", en: "Channel")
    case .channelSerial: Wording(zh: "渠道流水号", en: "Channel serial")
    case .merchantOrder: Wording(zh: "商户订单号", en: "Merchant order")
    case .ledgerSerial: Wording(zh: "一卡通流水号", en: "Ledger serial")
    case .refundSerial: Wording(zh: "退款单号", en: "Refund serial")
    case .serial: Wording(zh: "流水号", en: "Serial")
    case .account: Wording(zh: "账号", en: "Account")
    case .parties: Wording(zh: "各人应得", en: "Owed to each")
    case .time: Wording(zh: "时间", en: "Time")
    case .paid: Wording(zh: "渠道扣款（元）", en: "Paid (CNY)")
    case .credited: Wording(zh: "一卡通入账（元）", en: "Credited (CNY)")
    case .explanation: Wording(zh: "差额原因", en: "Explanation")
    case .basis: Wording(zh: "配对依据", en: "Basis")
    case .description: Wording(zh: "说明", en: "Description")
    case .action: Wording(zh: "处理建议", en: "Recommended action")
    case .firstSeen: Wording(zh: "首次发现", en: "First seen")
    case .status: Wording(zh: "状态", en: "Status")
    case .evidence: Wording(zh: "证据位置", en: "Evidence")
    case .evidenceText: Wording(zh: "证据原文", en: "Evidence text")
    case .source: Wording(zh: "来源", en: "Source")
    case .side: Wording(zh: "账簿", en: "Book")
    case .payments: Wording(zh: "渠道扣款", en: "Paid")
    case .refunds: Wording(zh: "渠道退款", en: "Refunded")
    case .fees: Wording(zh: "手续费", en: "Fees")
    case .credits: Wording(zh: "一卡通入账", en: "Credited")
    case .reversals: Wording(zh: "一卡通扣减", en: "Reversed")
    case .difference: Wording(zh: "差额", en: "Difference")
    case .file: Wording(zh: "文件", en: "File")
    case .format: Wording(zh: "格式", en: "Format")
    case .period: Wording(zh: "账期", en: "Period")
    case .rowsRead: Wording(zh: "读入行", en: "Rows read")
    case .accepted: Wording(zh: "采用行", en: "Accepted")
    case .rule: Wording(zh: "规则", en: "Rule")
    case .rows: Wording(zh: "行数", en: "Rows")
    case .decidedBy: Wording(zh: "判定日", en: "Decided by")
    case .age: Wording(zh: "账龄（天）", en: "Age (days)")
    case .paidAt: Wording(zh: "扣款时间", en: "Paid at")
    case .creditedAt: Wording(zh: "入账时间", en: "Credited at")
    case .decision: Wording(zh: "处理记录", en: "Decision")
    case .waitsFor: Wording(zh: "等待", en: "Waits for")
    }
  }
}
