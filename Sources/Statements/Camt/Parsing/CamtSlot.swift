/// A text the reader keeps. The order groups them by how long they live.
enum CamtSlot: UInt8, CaseIterable {
  case none
  // The message.
  case messageID, messageCreated
  // The statement.
  case statementID, electronicSequence, legalSequence, statementCreated, copyIndicator
  case periodFrom, periodTo
  case accountID, accountCurrency, accountName, ownerName, servicerBIC, servicerName
  case summaryEntries, summarySum, summaryNet, summaryNetIndicator
  case summaryCreditEntries, summaryCreditSum, summaryDebitEntries, summaryDebitSum
  // A balance.
  case balanceCode, balanceAmount, balanceCurrency, balanceIndicator, balanceDate
  // An entry.
  case entryAmount, entryCurrency, entryIndicator, entryReversal, entryStatus
  case entryBooked, entryValued, entryServicerReference, entryReference, entryText
  case entryProprietaryCode, entryDomainCode, entryFamilyCode, entrySubfamilyCode
  case entryCharges, entryChargesCurrency, entryChargesTotal
  case batchMessageID, batchPaymentID, batchCount, batchAmount, batchCurrency
  // A detail of an entry.
  case amount, amountCurrency, transactionAmount, transactionCurrency, indicator
  case messageReference, servicerReference, paymentID, instructionID, endToEndID, transactionID
  case mandateID, clearingReference, uetr, proprietaryReference
  case proprietaryCode, domainCode, familyCode, subfamilyCode
  case charges, chargesCurrency, chargesTotal
  case debtorName, debtorAccount, creditorName, creditorAccount
  case remittance, creditorReference, remittanceNote, text
  case transactionTime, acceptanceTime, returnReason

  static let balances = CamtSlot.balanceCode.index...CamtSlot.balanceDate.index
  static let statements = CamtSlot.statementID.index...CamtSlot.summaryDebitSum.index
  static let messages = CamtSlot.messageID.index...CamtSlot.messageCreated.index
  static let entries = CamtSlot.entryAmount.index...CamtSlot.batchCurrency.index
  static let details = CamtSlot.amount.index...CamtSlot.returnReason.index

  var index: Int { Int(rawValue) }
}

/// Where a kept text lies in the reader's buffer; length 0 means absent.
struct CamtPiece {
  var start: UInt32 = 0
  var length: UInt32 = 0

  var isEmpty: Bool { length == 0 }
}

/// What the walk does when it enters or leaves an element, besides keeping its text.
enum CamtScope: UInt8 {
  case none, message, statement, balance, entry, detail, returned
}
