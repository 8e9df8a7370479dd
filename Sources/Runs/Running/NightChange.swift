internal import History
package import Payments

/// What became of a night that was judged again, or late.
package struct NightChange: Hashable, Sendable {
  /// The day.
  package let day: BusinessDay
  /// Its verdict before; nil when it had not been run.
  package let before: Verdict?
  /// Its verdict now.
  package let after: Verdict?
  /// Whether it is withdrawn now.
  package let isWithdrawn: Bool
  /// Names of files that were not there before.
  package let files: [String]
  /// Whether rules, configuration or program are others than before.
  package let isByRules: Bool
  /// Cases it names now and did not name before, and the other way round.
  package let (found, gone): (Int, Int)

  init(_ day: BusinessDay, from before: NightBasis?, to after: NightBasis?) {
    self.day = day
    (self.before, self.after) = (before?.verdict, after?.verdict)
    isWithdrawn = after?.isWithdrawn ?? false
    let known = Set(before?.inputs ?? [])
    files = (after?.inputs ?? []).filter { !known.contains($0) }
      .map { String($0.dropFirst(65)) }.sorted()
    isByRules =
      before.map { before in
        before.ruleBook != after?.ruleBook || before.configuration != after?.configuration
          || before.profiles != after?.profiles || before.program != after?.program
      } ?? false
    let (old, new) = (before?.findings ?? [], after?.findings ?? [])
    (found, gone) = (new.subtracting(old).count, old.subtracting(new).count)
  }

  /// Whether the day had been run before.
  package var isRerun: Bool { before != nil }
}
