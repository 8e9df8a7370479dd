import Payments

/// Lays a report out as papers.
struct Papers {
  let report: DayReport
  let options: ReportOptions
  let context: PaperContext

  var language: Language { options.language }
  var phrases: Phrases { Phrases(language: options.language) }

  /// One paper.
  func paper(_ name: PaperName) -> Paper {
    switch name {
    case .summary: summary()
    case .anomalies: anomalies()
    case .pending: pending()
    case .statements: statements()
    case .aging: aging()
    case .flow: flow()
    case .payouts: payouts()
    case .accounts: accounts()
    case .fees: fees()
    case .adjustment: adjustment()
    case .notes: notes()
    case .conservation: conservation()
    }
  }

  // MARK: - Both books

  private func summary() -> Paper {
    var paper = Paper(
      .summary,
      [
        PaperColumn(.channel, 120), PaperColumn(PaperWord.paymentRows.label, 80, isSummed: true),
        PaperColumn(.payments, 115, isSummed: true),
        PaperColumn(PaperWord.refundRows.label, 80, isSummed: true),
        PaperColumn(.refunds, 115, isSummed: true), PaperColumn(.fees, 95, isSummed: true),
        PaperColumn(PaperWord.creditRows.label, 80, isSummed: true),
        PaperColumn(.credits, 115, isSummed: true),
        PaperColumn(PaperWord.reversalRows.label, 80, isSummed: true),
        PaperColumn(.reversals, 115, isSummed: true), PaperColumn(.difference, 115, isSummed: true),
      ])
    paper.capitals = 10
    paper.absence = PaperWord.nothing.label
    paper.rows = report.sources.map { line in
      [
        .text(Labels.source(line.source)(language)), .count(line.payments.rows),
        .amount(line.payments.fen), .count(line.refunds.rows), .amount(line.refunds.fen),
        .amount(Int128(line.feeFen)), .count(line.credits.rows), .amount(line.credits.fen),
        .count(line.reversals.rows), .amount(line.reversals.fen), .amount(line.differenceFen),
      ]
    }
    return paper
  }

  private func conservation() -> Paper {
    let buckets = Bucket.allCases.flatMap { bucket in
      let rows = Wording(zh: bucket.label.zh + "行数", en: bucket.label.en + " rows")
      let money = Wording(zh: bucket.label.zh + "金额", en: bucket.label.en + " amount")
      return [PaperColumn(rows, 60, isSummed: true), PaperColumn(money, 100, isSummed: true)]
    }
    var paper = Paper(
      .conservation,
      [
        PaperColumn(.side, 60), PaperColumn(.source, 90),
        PaperColumn(.rowsRead, 60, isSummed: true),
        PaperColumn(PaperWord.readFen.label, 100, isSummed: true),
      ] + buckets + [PaperColumn(PaperWord.balance.label, 60)])
    paper.rows = report.conservation.map { line in
      let cells = Bucket.allCases.flatMap { bucket -> [PaperCell] in
        let tally = line.buckets[bucket] ?? Tally()
        return [.count(tally.rows), .amount(tally.fen)]
      }
      let proof = line.isBalanced ? Wording(zh: "是", en: "yes") : Wording(zh: "否", en: "no")
      return [
        .text(line.side.label(language)), .text(Labels.source(line.source)(language)),
        .count(line.read.rows), .amount(line.read.fen),
      ] + cells + [.text(proof(language))]
    }
    return paper
  }

  // MARK: - Cases

  private func anomalies() -> Paper {
    var paper = Paper(
      .anomalies,
      [
        PaperColumn(.number, 46), PaperColumn(.id, 124), PaperColumn(.severity, 70),
        PaperColumn(.kind, 92), PaperColumn(.amount, 84, isSummed: true), PaperColumn(.owedTo, 64),
        PaperColumn(.channel, 76), PaperColumn(.channelSerial, 124),
        PaperColumn(.merchantOrder, 108), PaperColumn(.ledgerSerial, 96),
        PaperColumn(.account, 92), PaperColumn(.time, 122), PaperColumn(.description, 260),
        PaperColumn(.status, 62), PaperColumn(.outcome, 72), PaperColumn(.who, 60),
        PaperColumn(.reviewer, 60), PaperColumn(ClerkColumn.day, 78), PaperColumn(.document, 84),
        PaperColumn(.note, 96),
      ])
    (paper.isList, paper.capitals, paper.rowPixels) = (true, 4, 58)
    paper.absence = PaperWord.nothing.label
    paper.rows = report.anomalies.enumerated().map { index, anomaly in
      [
        .count(index + 1), .serial(anomaly.id), .text(anomaly.severity.label(language)),
        .text(anomaly.kind.label(language)), .amount(Int128(anomaly.amountFen)),
        .text(anomaly.owedTo.label(language)),
        .text(anomaly.channel.known?.label(language) ?? ""), .serial(anomaly.channelSerial),
        .serial(anomaly.merchantOrder), .serial(anomaly.ledgerSerial),
        .serial(options.account(anomaly.account)), .time(anomaly.time),
        .text(anomaly.description(in: language)), .text(anomaly.statusWords(language)),
      ] + ClerkColumn.allCases.map { _ in .entry }
    }
    return paper
  }

  private func pending() -> Paper {
    var paper = Paper(
      .pending,
      [
        PaperColumn(.number, 50), PaperColumn(.channel, 90),
        PaperColumn(.amount, 100, isSummed: true), PaperColumn(.time, 130),
        PaperColumn(.channelSerial, 220), PaperColumn(.merchantOrder, 180),
        PaperColumn(.ledgerSerial, 150), PaperColumn(.waitsFor, 70), PaperColumn(.decidedBy, 80),
      ])
    (paper.isList, paper.capitals, paper.absence) = (true, 2, PaperWord.nothing.label)
    paper.rows = report.pending.enumerated().map { index, item in
      [
        .count(index + 1), .text(item.channel.known?.label(language) ?? ""),
        .amount(Int128(item.amountFen)), .time(item.time), .serial(item.channelSerial),
        .serial(item.merchantOrder), .serial(item.ledgerSerial), .text(item.waitsFor(language)),
        .day(item.decidedBy),
      ]
    }
    return paper
  }

  private func statements() -> Paper {
    var paper = Paper(
      .statements,
      [
        PaperColumn(.number, 50), PaperColumn(.file, 230), PaperColumn(.format, 100),
        PaperColumn(.source, 90), PaperColumn(.period, 90),
        PaperColumn(.rowsRead, 60, isSummed: true), PaperColumn(.accepted, 60, isSummed: true),
        PaperColumn(PaperWord.readFen.label, 110, isSummed: true),
        PaperColumn(PaperWord.faults.label, 130), PaperColumn(PaperWord.sha256.label, 240),
      ])
    (paper.isList, paper.capitals, paper.rowPixels) = (true, 7, 40)
    paper.absence = PaperWord.nothing.label
    paper.rows = report.statements.enumerated().map { index, reported in
      let statement = reported.statement
      let source = statement.side == .ledger ? Side.ledger.label : statement.channel.label
      let faults = statement.faults.map { $0.kind.label(language) }.joined(
        separator: language == .zh ? "；" : "; ")
      return [
        .count(index + 1), .text(statement.file), .text(statement.format),
        .text(source(language)), .text(period(of: statement)), .count(statement.read.rows),
        .count(statement.accepted), .amount(statement.read.fen),
        .text(faults.isEmpty ? PaperWord.nothing.label(language) : faults),
        .serial(statement.sha256),
      ]
    }
    return paper
  }

  private func period(of statement: Statement) -> String {
    guard let from = statement.from, let to = statement.to else {
      return (statement.from ?? statement.to)?.description ?? ""
    }
    return phrases.period(min(from, to)...max(from, to))
  }
}
