import Payments

// The way of the money in a terminal.

extension TerminalSections {
  /// Both ends of every leg; legs without any book of their own are counted in one line.
  mutating func legs() {
    guard !report.legs.isEmpty else { return }
    let judged = report.legs.filter { $0.lacks == nil }
    page.section(isChinese ? "资金勾稽（笔数，元）" : "Way of the money (rows, CNY)")
    if !judged.isEmpty {
      let words: [PaperWord] = [.sent, .arrived, .matchedFen, .inTransit, .openFen]
      var table = TextTable(
        [
          column(.channel, minimum: 8),
          TextTable.Column(PaperWord.leg.label(language), minimum: 12),
          TextTable.Column(PaperWord.state.label(language)),
        ] + words.map { TextTable.Column($0.label(language), isRight: true) })
      for leg in judged {
        let sums = leg.sums
        let name = leg.channel.label(language) + (leg.owner.isEmpty ? "" : " " + leg.owner)
        table.rows.append(
          [PlainText.neutralised(name), leg.leg.label(language), leg.state(language)]
            + [
              sums.opening + sums.sent, sums.arrived, sums.matched,
              sums.inTransit + sums.notProven, sums.open + sums.unexplained,
            ].map { "\(phrases.count($0.rows)) / \(Money.yuan($0.fen))" })
      }
      page.table(table)
    }
    for leg in report.legs where leg.lacks != nil {
      let name = leg.channel.label(language) + (leg.owner.isEmpty ? "" : " " + leg.owner)
      page.paragraph(
        "  ",
        PlainText.neutralised(name) + (isChinese ? "，" : ", ") + leg.leg.label(language)
          + (isChinese ? "：" : ": ") + leg.state(language), .dim)
    }
  }
}
