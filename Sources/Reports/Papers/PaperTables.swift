import Payments

/// The papers that are worked out of the lists: ages, fees, the bank's adjustment, the notes.
extension Papers {
  /// 账龄分析表: open anomalies by kind and by days since they were first seen.
  func aging() -> Paper {
    let bands = ReportColumn.ageBands
    let columns = bands.flatMap { band in
      let label = ReportColumn.ageBand(band)
      return [
        PaperColumn(Wording(zh: label.zh + "笔数", en: label.en), 62, isSummed: true),
        PaperColumn(Wording(zh: label.zh + "金额", en: label.en + ", CNY"), 92, isSummed: true),
      ]
    }
    var paper = Paper(
      .aging,
      [PaperColumn(.kind, 190)] + columns + [
        PaperColumn(PaperWord.share.label, 60, isSummed: true),
        PaperColumn(.amount, 100, isSummed: true),
      ])
    (paper.capitals, paper.absence) = (columns.count + 2, PaperWord.nothing.label)
    var tallies: [AnomalyKind: [Tally]] = [:]
    for anomaly in report.anomalies where anomaly.status.isOpen {
      let today = report.days?.upperBound ?? anomaly.firstSeen
      let age = max(0, Int(today.number) - Int(anomaly.firstSeen.number))
      let band = bands.firstIndex { $0.contains(age) } ?? 0
      tallies[anomaly.kind, default: bands.map { _ in Tally() }][band].add(fen: anomaly.leftFen)
    }
    paper.rows = AnomalyKind.allCases.compactMap { kind in
      guard let tallies = tallies[kind] else { return nil }
      let all = tallies.reduce(Tally(), +)
      let cells = tallies.flatMap { [PaperCell.count($0.rows), .amount($0.fen)] }
      return [.text(kind.label(language))] + cells + [.count(all.rows), .amount(all.fen)]
    }
    return paper
  }

  /// 手续费核对表: what each channel charged, row by row, beside what its statement states.
  func fees() -> Paper {
    var paper = Paper(
      .fees,
      [
        PaperColumn(.channel, 130), PaperColumn(PaperWord.paymentRows.label, 90, isSummed: true),
        PaperColumn(.payments, 120, isSummed: true), PaperColumn(.refunds, 120, isSummed: true),
        PaperColumn(.fees, 110, isSummed: true), PaperColumn(PaperWord.rate.label, 90),
        PaperColumn(PaperWord.statedFee.label, 130, isSummed: true),
        PaperColumn(PaperWord.feeDifference.label, 110, isSummed: true),
      ])
    (paper.capitals, paper.absence) = (4, PaperWord.nothing.label)
    paper.rows = report.sources.map { line in
      let stated = statedFee(line.source)
      return [
        .text(Labels.source(line.source)(language)), .count(line.payments.rows),
        .amount(line.payments.fen), .amount(line.refunds.fen), .amount(Int128(line.feeFen)),
        .text(rate(line)), .amount(stated), .amount(stated.map { Int128(line.feeFen) - $0 }),
      ]
    }
    return paper
  }

  /// The fee total a channel's statements state; nil when none does.
  private func statedFee(_ source: String) -> Int128? {
    let totals = report.statements.filter {
      $0.statement.side == .channel && !$0.statement.isHeld && $0.statement.channel.name == source
    }.flatMap { $0.statement.totals.filter { !$0.isCount && $0.name.contains("手续费") } }
    let stated = totals.compactMap(\.stated)
    return stated.isEmpty ? nil : stated.reduce(0) { $0 + Int128($1) }
  }

  /// Fees by net payments: `0.60%`.
  private func rate(_ line: SourceLine) -> String {
    let net = line.payments.fen - line.refunds.fen
    guard net > 0, line.feeFen != 0 else { return "" }
    // A percentage with two decimals reads like yuan and fen.
    let scaled = Int128(line.feeFen) * 20_000 + (line.feeFen < 0 ? -net : net)
    return Money.yuan(scaled / (2 * net)) + "%"
  }

  // MARK: - The bank's adjustment

  /// 余额调节表: for every bank, from its net movement to the ledger's, item by item.
  ///
  /// What the anomalies and pending rows of the period do not name (rows of other days, refunds that
  /// wait) stands in a line of its own, so that both sides always meet.
  func adjustment() -> Paper {
    var paper = Paper(
      .adjustment,
      [
        PaperColumn(.channel, 140), PaperColumn(PaperWord.item.label, 280),
        PaperColumn(PaperWord.bookSide.label, 150), PaperColumn(Side.ledger.label, 150),
      ])
    paper.absence = PaperWord.noBank.label
    let banks = report.sources.filter { Channel(name: $0.source)?.isBank == true }
    paper.rows = banks.flatMap { line -> [[PaperCell]] in
      let items = adjustments(line.source)
      let name = Labels.source(line.source)(language)
      let (bank, ledger) = (
        line.payments.fen - line.refunds.fen, line.credits.fen - line.reversals.fen
      )
      let adjusted = bank + items.plus - items.minus
      func row(_ word: PaperWord, _ bank: Int128?, _ ledger: Int128?) -> [PaperCell] {
        [.text(name), .text(word.label(language)), .amount(bank), .amount(ledger)]
      }
      let balances = [(PaperWord.itemOpening, "OPBD"), (.itemClosing, "CLBD")].compactMap {
        word, code in balance(line.source, code).map { row(word, $0, nil) }
      }
      return balances + [
        row(.itemNet, bank, ledger), row(.itemAddToBank, items.plus, nil),
        row(.itemTakeFromBank, -items.minus, nil), row(.itemOther, ledger - adjusted, nil),
        row(.itemAdjusted, ledger, ledger),
      ]
    }
    return paper
  }

  /// A balance a bank's statement states, by its code in ISO 20022; nil unless exactly one does.
  private func balance(_ source: String, _ code: String) -> Int128? {
    let stated = report.statements.filter {
      $0.statement.side == .channel && !$0.statement.isHeld && $0.statement.channel.name == source
    }.flatMap { $0.statement.totals.filter { $0.name == code }.compactMap(\.stated) }
    return stated.count == 1 ? Int128(stated[0]) : nil
  }

  /// What stands in one of the books alone, of one source and the report's days; what people did about it since
  /// changes neither book of these days.
  private func adjustments(_ source: String) -> (plus: Int128, minus: Int128) {
    var (plus, minus) = (Int128(0), Int128(0))
    for anomaly in report.anomalies
    where anomaly.channel?.name == source && anomaly.status != .closed && isOfPeriod(anomaly.time) {
      let fen = Int128(anomaly.amountFen)
      switch anomaly.kind {
      case .creditedNotDebited, .duplicateCredit, .refundNotReversed, .orphanRefund: plus += fen
      case .debitedNotCredited, .duplicateDebit, .reversalNotRefunded: minus += fen
      case .amountMismatch:
        guard let paid = anomaly.paidFen, let credited = anomaly.creditedFen else { continue }
        if paid < credited { plus += Int128(credited) - Int128(paid) }
        if paid > credited { minus += Int128(paid) - Int128(credited) }
      default: continue
      }
    }
    for item in report.pending where item.channel?.name == source && isOfPeriod(item.time) {
      if item.waitsForLedger { minus += Int128(item.amountFen) }
      if !item.waitsForLedger { plus += Int128(item.amountFen) }
    }
    return (plus, minus)
  }

  private func isOfPeriod(_ time: Timestamp?) -> Bool {
    guard let time, let days = report.days else { return false }
    return days.contains(time.day)
  }

  // MARK: - The notes

  /// 运行说明: the verdict, the proof, the faults, and how the clerk works the sheet.
  func notes() -> Paper {
    var paper = Paper(
      .notes,
      [PaperColumn(PaperWord.item.label, 160), PaperColumn(PaperWord.content.label, 860)])
    paper.rowPixels = 40
    func add(_ word: PaperWord, _ text: String?) {
      guard let text, !text.isEmpty else { return }
      paper.rows.append([.text(word.label(language)), .text(text)])
    }
    let headline = Headline(report, language)
    add(.school, context.school)
    add(.day, phrases.period(report.days))
    add(.verdict, headline.sentence())
    add(.owed, headline.owedInAll())
    var all = ConservationLine(side: .channel, source: "", read: Tally(), buckets: [:])
    for line in report.conservation {
      all.read += line.read
      all.buckets.merge(line.buckets, uniquingKeysWith: +)
    }
    let used = Bucket.allCases.filter { (all.buckets[$0] ?? Tally()) != Tally() }
    func proof(_ total: String, _ say: (Tally) -> String) -> String {
      let parts = used.map { "\($0.label(language)) \(say(all.buckets[$0] ?? Tally()))" }
      return total + (all.isBalanced ? " = " : " ≠ ") + parts.joined(separator: " + ")
    }
    add(.proofRows, proof(phrases.count(all.read.rows)) { phrases.count($0.rows) })
    add(.proofMoney, proof(phrases.yuan(all.read.fen)) { phrases.yuan($0.fen) })
    for reported in report.statements {
      for fault in reported.statement.faults {
        let file = reported.statement.file
        let place = [file, fault.line.map { "\($0)" } ?? ""].filter { !$0.isEmpty }
        add(
          .faults,
          ([fault.kind.label(language)] + [place.joined(separator: ":")].filter { !$0.isEmpty }
            + [options.words(fault.detail)]).joined(separator: language == .zh ? "；" : "; "))
      }
    }
    add(.privacy, (options.unmask ? PaperWord.unmasked : .masked).label(language))
    add(.filling, PaperWord.howToFill.label(language))
    add(.importing, PaperWord.howToImport.label(language))
    return paper
  }
}
