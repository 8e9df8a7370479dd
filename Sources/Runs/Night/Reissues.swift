internal import Columns
internal import History
internal import Payments
internal import Statements

/// Compares a statement that was issued again with the issue before it, row by row.
///
/// Both lie in the archive. Which issue came before is what the runs of the day recorded, so a day run
/// again on the same files tells the same.
struct Reissues {
  let store: HistoryStore
  let day: BusinessDay
  let options: Intake.Options

  /// The comparison, or nil when the statement was issued once.
  ///
  /// - Parameter limit: how many differing rows are listed.
  func compare(
    sha256: String, delivered: String, member: String, limit: Int = Reissue.limit
  ) async throws -> Reissue? {
    guard
      let earlier = try store.earlierIssue(
        of: delivered, member: member, on: day, than: sha256)
    else { return nil }
    let before = try await rows(earlier, delivered, member)
    let after = try await rows(sha256, delivered, member)
    var result = Reissue(earlier: earlier)
    for key in Set(before.keys).union(after.keys).sorted() {
      var (old, new) = (before[key] ?? [], after[key] ?? [])
      // Rows that say the same in both are no change, wherever they stand.
      for line in old {
        guard let same = new.firstIndex(where: { $0.text == line.text }) else { continue }
        new.remove(at: same)
        if let gone = old.firstIndex(of: line) { old.remove(at: gone) }
      }
      for index in 0..<max(old.count, new.count) {
        let change = RowChange(
          key: String(key.split(separator: "\u{1F}").last ?? ""),
          before: index < old.count ? old[index] : nil,
          after: index < new.count ? new[index] : nil)
        switch (change.before, change.after) {
        case (nil, _): result.added += 1
        case (_, nil): result.removed += 1
        default: result.changed += 1
        }
        if result.rows.count < limit { result.rows.append(change) }
      }
    }
    return result
  }

  /// The rows of one issue by kind and serial.
  private func rows(
    _ sha256: String, _ delivered: String, _ member: String
  ) async throws -> [String: [EvidenceLine]] {
    let source = Intake.Source(
      path: store.folder.archived(sha256), name: delivered, isContext: true)
    var options = options
    options.heldFiles = []
    let intake = try await Intake(archived: [source], options: options)
    var found: [String: [EvidenceLine]] = [:]
    for row in 0..<intake.entries.count
    where intake.statements[Int(intake.entries.statement[row])].member == member {
      let evidence = try intake.evidence(row)
      let key = evidence.refundSerial ?? evidence.ledgerSerial ?? evidence.serial ?? evidence.order
      found["\(intake.entries.kind[row].rawValue)\u{1F}\(key ?? "")", default: []].append(
        evidence.line)
    }
    return found
  }
}
