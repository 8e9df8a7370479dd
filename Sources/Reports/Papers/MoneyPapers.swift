import Payments

/// The papers of the way of the money: legs, payouts, fees, accounts, adjustments (page *Settlement*).
extension Papers {
  private func name(_ channel: Channel) -> PaperCell {
    .text(Labels.source(channel.name)(language))
  }

  // MARK: - 资金勾稽表

  /// Every leg of every account: both ends, and what is between them.
  func flow() -> Paper {
    let tallies: [(PaperWord, KeyPath<LegSums, Tally>)] = [
      (.opening, \.opening), (.sent, \.sent), (.arrived, \.arrived), (.matchedFen, \.matched),
      (.inTransit, \.inTransit), (.notProven, \.notProven), (.openFen, \.open), (.late, \.late),
      (.unasked, \.unexplained),
    ]
    var paper = Paper(
      .flow,
      [
        PaperColumn(.channel, 110), PaperColumn(PaperWord.merchant.label, 110),
        PaperColumn(PaperWord.leg.label, 150), PaperColumn(PaperWord.state.label, 130),
      ]
        + tallies.flatMap { word, _ in
          let (zh, en) = (word.label.zh, word.label.en)
          return [
            PaperColumn(Wording(zh: zh + "笔数", en: en + ", rows"), 62),
            PaperColumn(Wording(zh: zh + "金额", en: en + ", CNY"), 100),
          ]
        })
    paper.absence = PaperWord.nothing.label
    paper.rows = report.legs.map { leg in
      [
        name(leg.channel), .serial(leg.owner), .text(leg.leg.label(language)),
        .text(leg.state(language)),
      ]
        + tallies.flatMap { _, path -> [PaperCell] in
          let tally = leg.sums[keyPath: path]
          if leg.lacks != nil, tally == Tally() { return [.empty, .empty] }
          return [.count(tally.rows), .amount(tally.fen)]
        }
    }
    return paper
  }

  // MARK: - 资金到账核对表

  /// What the channels sent to the bank, each beside what arrived.
  func payouts() -> Paper {
    var paper = Paper(
      .payouts,
      [
        PaperColumn(.number, 46), PaperColumn(.channel, 90),
        PaperColumn(PaperWord.merchant.label, 100), PaperColumn(PaperWord.sentAt.label, 124),
        PaperColumn(PaperWord.sentSerial.label, 150),
        PaperColumn(PaperWord.sent.label, 100, isSummed: true),
        PaperColumn(PaperWord.due.label, 80), PaperColumn(PaperWord.arrivedAt.label, 124),
        PaperColumn(PaperWord.bankSerial.label, 150),
        PaperColumn(PaperWord.arrived.label, 100, isSummed: true),
        PaperColumn(.difference, 90, isSummed: true), PaperColumn(PaperWord.state.label, 76),
      ])
    (paper.isList, paper.absence) = (true, PaperWord.nothing.label)
    var number = 0
    paper.rows = report.payouts.flatMap { payout -> [[PaperCell]] in
      number += 1
      let lines = max(payout.sent.count, payout.arrived.count)
      let sum = { (ends: [ReportedPayout.End]) in ends.reduce(Int128(0)) { $0 + Int128($1.fen) } }
      return (0..<lines).map { line in
        func end(_ ends: [ReportedPayout.End]) -> [PaperCell] {
          guard ends.indices.contains(line) else { return [.empty, .empty, .amount(nil)] }
          return [
            .time(ends[line].time), .serial(ends[line].serial), .amount(Int128(ends[line].fen)),
          ]
        }
        let isFirst = line == 0
        let isOver = payout.state != .inTransit && payout.state != .notProven
        return [.count(number), name(payout.channel), .serial(payout.owner)] + end(payout.sent)
          + [.day(payout.due)] + end(payout.arrived)
          + [
            isFirst && isOver ? .amount(sum(payout.arrived) - sum(payout.sent)) : .empty,
            .text(isFirst ? payout.state.label(language) : ""),
          ]
      }
    }
    return paper
  }

  // MARK: - 手续费核对表

  /// What each channel took, beside what the contract or its bill's own rate gives; a channel without either by
  /// what it took alone.
  func fees() -> Paper {
    var paper = Paper(
      .fees,
      [
        PaperColumn(.channel, 110), PaperColumn(PaperWord.merchant.label, 110),
        PaperColumn(PaperWord.day.label, 90), PaperColumn(PaperWord.rate.label, 70),
        PaperColumn(PaperWord.rateBasis.label, 80),
        PaperColumn(.rows, 70, isSummed: true),
        PaperColumn(PaperWord.grossFen.label, 110, isSummed: true),
        PaperColumn(PaperWord.expectedFee.label, 110, isSummed: true),
        PaperColumn(PaperWord.actualFee.label, 110, isSummed: true),
        PaperColumn(PaperWord.feeDifference.label, 110, isSummed: true),
      ])
    (paper.capitals, paper.absence) = (8, PaperWord.nothing.label)
    let told = Set(report.fees.map(\.channel.name))
    paper.rows =
      report.fees.map { fees in
        let (line, basis) = (fees.line, fees.line.isContract ? PaperWord.contract : .bill)
        return [
          name(fees.channel), .serial(fees.owner), .day(line.day), .text(percentage(line.rate)),
          .text(basis.label(language)), .count(line.rows), .amount(line.grossFen),
          .amount(line.expectedFen), .amount(line.actualFen),
          .amount(line.actualFen - line.expectedFen),
        ]
      }
      + report.sources.filter { $0.feeFen != 0 && !told.contains($0.source) }.map { line in
        [
          .text(Labels.source(line.source)(language)), .empty, .day(report.days?.upperBound),
          .empty,
          .empty, .count(line.payments.rows + line.refunds.rows),
          .amount(line.payments.fen - line.refunds.fen), .amount(nil), .amount(Int128(line.feeFen)),
          .amount(nil),
        ]
      }
    return paper
  }

  /// `0.60%` of a rate in 1/100,000; a third decimal where it has one.
  private func percentage(_ rate: UInt32) -> String {
    let (whole, rest) = rate.quotientAndRemainder(dividingBy: 1_000)
    let digits = String("00\(rest)".suffix(3))
    return "\(whole)." + (digits.hasSuffix("0") ? String(digits.dropLast()) : digits) + "%"
  }

  // MARK: - 渠道账户收支表

  /// The channels' own accounts: what they held, what moved, what they hold.
  func accounts() -> Paper {
    let flows: [(Wording, Flow)] = [
      (ReportColumn.payments.label, .payment), (ReportColumn.refunds.label, .refund),
      (ReportColumn.fees.label, .fee), (PaperWord.feeReturned.label, .feeReturned),
      (PaperWord.withdrawn.label, .withdrawal), (PaperWord.otherIn.label, .otherIn),
      (PaperWord.otherOut.label, .otherOut),
    ]
    var paper = Paper(
      .accounts,
      [
        PaperColumn(.channel, 110), PaperColumn(PaperWord.merchant.label, 110),
        PaperColumn(PaperWord.whichAccount.label, 90),
        PaperColumn(PaperWord.itemOpening.label, 110, isSummed: true),
      ] + flows.map { PaperColumn($0.0, 100, isSummed: true) }
        + [
          PaperColumn(PaperWord.itemClosing.label, 110, isSummed: true),
          PaperColumn(PaperWord.balance.label, 60),
        ])
    paper.absence = PaperWord.nothing.label
    paper.rows = report.accounts.map { account in
      let proof = account.isBalanced.map { isBalanced in
        isBalanced ? Wording(zh: "是", en: "yes") : Wording(zh: "否", en: "no")
      }
      return [
        name(account.book.channel), .serial(account.book.owner),
        .text(account.book.content.accountLabel(language)),
        .amount(account.balances.map { Int128($0.opening) }),
      ]
        + flows.map { _, flow in
          let fen = account.flows[flow]?.fen ?? 0
          return .amount(flow.isIn ? fen : -fen)
        }
        + [
          .amount(account.balances.map { Int128($0.closing) }),
          .text(proof?(language) ?? PaperWord.notProven.label(language)),
        ]
    }
    return paper
  }

  // MARK: - 渠道资金余额调节表

  /// From each channel's net movement to the ledger's, item by item with its age; what nothing explains is a line of
  /// its own and is never divided among the others.
  func adjustment() -> Paper {
    var paper = Paper(
      .adjustment,
      [
        PaperColumn(.channel, 120), PaperColumn(PaperWord.item.label, 260),
        PaperColumn(PaperWord.share.label, 70), PaperColumn(PaperWord.oldest.label, 90),
        PaperColumn(.age, 80), PaperColumn(PaperWord.bookSide.label, 140),
        PaperColumn(Side.ledger.label, 140),
      ])
    paper.absence = PaperWord.noMovement.label
    paper.rows = report.adjustments.flatMap { adjustment -> [[PaperCell]] in
      let name = name(adjustment.channel)
      func row(_ word: PaperWord, _ channel: Int128?, _ ledger: Int128?) -> [PaperCell] {
        [
          name, .text(word.label(language)), .empty, .empty, .empty, .amount(channel),
          .amount(ledger),
        ]
      }
      let items = adjustment.items.filter { $0.reason != .unexplained }
      let more = items.reduce(Int128(0)) { $0 + max($1.tally.fen, 0) }
      let less = items.reduce(Int128(0)) { $0 + min($1.tally.fen, 0) }
      let balances = [(PaperWord.itemOpening, "OPBD"), (.itemClosing, "CLBD")].compactMap {
        word, code in balance(adjustment.channel, code).map { row(word, $0, nil) }
      }
      let rest = adjustment.items.first { $0.reason == .unexplained }?.tally
      return balances + [row(.itemNet, adjustment.channelFen, adjustment.ledgerFen)]
        + items.map { item in
          let today = report.days?.upperBound ?? item.oldest
          let isMore = item.tally.fen > 0
          return [
            name, .text(item.reason.label(language)), .count(item.tally.rows), .day(item.oldest),
            .count(max(0, Int(today.number) - Int(item.oldest.number))),
            .amount(isMore ? -item.tally.fen : nil), .amount(isMore ? nil : item.tally.fen),
          ]
        }
        + [
          row(.itemAdjusted, adjustment.channelFen - more, adjustment.ledgerFen + less),
          [
            name, .text(PaperWord.itemResidual.label(language)), .count(rest?.rows ?? 0), .empty,
            .empty,
            .amount(adjustment.channelFen - more - adjustment.ledgerFen - less), .empty,
          ],
        ]
    }
    return paper
  }

  /// A balance a bank's statement states, by its code in ISO 20022; nil unless exactly one does.
  private func balance(_ channel: Channel, _ code: String) -> Int128? {
    let stated = report.statements.filter {
      $0.statement.side == .channel && !$0.statement.isHeld && $0.statement.channel == channel
    }.flatMap { $0.statement.totals.filter { $0.name == code }.compactMap(\.stated) }
    return stated.count == 1 ? Int128(stated[0]) : nil
  }
}
