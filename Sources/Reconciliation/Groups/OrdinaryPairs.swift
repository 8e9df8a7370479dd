internal import Columns
import Payments

/// What makes one payment and one credit of an order agree in everything, so that there is nothing to judge and
/// nothing to say.
struct OrdinaryPairs {
  let rules: Rules
  /// From this second on a row is dated in the future.
  let horizon: Int64
  let known: KnownNumbers
  /// Whether anything links cards and student numbers.
  let hasLinks: Bool

  @inline(__always)
  func isOrdinary(_ table: EntryTable, payment: Int, credit: Int) -> Bool {
    guard table.kind[payment] == .payment, table.kind[credit] == .credit,
      table.fen[payment] == table.fen[credit], table.fen[payment] > 0
    else { return false }
    guard table.dayOnly.isEmpty || !table.dayOnly.contains(Int32(payment)) else { return false }
    guard isOnePerson(table, payment, credit) else { return false }
    let (serial, quoted) = (table.serial[payment], table.serial[credit])
    let fits = table.channel[credit].fits(table.channel[payment])
    // The reference of a batch quotes nobody.
    guard
      quoted == serial && quoted != 0 && (fits || table.own[payment] == 0) || quoted == 0 && fits
    else { return false }
    if let limit = rules.singleLimitFen, table.fen[payment] > limit { return false }
    let (paid, credited) = (Int64(table.time[payment]), Int64(table.time[credit]))
    return credited >= paid - rules.clockToleranceSeconds
      && credited - paid <= rules.promiseSeconds(table.channel[payment])
      && paid < horizon && credited < horizon
  }

  /// Whether the payment names whom the credit names, or nobody who could be another.
  @inline(__always)
  private func isOnePerson(_ table: EntryTable, _ payment: Int, _ credit: Int) -> Bool {
    let (card, student) = (table.account[payment], table.student[payment])
    let (credited, creditedStudent) = (table.account[credit], table.student[credit])
    if student != 0, student == creditedStudent || student == credited { return true }
    if card != 0, card == credited || card == creditedStudent { return true }
    if known.has(payment) {
      if known.names(payment, credited, or: creditedStudent) { return true }
      if known.of(Int32(payment)).contains(where: \.isCertain) { return false }
    }
    if card == 0 && student == 0 || credited == 0 && creditedStudent == 0 { return true }
    // Two kinds of number that nothing links prove nothing.
    if card != 0 && credited != 0 || student != 0 && creditedStudent != 0 { return false }
    return !hasLinks
  }
}
