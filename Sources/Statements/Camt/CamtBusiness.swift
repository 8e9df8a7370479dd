internal import Payments

// What an entry is about: a top-up, what a channel settles, or other business.

extension CamtEntries {
  func exclude(
    _ transaction: borrowing CamtTransaction, isForeign: Bool, _ entry: inout Entry
  ) {
    // What a status means that nobody knows is not guessed: the row is held.
    guard isForeign || CamtWords.isKnown(transaction.status) else { return }
    let isBooked = CamtWords.isBooked(transaction.status)
    if isForeign || !isBooked {
      entry.kind = .excluded
      entry.rule = isForeign ? .otherCurrency : .notBooked
      return
    }
    let own = ownTopUps[entry.channel]
    let words = own ?? CamtEntries.topUps
    let isTopUp = CamtEntries.anyText(transaction) { text in
      words.contains { contains(text, $0, .utf8) }
    }
    if isSettlement(transaction, isTopUp: isTopUp) {
      entry.rule = .settlement
      entry.flow = entry.kind == .payment ? .settlementIn : .settlementOut
      entry.party = party(transaction)
      if !isTopUp { entry.kind = .excluded }
    } else if !isTopUp {
      // A key of the ledger may still tell what it is for; its texts do not.
      entry.rule = own == nil ? .notCampusCard : .otherBusiness
    } else if entry.kind == .payment {
      entry.isCompany = business.isOrganisation(UnsafeRawBufferPointer(transaction.debtorName))
    } else if !saysReturn(transaction) {
      entry.rule = .outgoing
    }
  }

  /// Whether a channel settles with the school.
  private func isSettlement(
    _ transaction: borrowing CamtTransaction, isTopUp: Bool
  ) -> Bool {
    business.isSettlementParty(UnsafeRawBufferPointer(transaction.debtorName))
      || business.isSettlementParty(UnsafeRawBufferPointer(transaction.creditorName))
      || CamtEntries.anyText(transaction) { text in
        business.namesSettlementParty(text) || isTopUp && business.saysSettlement(text)
      }
  }

  /// The channel that settles: by the counterparty's name, else by what the texts say.
  private func party(_ transaction: borrowing CamtTransaction) -> Channel {
    var found = business.party(in: UnsafeRawBufferPointer(transaction.debtorName))
    if found == .unknown {
      found = business.party(in: UnsafeRawBufferPointer(transaction.creditorName))
    }
    if found == .unknown {
      _ = CamtEntries.anyText(transaction) { text in
        found = business.party(in: text)
        return found != .unknown
      }
    }
    return found
  }

  /// Whether money that goes out goes back.
  private func saysReturn(_ transaction: borrowing CamtTransaction) -> Bool {
    transaction.isReturn || transaction.reversal.elementsEqual("true".utf8)
      || CamtEntries.anyText(transaction, business.saysReturn)
  }

  /// Whether something holds of one of a transaction's texts.
  static func anyText(
    _ transaction: borrowing CamtTransaction, _ holds: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    holds(UnsafeRawBufferPointer(transaction.remittance))
      || holds(UnsafeRawBufferPointer(transaction.text))
      || holds(UnsafeRawBufferPointer(transaction.entryText))
  }
}
