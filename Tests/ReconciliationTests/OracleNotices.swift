import Payments

/// Sections 7 and 8 of `Judging.md`: closed accounts, and what may stand beside.
extension Oracle {
  mutating func addNotices() {
    for group in groups.indices where !groups[group].isClosed {
      lateCredit(group)
      impossiblePair(group)
      manualEntry(group)
      limitExceeded(group)
    }
    suspectedDuplicates()
    dailyLimits(isForeign: false)
    dailyLimits(isForeign: true)
    futureRows()
    for group in groups.indices where !groups[group].isClosed { keyConflict(group) }
  }

  // MARK: Closed accounts

  /// The groups of the payments that weak evidence gave to some credits.
  private func paidElsewhere(_ credits: [Int]) -> [Int] {
    let payments =
      pairs.filter { $0.basis == .weak && credits.contains($0.credit) }.map(\.payment)
      + returnedPairs.filter { credits.contains($0.credit) }.map(\.payment)
    return payments.compactMap { groupOf[$0] }
  }

  /// "Credits to closed accounts": one a group, where no loss says more.
  mutating func accuseClosedAccounts() {
    for group in groups.indices where !groups[group].isClosed {
      guard !findings(about: group).contains(where: { $0.kind.severity == .loss && !$0.isBenign })
      else { continue }
      // "Not said while a row of the group waits."
      let concerned = [group] + paidElsewhere(groups[group].credits)
      if concerned.contains(where: { groups[$0].rows.contains { waits[$0] != nil } }) { continue }
      // "Nothing is said of the two."
      let credit = groups[group].credits.first { row in
        isActive(row) && excluded[row] == nil && !taken.contains { $0.row == row } && wasClosed(row)
      }
      guard let credit else { continue }
      accuse(
        group, .closedAccountCredit, open(credit), owedTo: .student, subject: credit,
        blamed: [credit], unless: want(ofClosedAccount: credit, in: group))
    }
  }

  /// Whether the last word of an account list before a row is that its account is closed.
  private func wasClosed(_ row: Int) -> Bool {
    namesAndStudents(row).contains { name in
      let words = entries.filter { word in
        word.kind == .excluded && isAbout(word, name) && word.time <= entries[row].time
      }
      let last = words.map(\.time).max()
      return words.contains { $0.time == last && $0.rule != .accountList }
    }
  }

  /// "What is lost, replaced or cancelled is the card; who left is the person; whose card is open is there."
  private func isAbout(_ word: Entry, _ name: KeyHash) -> Bool {
    switch word.rule {
    case .closedAccount: (word.account != 0 ? word.account : word.student) == name
    case .accountList, .personLeft: word.account == name || word.student == name
    default: false
    }
  }

  /// The pairs of a group, in the order they found each other.
  private func pairs(in group: Int) -> [OraclePair] { pairs.filter { $0.group == group } }

  /// Every row of a pair's group; weak evidence joins the two rows and nothing else.
  private func evidence(_ pair: OraclePair) -> [Int] {
    pair.basis == .weak ? [pair.payment, pair.credit] : groups[pair.group].rows
  }

  private func findings(about group: Int) -> [Finding] {
    findings.indices.filter { findingGroups[$0].contains(group) }.map { findings[$0] }
  }

  private mutating func lateCredit(_ group: Int) {
    let late = pairs(in: group).first {
      rules.isLate(
        paidAt: entries[$0.payment].time, creditedAt: entries[$0.credit].time,
        channel: entries[$0.payment].channel)
    }
    guard let late else { return }
    say(
      .lateCredit, entries[late.payment].fen, owedTo: .none, basis: late.basis,
      subject: late.credit, rows: evidence(late), about: [group], blamed: [])
  }

  private mutating func impossiblePair(_ group: Int) {
    guard !findings(about: group).contains(where: { $0.kind.severity == .loss && !$0.isBenign })
    else { return }
    let early = pairs(in: group).first {
      entries[$0.credit].time < entries[$0.payment].time - rules.clockToleranceSeconds
    }
    guard let early else { return }
    say(
      .timeImpossible, entries[early.credit].fen, owedTo: .none, basis: early.basis,
      subject: early.credit, rows: evidence(early), about: [group], blamed: [])
  }

  private mutating func manualEntry(_ group: Int) {
    let manual = groups[group].credits.first { entries[$0].kind == .manualCredit }
    guard let manual else { return }
    say(
      .manualEntry, entries[manual].fen, owedTo: .none,
      basis: basis(of: manual, among: groups[group].rows),
      subject: manual, rows: groups[group].rows, about: [group], blamed: [])
  }

  private mutating func limitExceeded(_ group: Int) {
    guard let limit = rules.singleLimitFen else { return }
    let above = groups[group].payments.first { payment in
      isActive(payment) && entries[payment].fen > limit
        && (!isUnidentified(payment) || pairs.contains { $0.payment == payment })
        && benignlyCredited(payment).map { $0 > limit } ?? true
    }
    guard let above else { return }
    say(
      .limitExceeded, entries[above].fen, owedTo: .none,
      basis: basis(of: above, among: groups[group].rows),
      subject: above, rows: groups[group].rows, about: [group], blamed: [])
  }

  /// What was credited for a payment, where a benign difference explains it.
  private func benignlyCredited(
    _ payment: Int, where isMeant: (Explanation) -> Bool = { $0.isBenign }
  ) -> Int64? {
    let single = pairs.first { $0.payment == payment && !differ(payment, $0.credit) }
    let credits = parts[payment] ?? (single.map { [$0.credit] } ?? [])
    let fen = credits.map { entries[$0].fen }.reduce(0, +)
    guard !credits.isEmpty, open(payment) != credits.map(open).reduce(0, +),
      entries[payment].fen != fen, isMeant(explain(payment, credited: fen))
    else { return nil }
    return fen
  }

  // MARK: Across groups

  /// Runs of settled pairs: one person, equal fen, each near the one before.
  private mutating func suspectedDuplicates() {
    let settled = order.flatMap { payment in
      pairs.filter { $0.payment == payment && $0.isSettled && !namesNobody(naming($0)) }
    }
    var seen: [Int] = []
    for first in settled where !seen.contains(first.payment) {
      var run = [first]
      var isGrowing = true
      while isGrowing {
        let more = settled.filter { pair in
          !run.contains { $0.payment == pair.payment }
            && run.contains { isSuspiciouslyNear($0, pair) }
        }
        run += more
        isGrowing = !more.isEmpty
      }
      seen += run.map(\.payment)
      let evidence = run.flatMap { [$0.payment, $0.credit] }
      let payments = canonical(run.map(\.payment))
      let second = payments.first { groupOf[$0] != groupOf[payments[0]] }
      guard let second else { continue }
      say(
        .suspectedDuplicateDebit, entries[second].fen, owedTo: .unknown, basis: .account,
        subject: second, rows: evidence, about: groups(of: evidence), blamed: [])
    }
  }

  /// "By what was credited, less what was taken back, where the surcharge explains the difference."
  private func amountAbroad(_ payment: Int) -> Int64 {
    if benignlyCredited(payment, where: { $0 == .surcharge }) == nil { return open(payment) }
    let credits = parts[payment] ?? pairs.filter { $0.payment == payment }.map(\.credit)
    return credits.map(open).reduce(0, +)
  }

  /// One finding for every person and day whose payments together exceed the limit.
  private mutating func dailyLimits(isForeign: Bool) {
    let limit = isForeign ? rules.foreignDailyLimitFen : rules.dailyLimitFen
    guard let limit else { return }
    let told = findings.filter { $0.kind == .limitExceeded }.map(\.subject)
    let counted = order.filter { row in
      guard let group = groupOf[row], entries[row].kind == .payment else { return false }
      if isForeign, !entries[row].isForeign { return false }
      return isActive(row) && !groups[group].isClosed && !payer(row).all.isEmpty
    }
    for first in counted {
      let mine = counted.filter {
        Timestamp(seconds: entries[$0].time).day == Timestamp(seconds: entries[first].time).day
          && samePerson(payer($0), payer(first), at: end)
      }
      guard mine.first == first else { continue }
      var total: Int64 = 0
      for row in mine {
        total += isForeign ? amountAbroad(row) : open(row)
        guard total > limit else { continue }
        if isForeign, told.contains(row) { break }
        say(
          .limitExceeded, entries[row].fen, owedTo: .none, basis: .account, subject: row,
          rows: mine, about: [], blamed: [])
        break
      }
    }
  }

  /// Whom a payment is for: the first account it names, else the first its credit names.
  private func payer(_ row: Int) -> OracleNaming {
    let credit = pairs.last { $0.payment == row }?.credit
    let all = namings[row].all + (credit.map { namings[$0].all } ?? [])
    return OracleNaming(all: Array(all.prefix(1)), time: entries[row].time)
  }

  private func isSuspiciouslyNear(_ left: OraclePair, _ right: OraclePair) -> Bool {
    entries[left.payment].fen == entries[right.payment].fen
      && distance(left.payment, right.payment) <= rules.duplicateWindowSeconds
      && samePerson(namings[naming(left)], namings[naming(right)], at: end)
  }

  /// When links are "in force in the end": "at the last time of a row that is not excluded."
  private var end: Int64 {
    entries.indices.filter { excluded[$0] == nil }.map { entries[$0].time }.max() ?? 0
  }

  /// Rows dated a day or more after everything accepted statements cover: one finding a group.
  private mutating func futureRows() {
    guard let end = coverage.books.flatMap(\.spans).map(\.end.seconds).max() else { return }
    var told: [Int] = []
    for row in order {
      let kind = entries[row].kind
      guard kind.isChannelMoney || kind.isCredit || kind == .reversal,
        entries[row].time >= end + 86_400, let group = groupOf[row], !groups[group].isClosed
      else { continue }
      if waits[row] != nil, !groups[group].isHeld { isAnomalous[row] = true }
      guard !told.contains(group) else { continue }
      told.append(group)
      say(
        .timeImpossible, entries[row].fen, owedTo: .none,
        basis: basis(of: row, among: groups[group].rows),
        subject: row, rows: groups[group].rows, about: [group], blamed: [])
    }
  }

  /// Said only of a group of which nothing else but notices and manual entries is said, and in
  /// which nothing waits to be said.
  private mutating func keyConflict(_ group: Int) {
    let members = groups[group].rows
    let channel = members.filter { entries[$0].side == .channel }
    let waits = members.contains { self.waits[$0] != nil && !isAnomalous[$0] }
    let isQuiet =
      !waits
      && findings(about: group).allSatisfy {
        $0.kind == .manualEntry || $0.kind.severity == .notice || $0.isBenign
      }
    let credit = groups[group].credits.first { row in
      let credit = entries[row]
      return isActive(row) && credit.order != 0 && credit.serial != 0
        && channel.contains { entries[$0].order == credit.order }
        && channel.contains { entries[$0].serial != 0 }
        && !channel.contains { entries[$0].serial == credit.serial }
    }
    guard isQuiet, !groups[group].isHeld, let credit else { return }
    if let want = want(ofLeftover: credit) {
      wait(credit, for: want)
      return
    }
    let group = groups[group]
    say(
      .keyConflict, entries[credit].fen, owedTo: .unknown, basis: basis(of: credit, among: members),
      subject: credit, rows: members, about: [],
      blamed: group.payments + group.refunds + group.credits + group.reversals)
  }
}

extension Finding {
  /// Whether it is an explained mismatch: a notice, not a loss.
  var isBenign: Bool { kind == .amountMismatch && explanation?.isBenign == true }
}
