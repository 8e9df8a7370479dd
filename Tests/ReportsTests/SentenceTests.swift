import Payments
import Reports
import Testing

@Suite("Sentences")
struct SentenceTests {
  @Test("Every kind is described with amount, time and owner in both languages")
  func descriptions() {
    for owedTo in OwedTo.allCases {
      // No money is missing with a number.
      for anomaly in Sample.everyKind(owedTo: owedTo) where anomaly.kind != .serialGap {
        let zh = anomaly.description(in: .zh)
        let en = anomaly.description(in: .en)
        for text in [zh, en] {
          #expect(text.contains("¥"), "\(text)")
          #expect(text.contains("2026-11-02 10:00:05"), "\(text)")
        }
        #expect(!en.unicodeScalars.contains { (0x2E80...0xFFEF).contains($0.value) }, "\(en)")
      }
    }
  }

  @Test("A mismatch tells both amounts, the difference and the reason")
  func mismatches() {
    #expect(
      Sample.mismatch().description(in: .zh)
        == "渠道扣款 ¥52.00（2026-11-02 11:00:00），一卡通入账 ¥50.00，相差 ¥2.00（手续费）；不涉及退补")
    var anomaly = Sample.mismatch()
    anomaly.explanation = .unit
    anomaly.paidFen = nil
    anomaly.owedTo = .school
    #expect(
      anomaly.description(in: .en)
        == "Paid and credited amounts differ by ¥2.00 (2026-11-02 11:00:00): "
        + "fen taken for yuan; ¥2.00 owed to the school")
  }

  @Test(
    "How late a credit was is told in its two largest units",
    arguments: [
      (320, "5 分 20 秒"), (7_200, "2 小时"), (90_061, "1 天 1 小时"), (0, "0 秒"), (121, "2 分 1 秒"),
    ] as [(Int64, String)])
  func delays(seconds: Int64, words: String) {
    var anomaly = Sample.debited()
    anomaly.kind = .lateCredit
    anomaly.delaySeconds = seconds
    #expect(anomaly.description(in: .zh).contains("后 \(words)才到账"))
  }

  @Test("A duplicate debit is refunded on the next refund-desk day")
  func refundDesk() {
    var anomaly = Sample.debited()
    anomaly.kind = .duplicateDebit
    let settings = ActionSettings()
    #expect(
      anomaly.action(settings, reportDay: Sample.day, in: .zh)
        == "退还多扣的 ¥50.00：下一个周三 2026-11-04 下午在校园卡服务中心办理")
    #expect(
      anomaly.action(settings, reportDay: Sample.day, in: .en)
        == "Refund the extra ¥50.00: next Wednesday 2026-11-04, afternoon, at the card centre")
    anomaly.dueDay = Sample.day.adding(9)
    #expect(
      anomaly.action(settings, reportDay: Sample.day, in: .zh).contains("下一个周三 2026-11-11 下午"))
  }

  @Test(
    "The refund-desk day lies after the report's day",
    arguments: [(1, 2), (2, 1), (3, 7), (4, 6), (5, 5), (6, 4), (7, 3)])
  func refundDeskDays(weekday: Int, ahead: Int32) {
    let day = Sample.day.adding(Int32(weekday - 1))
    #expect(day.weekday == weekday)
    #expect(ActionSettings().refundDeskDay(after: day) == day.adding(ahead))
  }

  @Test("A weekday outside the week does no harm", arguments: [-8, 0, 8, 99])
  func oddWeekdays(weekday: Int) {
    let settings = ActionSettings(refundDeskWeekday: weekday)
    let due = settings.refundDeskDay(after: Sample.day)
    #expect(due > Sample.day && due <= Sample.day.adding(7))
  }

  @Test("Every kind has an action in both languages")
  func actions() {
    let settings = ActionSettings(servicePhone: "010-62345678")
    for anomaly in Sample.everyKind() + [Sample.mismatch()] {
      let zh = anomaly.action(settings, reportDay: Sample.day, in: .zh)
      let en = anomaly.action(settings, reportDay: Sample.day, in: .en)
      #expect(zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
      #expect(!en.isEmpty && !en.unicodeScalars.contains { $0.value > 0x2E7F }, "\(en)")
    }
    #expect(
      Sample.debited().action(settings, reportDay: Sample.day, in: .zh)
        == "核实后补入账 ¥50.00，或原路退款；保留付款凭证；服务电话 010-62345678")
  }

  @Test("A mismatch is corrected in the direction of what is owed")
  func mismatchActions() {
    var anomaly = Sample.mismatch()
    func action() -> String {
      anomaly.action(ActionSettings(), reportDay: Sample.day, in: .zh)
    }
    #expect(action() == "差额已有原因（手续费），留存凭证，无需退补")
    anomaly.explanation = Explanation.none
    anomaly.owedTo = .student
    #expect(action() == "用付款凭证核对充值记录，补差 ¥2.00")
    anomaly.owedTo = .school
    #expect(action() == "用付款凭证核对充值记录，冲减 ¥2.00")
  }

  @Test("A due day is named; what is settled is not done again")
  func dueAndDone() {
    var anomaly = Sample.debited()
    anomaly.dueDay = Sample.day.adding(1)
    #expect(
      anomaly.action(ActionSettings(), reportDay: Sample.day, in: .zh)
        .hasSuffix("；最迟 2026-11-03（周二）"))
    anomaly.status = .resolved
    #expect(
      anomaly.action(ActionSettings(), reportDay: Sample.day, in: .zh) == "已有处理记录，勿重复办理")
    anomaly.status = .closed
    #expect(
      anomaly.action(ActionSettings(), reportDay: Sample.day, in: .en)
        == "Settled by later statements; nothing to do")
  }
}
