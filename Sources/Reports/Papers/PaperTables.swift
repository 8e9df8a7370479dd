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
