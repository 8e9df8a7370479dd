/// One transaction of a camt file: a `TxDtls`, or an `Ntry` that has none.
///
/// Nothing is copied: every text is a view into the reader's buffer, valid until the sink's
/// `take` returns; an absent text is empty. Texts are trimmed and otherwise as written: amounts
/// such as `12..34` or `100.0000000000005` arrive raw. An element that stands more often than
/// the schema allows arrives joined by spaces, so that a second amount never hides.
struct CamtTransaction: ~Copyable {
  /// UTF-8 text valid during the call only.
  typealias Text = UnsafeBufferPointer<UInt8>

  /// Line of `<Ntry>`, counted from 1.
  let line: Int
  /// Byte offset of `<Ntry` in the file; nil when the file is not UTF-8.
  let offset: Int?
  /// Bytes from `<Ntry` to the end of `</Ntry>`; nil when the file is not UTF-8.
  let length: Int?
  /// Index of the entry in its statement, from 0.
  let entryIndex: Int
  /// Index of this detail in its entry, from 0.
  let detailIndex: Int
  /// Details in the entry; 0 when it has none and this transaction is the entry itself.
  let detailCount: Int
  /// Line of `<TxDtls>`, or of `<Ntry>` without one, counted from 1.
  let detailLine: Int
  /// Whether `RtrInf` says that this is a payment coming back.
  let isReturn: Bool

  private let buffer: UnsafePointer<UInt8>
  private let entry: UnsafePointer<CamtPiece>
  private let detail: UnsafePointer<CamtPiece>

  init(
    place: CamtPlace, buffer: UnsafePointer<UInt8>, entry: UnsafePointer<CamtPiece>,
    detail: UnsafePointer<CamtPiece>
  ) {
    line = place.line
    offset = place.offset
    length = place.length
    entryIndex = place.entryIndex
    detailIndex = place.detailIndex
    detailCount = place.detailCount
    detailLine = place.detailLine
    isReturn = place.isReturn
    self.buffer = buffer
    self.entry = entry
    self.detail = detail
  }

  /// The raw text of one slot of the entry or of the detail.
  @inline(__always)
  subscript(slot: CamtSlot) -> Text {
    let index = slot.index
    let piece: CamtPiece
    if index >= CamtSlot.details.lowerBound {
      piece = detail[index - CamtSlot.details.lowerBound]
    } else if CamtSlot.entries.contains(index) {
      piece = entry[index]
    } else {
      piece = CamtPiece()
    }
    return Text(start: buffer + Int(piece.start), count: Int(piece.length))
  }

  @inline(__always)
  private func first(_ slot: CamtSlot, _ other: CamtSlot) -> Text {
    let text = self[slot]
    return text.isEmpty ? self[other] : text
  }
}

/// Where a transaction stands.
struct CamtPlace {
  var line = 0
  var offset: Int?
  var length: Int?
  var entryIndex = 0
  var detailIndex = 0
  var detailCount = 0
  var detailLine = 0
  var isReturn = false
}

/// Where a transaction's own amount was found.
enum CamtAmountSource: Hashable, Sendable {
  /// `TxDtls/Amt`, from version 04.
  case detail
  /// `TxDtls/AmtDtls/TxAmt/Amt`.
  case transaction
  /// `Ntry/Amt`: the detail names none.
  case entry
}

extension CamtTransaction {
  /// Where ``amount`` and ``currency`` come from.
  var amountSource: CamtAmountSource {
    if !self[.amount].isEmpty { return .detail }
    return self[.transactionAmount].isEmpty ? .entry : .transaction
  }

  /// The transaction's amount without sign: `TxDtls/Amt`, else `AmtDtls/TxAmt/Amt`, else
  /// `Ntry/Amt`. It may be in another currency than the entry: compare ``entryCurrency``.
  var amount: Text {
    let own = first(.amount, .transactionAmount)
    return own.isEmpty ? self[.entryAmount] : own
  }

  /// The currency of ``amount``.
  var currency: Text {
    switch amountSource {
    case .detail: self[.amountCurrency]
    case .transaction: self[.transactionCurrency]
    case .entry: self[.entryCurrency]
    }
  }

  /// `Ntry/Amt`: the sum of the entry's details when it has several.
  var entryAmount: Text { self[.entryAmount] }
  /// The currency of `Ntry/Amt`.
  var entryCurrency: Text { self[.entryCurrency] }
  /// `CRDT` or `DBIT`: the detail's, else the entry's. Already the direction of a reversal.
  var indicator: Text { first(.indicator, .entryIndicator) }
  /// The entry's own `CdtDbtInd`.
  var entryIndicator: Text { self[.entryIndicator] }
  /// `RvslInd`: `true` or `false`.
  var reversal: Text { self[.entryReversal] }
  /// `BOOK`, `PDNG`, `INFO`: `Sts` or `Sts/Cd`.
  var status: Text { self[.entryStatus] }
  /// `BookgDt`: a day or a moment, as written.
  var bookingDate: Text { self[.entryBooked] }
  /// `ValDt`: a day or a moment, as written.
  var valueDate: Text { self[.entryValued] }
  /// `RltdDts/TxDtTm`, else `AccptncDtTm`: when the payer paid.
  var transactionTime: Text { first(.transactionTime, .acceptanceTime) }
  /// The bank's reference: the detail's, else the entry's. Not unique in a batch.
  var servicerReference: Text { first(.servicerReference, .entryServicerReference) }
  /// `Ntry/AcctSvcrRef`.
  var entryServicerReference: Text { self[.entryServicerReference] }
  /// `NtryRef`.
  var entryReference: Text { self[.entryReference] }
  /// `EndToEndId`; `NOTPROVIDED` arrives as written.
  var endToEndID: Text { self[.endToEndID] }
  /// `InstrId`.
  var instructionID: Text { self[.instructionID] }
  /// `TxId`.
  var transactionID: Text { self[.transactionID] }
  /// `Refs/MsgId`, else the batch's.
  var messageID: Text { first(.messageReference, .batchMessageID) }
  /// `Refs/PmtInfId`, else the batch's.
  var paymentID: Text { first(.paymentID, .batchPaymentID) }
  /// `ClrSysRef`.
  var clearingReference: Text { self[.clearingReference] }
  /// `MndtId`.
  var mandateID: Text { self[.mandateID] }
  /// `UETR`.
  var uetr: Text { self[.uetr] }
  /// `Refs/Prtry/Ref`.
  var proprietaryReference: Text { self[.proprietaryReference] }
  /// `RmtInf/Ustrd`, joined by spaces.
  var remittance: Text { self[.remittance] }
  /// `RmtInf/Strd/CdtrRefInf/Ref`, joined by spaces.
  var creditorReference: Text { self[.creditorReference] }
  /// `RmtInf/Strd/AddtlRmtInf`, joined by spaces.
  var remittanceNote: Text { self[.remittanceNote] }
  /// `AddtlNtryInf`.
  var entryText: Text { self[.entryText] }
  /// `AddtlTxInf`.
  var text: Text { self[.text] }
  /// Who paid.
  var debtorName: Text { self[.debtorName] }
  /// The account paid from.
  var debtorAccount: Text { self[.debtorAccount] }
  /// Who was paid.
  var creditorName: Text { self[.creditorName] }
  /// The account paid to.
  var creditorAccount: Text { self[.creditorAccount] }
  /// `BkTxCd/Prtry/Cd`: the detail's, else the entry's.
  var proprietaryCode: Text { first(.proprietaryCode, .entryProprietaryCode) }
  /// `BkTxCd/Domn/Fmly/SubFmlyCd`: the detail's, else the entry's.
  var subfamilyCode: Text { first(.subfamilyCode, .entrySubfamilyCode) }
  /// Charge amounts, joined by spaces: the detail's, else the entry's.
  var charges: Text { first(.charges, .entryCharges) }
  /// Currencies of ``charges``, joined by spaces.
  var chargesCurrency: Text { first(.chargesCurrency, .entryChargesCurrency) }
  /// `Chrgs/TtlChrgsAndTaxAmt`: the detail's, else the entry's.
  var chargesTotal: Text { first(.chargesTotal, .entryChargesTotal) }
  /// `RtrInf/Rsn/Cd`.
  var returnReason: Text { self[.returnReason] }
  /// `Btch/NbOfTxs`, joined by spaces when the entry has several batches.
  var batchCount: Text { self[.batchCount] }
  /// `Btch/TtlAmt`, joined by spaces when the entry has several batches.
  var batchAmount: Text { self[.batchAmount] }
  /// The currency of ``batchAmount``.
  var batchCurrency: Text { self[.batchCurrency] }
}

extension String {
  /// Copies a text out of the reader's buffer.
  init(_ text: CamtTransaction.Text) {
    self = String(decoding: text, as: UTF8.self)
  }
}
