import Payments
import Reports
import Testing

@Suite("Terminal report")
struct TerminalReportTests {
  @Test("A day reads as expected in Chinese")
  func golden() {
    #expect(TerminalReport.render(Sample.report()) == chineseDay)
  }

  @Test("The same day in English has no Chinese but what the files say")
  func english() {
    let text = TerminalReport.render(Sample.report(), options: ReportOptions(language: .en))
    #expect(text.hasPrefix("2026-11-02 does not balance: 1 loss, 1 notice, 1 pending.\n"))
    #expect(text.contains("owed to students ¥50.00 (1)"))
    #expect(text.contains("\n  Row by row: 6 rows read = matched 4 + anomalous 1 + excluded 1\n"))
    let quoted = ["微信账单", "金额", "张"]
    var rest = text
    for word in quoted { rest = rest.split(separator: word).joined() }
    #expect(!rest.unicodeScalars.contains { (0x2E80...0xFFEF).contains($0.value) })
  }

  @Test("The first line is the verdict, faults come before totals")
  func order() throws {
    var report = Sample.report()
    report.verdict = .incomplete
    report.statements.append(Sample.missingStatement())
    let text = TerminalReport.render(report)
    #expect(text.hasPrefix("2026-11-02 账单不全，不能结账：2 份账单缺失或有问题；资金差错 1 笔"))
    let faults = try #require(text.firstRange(of: "\n账单问题\n"))
    let totals = try #require(text.firstRange(of: "\n渠道与一卡通合计"))
    let losses = try #require(text.firstRange(of: "\n资金差错（1）"))
    #expect(faults.lowerBound < totals.lowerBound && totals.lowerBound < losses.lowerBound)
    #expect(text.contains("文件缺失：支付宝 2026-11-02\n    请从商家平台下载当日账单"))
  }

  @Test("A balanced day says so and has nothing to list")
  func balanced() {
    var report = DayReport(days: Sample.day...Sample.day, verdict: .balanced)
    report.conservation = [
      ConservationLine(
        side: .channel, source: "wechat", read: Tally(rows: 1_234, fen: 6_170_000),
        buckets: [.matched: Tally(rows: 1_234, fen: 6_170_000)])
    ]
    #expect(
      TerminalReport.render(report) == """
        2026-11-02 账平：渠道与一卡通逐笔相符，共核对 1,234 行；没有待处理的差错。

        守恒
          逐行守恒：读入 1,234 行 = 平账 1,234
          金额守恒：读入 ¥61,700.00 = 平账 ¥61,700.00

        """)
  }

  @Test("A day without any statement says so")
  func nothingAtAll() {
    let report = DayReport(days: Sample.day...Sample.day, verdict: .incomplete)
    #expect(TerminalReport.render(report) == "2026-11-02 账单不全，不能结账：没有账单；没有待处理的差错。\n")
    #expect(
      TerminalReport.render(report, options: ReportOptions(language: .en))
        == "2026-11-02 is incomplete and cannot be closed: no statements; no open anomaly.\n")
  }

  @Test("A source whose rows do not add up is named")
  func brokenConservation() {
    var report = Sample.report()
    report.conservation[1].buckets[.excluded] = nil
    let text = TerminalReport.render(report)
    #expect(text.contains("守恒不成立"))
    #expect(text.contains("逐行守恒（一卡通）：读入 3 行 ≠ 平账 2"))
  }

  @Test("A long list is cut at the limit and says where the rest is")
  func limits() {
    var report = Sample.report()
    var losses: [ReportedAnomaly] = []
    for index in 0..<50 {
      var anomaly = Sample.debited()
      anomaly.id = "d-\(index)"
      losses.append(anomaly)
    }
    losses[0].evidence = Array(repeating: losses[0].evidence[0], count: 30)
    report.anomalies = losses
    report.pending = Array(repeating: report.pending[0], count: 45)
    let text = TerminalReport.render(
      report, layout: TerminalLayout(fullListing: "reports/2026-11-02/report.json"))
    #expect(text.contains("d-39，") && !text.contains("d-40，"))
    #expect(text.contains("另有 10 项未列出，见 reports/2026-11-02/report.json"))
    #expect(text.contains("另有 5 项未列出"))
    #expect(text.contains("另有 18 行，见 reports/2026-11-02/report.json"))
    #expect(text.contains("应付师生 ¥2,500.00（50 笔）"))
    let all = TerminalReport.render(report, layout: TerminalLayout(limit: 100))
    #expect(all.contains("d-49，") && !all.contains("项未列出"))
  }

  @Test("What is settled is listed but no longer counted or owed")
  func settled() {
    var report = Sample.report()
    report.anomalies[0].status = .resolved
    let text = TerminalReport.render(report)
    #expect(text.hasPrefix("2026-11-02 账不平：提示 1 笔，在途 1 笔。\n\n"))
    #expect(text.contains("已处理") && text.contains("勿重复办理"))
  }

  @Test(
    "Serials and amounts are whole however narrow the terminal", arguments: [1, 20, 40, 80, 200])
  func narrow(width: Int) {
    for language in Language.allCases {
      let text = TerminalReport.render(
        Sample.report(), options: ReportOptions(language: language),
        layout: TerminalLayout(width: width))
      for whole in ["4200002345202611020000000001", "CC20261102100000", "L0042", "2026-11-03"] {
        #expect(text.contains(whole), "\(width) \(whole)")
      }
      #expect(text.contains(" 50.00"))
    }
  }

  @Test("Lines keep to the width when nothing in them is longer")
  func width() {
    for line in TerminalReport.render(Sample.report(), layout: TerminalLayout(width: 90))
      .split(separator: "\n")
    {
      #expect(DisplayWidth.of(line) <= 90, "\(line)")
    }
  }

  @Test("Colours appear only when asked, and change nothing else")
  func colours() {
    let plain = TerminalReport.render(Sample.report())
    let coloured = TerminalReport.render(Sample.report(), layout: TerminalLayout(color: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.hasPrefix("\u{1B}[1;31m2026-11-02"))
    #expect(coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
  }

  @Test("The summary is one line")
  func summary() {
    #expect(
      TerminalReport.summaryLine(Sample.report())
        == "2026-11-02 账不平：读入 6 行，资金差错 1，凭证与流程 0，提示 1，在途 1，问题账单 1，应付师生 ¥50.00（1 笔）")
    #expect(
      TerminalReport.summaryLine(Sample.report(), language: .en)
        == "2026-11-02 not balanced: read 6 rows, loss 1, control 0, notice 1, pending 1, "
        + "statements in doubt 1, owed to students ¥50.00 (1)")
    var report = Sample.report()
    report.verdict = .incomplete
    report.days = Sample.day...Sample.day.adding(1)
    report.statements.append(Sample.missingStatement())
    #expect(
      TerminalReport.summaryLine(report).hasPrefix("2026-11-02 至 2026-11-03 账单不全：读入 6 行"))
    #expect(TerminalReport.summaryLine(report).contains("问题账单 2"))
  }
}

private let chineseDay = """
  2026-11-02 账不平：资金差错 1 笔，提示 1 笔，在途 1 笔。
  应付师生 ¥50.00（1 笔）

  账单问题
    行无法解析：ledger.csv:77「金额」列
      第 77 行的金额读不出来

  渠道与一卡通合计（笔数，元）
    渠道        渠道扣款  渠道退款  一卡通入账  一卡通扣减   差额
    微信支付  3 / 150.00  0 / 0.00  2 / 100.00    0 / 0.00  50.00

  资金差错（1）
    序号  差错类型        金额（元）  应归  渠道      时间                 账号
       1  扣款成功未到账       50.00  师生  微信支付  2026-11-02 10:00:05  2023****88
        说明  渠道已扣款 ¥50.00（2026-11-02 10:00:05），一卡通未入账；应付师生 ¥50.00
        流水  渠道流水号 4200002345202611020000000001，商户订单号 CC20261102100000
        处理  核实后补入账 ¥50.00，或原路退款；保留付款凭证
        证据  渠道 微信账单.csv:12
                10:00:05,`4200002345202611020000000001,张*,2023****88,50.00
        编号  d-7f3a90，首次发现 2026-11-02

  提示（1）
    序号  差错类型  金额（元）  应归  渠道          时间                 账号
       1  金额不符        2.00  无    中国工商银行  2026-11-02 11:00:00
        说明  渠道扣款 ¥52.00（2026-11-02 11:00:00），一卡通入账 ¥50.00，相差 ¥2.00（手续费）；不涉及
              退补
        流水  商户订单号 CC20261102110000，一卡通流水号 L0042
        处理  差额已有原因（手续费），留存凭证，无需退补
        证据  一卡通 ledger.csv:3
                L0042,50.00
        编号  m-11c0de，首次发现 2026-11-01，重新打开

  无法解析的行（1）
    ledger.csv:77 第 5 列「金额」
      应为两位小数的金额，读到 5O.00
      L0077,2023****88,张*,5O.00

  在途/存疑（1）：等待后续账单判定
    渠道  金额（元）  时间                 流水号            等待  判定日
               20.00  2026-11-02 23:59:00  CC20261102235900  渠道  2026-11-03

  按规则排除
    规则        账簿    来源    行数  金额（元）
    非充值业务  一卡通  一卡通     1       15.00

  账单
    文件          格式          来源      账期        读入行  采用行
    微信账单.csv  wechat-trade  微信支付  2026-11-02       3       3
    ledger.csv    card-ledger   一卡通    2026-11-02       3       2

  守恒
    逐行守恒：读入 6 行 = 平账 4 + 差错 1 + 排除 1
    金额守恒：读入 ¥265.00 = 平账 ¥200.00 + 差错 ¥50.00 + 排除 ¥15.00

  """
