internal import Payments

// Who a row is for.

extension RowReader {
  /// Reads the numbers of people that a row's texts name, where no column of its own does.
  mutating func readPeople(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    people.reset()
    let isSettled = row.entry.account != 0 || row.entry.student != 0
    // What is left out is nobody's, and most rows of a bank are: they need not be searched.
    let isLeftOut = layout.side == .channel && row.isNobodys && row.reason == nil
    if layout.accountTexts.isEmpty || isSettled || isLeftOut { return }
    let keys = RowKeys(row.entry)
    for field in layout.accountTexts where !people.isLabelled {
      people.read(value(field, bytes), finder, besides: keys)
    }
    (row.entry.account, row.entry.student) = (people.account, people.student)
    if layout.side == .channel {
      row.entry.others = people.others
    } else if !people.isLabelled {
      // A ledger's row is somebody's: the number that looks like a person's is taken for one.
      row.entry.account = people.likely
    }
  }
}

extension RowKeys {
  /// The keys of a row.
  init(_ entry: borrowing Entry) {
    self.init(
      order: entry.order, serial: entry.serial, own: entry.own, original: entry.original)
  }
}

extension Entry {
  /// Takes off it who it is for.
  mutating func nameNobody() {
    (account, student) = (0, 0)
    if !others.isEmpty { others = [] }
  }
}
