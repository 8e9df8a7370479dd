internal import Payments

// What a row moved on an account that money lies on: a channel's own, or a bank's.

extension RowReader {
  /// What the row moved on an account that money lies on.
  func readFlow(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    let isIn = row.movement >= 0
    if row.entry.rule == .settlement, row.entry.kind != .held {
      row.entry.flow = isIn ? .settlementIn : .settlementOut
      // The counterparty's name goes before what texts say.
      row.entry.party =
        (layout.parties + layout.topUpFields).lazy
        .map { layout.business.party(in: value($0, bytes)) }.first { $0 != .unknown } ?? .unknown
    }
    guard layout.profile.view == .account, row.entry.fen != 0 else { return }
    switch row.meaning {
    case .payment? where isIn: row.entry.flow = .payment
    case .refund? where !isIn: row.entry.flow = .refund
    // A fee that comes in is one that is given back, whatever its word.
    case .fee?, .feeReturned?: row.entry.flow = isIn ? .feeReturned : .fee
    case .withdrawal? where !isIn: row.entry.flow = .withdrawal
    default: row.entry.flow = isIn ? .otherIn : .otherOut
    }
    if layout[.feeText] >= 0 { readFeeWithin(value(layout[.feeText], bytes), &row) }
  }

  /// The fee that the text of a payment or refund says is within its amount.
  private func readFeeWithin(_ text: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    guard row.entry.flow == .payment || row.entry.flow == .refund,
      let place = place(of: layout.feeWithin, in: text, layout.encoding)
    else { return }
    let rest = UnsafeRawBufferPointer(rebasing: text[(place + layout.feeWithin.count)...])
    let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == 0x2E }
    guard
      case .value(let fee) = parseAmount(
        UnsafeRawBufferPointer(rebasing: digits), decimals: 5, encoding: layout.encoding)
    else { return }
    row.entry.fee = row.entry.flow == .payment ? fee : 0 - fee
  }
}
