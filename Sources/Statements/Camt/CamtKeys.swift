internal import Payments

// Which transaction one is, and whom it is for.

extension CamtEntries {
  /// Reads which transaction it is.
  func readKeys(_ transaction: borrowing CamtTransaction, _ entry: inout Entry) {
    func key(_ text: CamtTransaction.Text) -> KeyHash {
      keyHash(trimmed(UnsafeRawBufferPointer(text)), .utf8)
    }
    func order(in text: CamtTransaction.Text) -> KeyHash {
      let bytes = UnsafeRawBufferPointer(text)
      return orders.find(bytes).map { keyHash(UnsafeRawBufferPointer(rebasing: bytes[$0]), .utf8) }
        ?? 0
    }
    entry.order = key(transaction.endToEndID)
    if entry.order == 0 { entry.order = order(in: transaction.remittance) }
    if entry.order == 0 { entry.order = order(in: transaction.entryText) }
    entry.serial = key(transaction.servicerReference)
    if entry.serial == 0 { entry.serial = key(transaction.transactionID) }
    if entry.serial == 0 { entry.serial = key(transaction.instructionID) }
    if entry.serial == 0 { entry.serial = key(transaction.entryReference) }
    // The bank's reference is one for a whole batch: its details differ by what else they name.
    if transaction.detailCount > 1 {
      entry.own = fingerprint(
        "\(transaction.detailIndex) \(String(transaction.endToEndID)) "
          + String(transaction.transactionID))
    }
    let isCredit = CamtWords.isCredit(transaction.indicator)
    let payer = trimmed(
      UnsafeRawBufferPointer(isCredit ? transaction.debtorAccount : transaction.creditorAccount))
    entry.payer = isAbsent(payer) ? 0 : fingerprint(payer)
  }

  /// Reads whom a transaction is for; one that is left out is for nobody.
  func readPeople(_ transaction: borrowing CamtTransaction, _ entry: inout Entry) {
    guard entry.kind != .excluded, !entry.rule.isOtherBusiness else { return }
    var named = RowPeople()
    let keys = RowKeys(entry)
    named.read(UnsafeRawBufferPointer(transaction.remittance), people, besides: keys)
    if !named.isLabelled {
      named.read(UnsafeRawBufferPointer(transaction.text), people, besides: keys)
    }
    if !named.isLabelled {
      named.read(UnsafeRawBufferPointer(transaction.entryText), people, besides: keys)
    }
    (entry.account, entry.student, entry.others) = (named.account, named.student, named.others)
  }
}
