public import Payments

/// `report-mail.txt`: what a cron job mails. The verdict, the counts, the worst cases with amount and
/// serial, and where the reports are; no account, no name.
public enum MailReport {
  /// Cases named one by one.
  public static let worst = 3

  /// The text, ending in a line feed.
  ///
  /// - Parameters:
  ///   - folder: where the reports are, as the reader finds them.
  ///   - news: what else the run did, a line each.
  ///   - head: the last link of the chain, as a sentence: a mail is kept where the history is not.
  public static func render(
    _ report: DayReport, folder: String, options: ReportOptions = ReportOptions(),
    news: [String] = [], head: String? = nil
  ) -> String {
    let language = options.language
    let isChinese = language == .zh
    let phrases = Phrases(language: language)
    let headline = Headline(report, language)
    var lines = [headline.sentence()]
    if let owed = headline.owedInAll() { lines.append(owed) }
    lines += (report.standing(language) + news).map { "* " + PlainText.neutralised($0) }
    if let mark = report.decidedUpTo { lines.append(mark.sentence(language)) }
    for (fault, reported) in report.troubles where fault.kind != .statementDuplicate {
      let statement = reported.statement
      let source = statement.side == .ledger ? Side.ledger.label : statement.channel.label
      let name = statement.file.isEmpty ? source(language) : statement.file
      lines.append(
        "! " + PlainText.neutralised("\(fault.kind.label(language)) \(name): ")
          + PlainText.neutralised(options.words(fault.detail)))
    }
    let worst = headline.worst(Self.worst)
    if !worst.isEmpty { lines += ["", isChinese ? "金额最大的几笔：" : "The largest cases:"] }
    for anomaly in worst {
      let serial =
        anomaly.channelSerial ?? anomaly.ledgerSerial ?? anomaly.merchantOrder
        ?? anomaly.refundSerial ?? anomaly.id
      let parts = [
        anomaly.kind.label(language), phrases.yuan(anomaly.leftFen),
        anomaly.channel.known?.label(language) ?? "", PlainText.neutralised(serial),
        PlainText.neutralised(anomaly.id),
      ]
      lines.append("  " + parts.filter { !$0.isEmpty }.joined(separator: "  "))
    }
    if headline.toDo > worst.count {
      let rest = phrases.count(headline.toDo - worst.count)
      lines.append("  " + (isChinese ? "另有 \(rest) 笔，见报告。" : "\(rest) more, see the reports."))
    }
    lines += ["", (isChinese ? "报告：" : "Reports: ") + PlainText.neutralised(folder)]
    lines.append("  report.html  report.xlsx  report.txt  report.json  anomalies.csv")
    if let head {
      lines += [
        "", head,
        isChinese
          ? "  请留存本邮件：日后 cardrecon verify --head 可据此查出此前的记录是否被改写或删去。"
          : "  Keep this mail: by it `cardrecon verify --head` finds whether anything before was rewritten or "
            + "removed.",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
