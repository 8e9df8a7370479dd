import Payments

/// The words of the pages that are no label of a value, in both languages.
enum PageWord: String, CaseIterable {
  case skip, report, contents, first, faults, totals, totalsNote, anomalies, search, hits
  case noAnomalies, pending, nonePending, weak, weakNote, statements, checks, conservation
  case conservationNote, adds, excluded, rejections, reason, footer
  case byKind, byChannel, byHour, byAge, channelNet, ledgerNet, allFine, total
  case openLosses, openControls, notices, waiting, rowsChecked, matchedRows
  case heldEffect, voidEffect, days, evidence, moreRejections
  case recent, books, judgedAgain, newLosses, index, verdicts, trend, openNow, amountDue, noDays,
    months, day,
    verdict,
    latest, keepHead
  case life, asked, found, decisions, noDecisions, next, signStudent, signClerk, signReviewer
  case flow, flowNote
  case searched, missing, candidates, nothing, caseNote, reissued, moreChanges

  var wording: Wording {
    switch self {
    case .skip: Wording(zh: "跳到正文", en: "Skip to the report")
    case .report: Wording(zh: "校园卡充值对账日报", en: "Campus card top-ups, daily reconciliation")
    case .contents: Wording(zh: "目录", en: "Contents")
    case .first: Wording(zh: "先做这几件事", en: "Do these first")
    case .faults: Wording(zh: "账单问题", en: "Statements in doubt")
    case .totals: Wording(zh: "渠道与一卡通合计", en: "Channels against the ledger")
    case .totalsNote:
      Wording(
        zh: "笔数 / 金额（元）。差额 = （渠道扣款 − 渠道退款）−（一卡通入账 − 一卡通扣减）；在途与差错都在其中。",
        en: "Rows / CNY. Difference = (paid − refunded) − (credited − reversed); what is pending "
          + "or wrong is in it.")
    case .anomalies: Wording(zh: "差错明细", en: "Anomalies")
    case .search:
      Wording(
        zh: "搜索：流水号、订单号、账号、金额、文件（按 / 跳到这里）",
        en: "Search serials, orders, accounts, amounts, files (press / to come here)")
    case .hits: Wording(zh: "显示 {n} / {of} 项", en: "{n} of {of} shown")
    case .noAnomalies: Wording(zh: "没有差错。", en: "No anomalies.")
    case .pending: Wording(zh: "在途", en: "Pending")
    case .nonePending: Wording(zh: "没有在途项。", en: "Nothing is pending.")
    case .weak: Wording(zh: "弱证据配对", en: "Matched on weak evidence")
    case .weakNote:
      Wording(
        zh: "这些行没有共同的流水号，只凭人、金额和时间相符而配对。",
        en: "No serial joins these rows; person, amount and time do.")
    case .statements: Wording(zh: "对账文件", en: "Statements")
    case .checks: Wording(zh: "汇总（账单所载 / 重算）", en: "Totals (stated / recomputed)")
    case .conservation: Wording(zh: "逐行守恒", en: "Every row accounted for")
    case .conservationNote:
      Wording(
        zh: "读入的每一行恰好落在一类：各类行数与金额之和等于读入数，否则不会发布本报告。",
        en: "Each row read ends in exactly one bucket; rows and amounts add up, or nothing is "
          + "published.")
    case .adds: Wording(zh: "相加", en: "Adds up")
    case .excluded: Wording(zh: "按规则排除", en: "Left out by rule")
    case .rejections: Wording(zh: "无法解析的行", en: "Rows that could not be read")
    case .reason: Wording(zh: "原因", en: "Reason")
    case .footer:
      Wording(
        zh:
          "cardrecon 生成。流水号完整显示；姓名与账号已遮盖，除非另行授权。机器可读的同一份报告：report.json；校验：sha256sum -c manifest.sha256。",
        en: "Written by cardrecon. Serials are whole; names and account numbers are masked unless "
          + "authorised. The same for machines: report.json; check with sha256sum -c "
          + "manifest.sha256.")
    case .byKind: Wording(zh: "差错笔数与金额，按类型", en: "Anomalies by kind: count and amount")
    case .byChannel: Wording(zh: "两边净额，按渠道（元）", en: "Both books by channel, net (CNY)")
    case .byHour: Wording(zh: "差错发生时刻（笔）", en: "Anomalies by hour of day (count)")
    case .byAge: Wording(zh: "未结差错账龄（笔）", en: "Age of open anomalies (count)")
    case .channelNet: Wording(zh: "渠道扣款减退款", en: "paid less refunded")
    case .ledgerNet: Wording(zh: "一卡通入账减扣减", en: "credited less reversed")
    case .allFine: Wording(zh: "无问题", en: "fine")
    case .total: Wording(zh: "合计", en: "Total")
    case .openLosses: Wording(zh: "待处理资金差错", en: "Open losses")
    case .openControls: Wording(zh: "凭证与流程", en: "Control findings")
    case .notices: Wording(zh: "提示", en: "Notices")
    case .waiting: Wording(zh: "在途", en: "Pending")
    case .rowsChecked: Wording(zh: "核对行数", en: "Rows checked")
    case .matchedRows: Wording(zh: "平账", en: "matched")
    case .heldEffect: Wording(zh: "这份账单的行一律未采用。", en: "None of its rows is used.")
    case .voidEffect:
      Wording(zh: "这份账单不能证明整个账期。", en: "It cannot speak for its whole period.")
    case .days: Wording(zh: "天", en: "days")
    case .evidence: Wording(zh: "证据", en: "Evidence")
    case .moreRejections: Wording(zh: "其余见 report.json。", en: "The rest is in report.json.")
    case .books: Wording(zh: "账册与日期", en: "Books by day")
    case .judgedAgain: Wording(zh: "补对与重新判定", en: "Made up for, or judged again")
    case .recent: Wording(zh: "最近各日", en: "Recent days")
    case .newLosses: Wording(zh: "新发现资金差错", en: "New losses")
    case .index: Wording(zh: "校园卡充值对账", en: "Campus card top-ups reconciled")
    case .verdicts: Wording(zh: "各日结论", en: "Verdicts by day")
    case .trend: Wording(zh: "每日新发现的资金差错（笔）", en: "New losses by day (count)")
    case .openNow: Wording(zh: "现在未结", en: "Open now")
    case .amountDue: Wording(zh: "涉及金额", en: "Amount concerned")
    case .noDays: Wording(zh: "尚未发布任何一天。", en: "No day has been published yet.")
    case .months: Wording(zh: "月报", en: "Monthly reports")
    case .day: Wording(zh: "日期", en: "Day")
    case .verdict: Wording(zh: "结论", en: "Verdict")
    case .latest: Wording(zh: "最近一天", en: "Latest day")
    case .keepHead:
      Wording(
        zh: "抄存别处，日后用 cardrecon verify --head 核对。",
        en: "keep it elsewhere and ask for it with `cardrecon verify --head`.")
    case .life: Wording(zh: "交易流水查询单", en: "The life of a payment")
    case .asked: Wording(zh: "查询", en: "Asked for")
    case .found: Wording(zh: "经过", en: "What happened")
    case .decisions: Wording(zh: "处理记录", en: "Decisions")
    case .noDecisions: Wording(zh: "尚无处理记录。", en: "No decision recorded yet.")
    case .next: Wording(zh: "现在该做什么", en: "What to do now")
    case .signStudent: Wording(zh: "申请人", en: "Applicant")
    case .signClerk: Wording(zh: "经办", en: "Clerk")
    case .signReviewer: Wording(zh: "复核", en: "Reviewer")
    case .flow: Wording(zh: "资金勾稽", en: "Way of the money")
    case .flowNote:
      Wording(
        zh: "笔数 / 金额（元）。每个环节：期初在途 + 转出 = 已勾稽 + 期末在途 + 未证明 + 差错。",
        en:
          "Rows / CNY. On each leg: in transit before + sent = matched + in transit after + not proven + "
          + "wrong.")
    case .searched: Wording(zh: "已查找", en: "Searched")
    case .reissued: Wording(zh: "重新下发后改动的行", en: "Rows changed when issued again")
    case .moreChanges:
      Wording(zh: "此处未全列出，所有版本都在归档中。", en: "Not all listed; every issue is in the archive.")
    case .missing: Wording(zh: "缺少或未采用的账单", en: "Statements missing or not used")
    case .candidates: Wording(zh: "以此结尾的流水号", en: "Serials that end so")
    case .nothing: Wording(zh: "没有找到。", en: "Not found.")
    case .caseNote:
      Wording(
        zh: "本单由对账历史生成，引用归档账单的原始行；每行注明文件、行号与文件的 SHA-256。",
        en:
          "Made from the reconciliation's history: rows quoted from the archived statements, each "
          + "with file, line and the file's SHA-256.")
    }
  }

  /// All words in a language, by name.
  static func all(_ language: Language) -> [String: String] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.wording(language)) })
  }
}
