internal import Columns
import Payments

/// For whom ordinary pairs are, in the end.
///
/// A value of its own: asked for every row on several threads, and a judge is much to take along.
struct OrdinaryPeople {
  let table: EntryTable
  let persons: Persons
  let known: KnownNumbers
  let hasUnclear: Bool

  /// The person of a pair; the first, where it names several that are not one.
  ///
  /// ``Persons`` has looked up only the cards of rows that are judged one by one: the others are told by the
  /// student number of the credit.
  @inline(__always)
  func person(_ payment: Int, credit: Int) -> KeyHash {
    let (card, student) = (table.account[payment], table.student[payment])
    let (credited, creditedStudent) = (table.account[credit], table.student[credit])
    let isPlain =
      creditedStudent != 0 && !hasUnclear && (card == 0 || card == credited)
      && (student == 0 || student == creditedStudent)
    if isPlain, !known.hasOther(payment, than: credited, creditedStudent) {
      return persons.person(creditedStudent)
    }
    return firstPerson(payment, credit)
  }

  private func firstPerson(_ payment: Int, _ credit: Int) -> KeyHash {
    let named =
      persons.names(Int32(truncatingIfNeeded: payment)).first
      ?? persons.names(Int32(truncatingIfNeeded: credit)).first
    return named.map { persons.person($0) } ?? 0
  }
}
