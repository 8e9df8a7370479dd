internal import Payments

/// Writes the answer sheet for any of the simulated days, judged alone or together.
struct TruthWriter {
  private let seed: UInt64
  private let people: People
  private let diary: Diary
  /// What was done to a file of one day.
  var fault: SpoiledFile?

  init(_ simulation: Simulation) {
    seed = simulation.configuration.seed
    people = simulation.people
    diary = simulation.diary
  }

  /// The answer sheet of `days` judged in one call.
  func truth(_ days: [BusinessDay], totals: [[SourceTotals]]) -> Truth {
    var truth = Truth(seed: seed, days: days)
    if people.customs.isMixed { truth.people = people.customs.told }
    let spoiled = fault.flatMap { days.contains($0.day) ? $0 : nil }
    // Without a day's ledger, the other days are judged as if that day were not there.
    let dayWithoutLedger = spoiled.flatMap { $0.holdsLedger ? $0.day : nil }
    let ledgerDays = days.filter { $0 != dayWithoutLedger }
    let findings = diary.findings
      .sorted { ($0.time, $0.kind.rawValue, $0.sortKey) < ($1.time, $1.kind.rawValue, $1.sortKey) }
    for finding in findings {
      let isHidden = spoiled?.hides(finding) ?? false
      let isOfChannels = SpoiledFile.seenAtTheChannel.contains(finding.kind)
      if isSeen(finding.needs, finding.absent, in: isOfChannels ? days : ledgerDays), !isHidden {
        truth.anomalies.append(planted(finding))
      } else if isSeen(finding.needs, finding.absent, in: days) {
        truth.undecidable.append(planted(finding))
      }
    }
    let waits = (diary.waits + (spoiled?.waits ?? []))
      .filter { isSeen($0.needs, $0.absent, in: ledgerDays) }
      .filter { !(spoiled?.hides($0) ?? false) }
      .sorted { ($0.time, $0.row.rawValue, $0.sortKey) < ($1.time, $1.row.rawValue, $1.sortKey) }
    truth.pending = waits.map(planted)
    if let spoiled {
      truth.faults = [spoiled.fault]
      truth.incompleteSources = spoiled.fault.holdsFile ? [spoiled.fault.source] : []
    }
    truth.totals = totals.dropFirst().reduce(totals.first ?? []) { sums, more in
      zip(sums, more).map { $0 + $1 }
    }
    return truth
  }

  private func isSeen(
    _ needs: [BusinessDay], _ absent: BusinessDay?, in days: [BusinessDay]
  ) -> Bool {
    needs.allSatisfy(days.contains) && !(absent.map(days.contains) ?? false)
  }

  private func planted(_ finding: Finding) -> PlantedAnomaly {
    PlantedAnomaly(
      kind: finding.kind.rawValue, explanation: finding.explanation?.rawValue,
      basis: finding.basis.rawValue, amountFen: finding.fen, channel: finding.channel.name,
      channelSerial: finding.told ?? finding.serial.text,
      merchantOrder: finding.toldOrder ?? finding.order.text,
      ledgerSerials: serials(finding.ledger), refundSerial: finding.refund.text,
      rowSerials: finding.plant.needsFunds
        ? [finding.told ?? finding.serial.text].compactMap(\.self)
        : finding.trail.serials.compactMap(\.text) + serials(finding.trail.ledger),
      account: people.number(finding.person),
      card: people.card(finding.person, generation: finding.card),
      time: Timestamp(seconds: finding.time).description, plant: finding.plant.rawValue,
      note: finding.note,
      owedTo: people.customs.isMixed || finding.plant.needsFunds ? finding.owedTo.rawValue : nil,
      parties: finding.parties.isEmpty ? nil : finding.parties.map(planted))
  }

  private func planted(_ share: Finding.Share) -> PlantedParty {
    PlantedParty(
      account: people.number(share.person),
      card: people.card(share.person, generation: share.card), fen: share.fen)
  }

  private func planted(_ wait: Wait) -> PlantedPending {
    PlantedPending(
      row: wait.row.rawValue, amountFen: wait.fen, channel: wait.channel.name,
      channelSerial: wait.told ?? wait.serial.text,
      merchantOrder: wait.toldOrder ?? wait.order.text,
      ledgerSerials: serials(wait.ledger), refundSerial: wait.refund.text,
      time: Timestamp(seconds: wait.time).description, note: wait.note)
  }

  private func serials(_ ledger: [Int]) -> [String] {
    ledger.compactMap { diary.ledgerSerials[$0].text }
  }
}

extension Finding {
  /// Breaks ties of time and kind.
  fileprivate var sortKey: UInt64 {
    serial.isNone ? UInt64(ledger.first ?? 0) : serial.number
  }
}

extension Wait {
  /// Breaks ties of time and row.
  fileprivate var sortKey: UInt64 {
    serial.isNone ? UInt64(ledger.first ?? 0) : serial.number
  }
}

extension SourceTotals {
  fileprivate static func + (left: SourceTotals, right: SourceTotals) -> SourceTotals {
    var sum = left
    sum.channelRows += right.channelRows
    sum.payments += right.payments
    sum.paymentFen += right.paymentFen
    sum.refunds += right.refunds
    sum.refundFen += right.refundFen
    sum.ledgerRows += right.ledgerRows
    sum.credits += right.credits
    sum.creditFen += right.creditFen
    sum.reversals += right.reversals
    sum.reversalFen += right.reversalFen
    return sum
  }
}
