internal import Payments

/// What the ordinary row of a layout needs, laid out for one pass over its fields.
///
/// Made once a file; nil for layouts whose rows mean something only together with their neighbours
/// (balance chains, running numbers) or by the sign of an amount: those take the careful path. A class,
/// as it is looked at for every row and has forty fields to copy.
final class PlainPlan: Sendable {
  /// Fields of a row.
  let fields: Int
  let separator: UInt8
  let separatorGuard: UInt8
  /// A row that starts with it is no data.
  let comment: UInt8?
  let time: Int
  let order: Int
  let serial: Int
  let own: Int
  let original: Int
  let account: Int
  let student: Int
  let payer: Int
  let cardBank: Int
  let merchant: Int
  let subMerchant: Int
  let currency: Int
  let currencyWord: PlainWord
  let accountTexts: [Int]
  let names: [Int]
  let shortestName: Int
  let coupons: [Int]
  let kind: Int
  let status: Int
  let success: [PlainWord]
  let channelWord: Int
  let balance: Int
  let fee: Int
  let needsSerial: Bool
  let hasOrderTexts: Bool
  let hasOtherOrders: Bool
  let hasOtherSerials: Bool
  let hasOtherOwns: Bool
  let isLedger: Bool
  let channel: Channel
  /// Columns whose amounts are read: field, digits after the dot, and where fees are counted.
  let amounts: [(field: Int, decimals: Int)]
  let feeAmount: Int
  let feeFactor: Int128
  /// What a fee is multiplied by to be one that the channel takes, in 1/100,000 yuan.
  let feeUnit: Int64
  /// Column of the rate, or −1.
  let rate: Int
  let balanceAmount: Int
  /// What is summed up for the trailer, as an index into ``amounts`` or −1 for a count of rows.
  let sums: [(amount: Int, rows: Profile.Trailer.Rows)]
  /// Words of the ordinary kinds.
  let words: [Word]

  /// A word of the kind column whose row is ordinary.
  struct Word: Sendable {
    var text: PlainWord
    var kind: EntryKind
    var rule: ExclusionRule
    /// Index into the amounts.
    var amount: Int
    /// How the row moves its card's balance: 1, −1, or 0 when nobody knows.
    var moves: Int64
  }

  init?(_ layout: Layout) {
    let profile = layout.profile
    let dialect = layout.dialect
    guard dialect.width == 0, !dialect.isAmbiguous, !profile.isList, layout.header.count > 1,
      layout[.time] >= 0, layout[.timeOfDay] < 0, layout.fileDay == nil, profile.timeLength == nil,
      profile.midnightIsDay != true, layout.direction.moneyIn < 0, layout.direction.moneyBoth < 0,
      layout.kinds.field >= 0, layout.kinds.match == .exact, layout.topUpFields.isEmpty,
      layout[.sequence] < 0, !layout.numbersRows, layout.padding == 0,
      layout.side == .ledger || layout[.balance] < 0
    else { return nil }
    fields = layout.header.count
    separator = dialect.separator
    separatorGuard = dialect.separatorGuard
    comment = profile.commentPrefix?.utf8.first
    (time, order, serial, own) = (layout[.time], layout[.order], layout[.serial], layout[.own])
    (original, account, student) = (layout[.original], layout[.account], layout[.student])
    (payer, merchant, subMerchant) = (layout[.payer], layout[.merchant], layout[.subMerchant])
    cardBank = layout[.cardBank]
    currency = layout.yuanWords.isEmpty ? -1 : layout[.currency]
    guard let currencyWord = PlainWord(layout.yuanWords.first ?? []) else { return nil }
    self.currencyWord = currencyWord
    accountTexts = layout.accountTexts
    (names, shortestName) = (layout.names, layout.shortestName)
    coupons = layout.coupons
    kind = layout.kinds.field
    status = layout.status.field
    success = layout.status.success.compactMap { PlainWord($0) }
    channelWord = layout[.channelWord]
    balance = layout[.balance]
    fee = layout[.fee]
    needsSerial = layout.needsSerial
    hasOrderTexts = !layout.orderTexts.isEmpty
    hasOtherOrders = !layout.otherOrders.isEmpty
    hasOtherSerials = !layout.otherSerials.isEmpty
    hasOtherOwns = !layout.otherOwns.isEmpty
    isLedger = layout.side == .ledger
    channel = layout.channel
    guard layout.amounts.count < 64, layout.amounts.allSatisfy({ !$0.unit.isFen }) else {
      return nil
    }
    amounts = layout.amounts.map { ($0.field, $0.unit.decimals) }
    feeAmount = layout.amounts.firstIndex { $0.field == layout[.fee] } ?? -1
    feeFactor = feeAmount >= 0 && layout.amounts[feeAmount].unit.scale == 5 ? 1 : 1_000
    feeUnit = Int64(feeFactor) * (layout.profile.feesAreNegative == true ? -1 : 1)
    rate = layout[.rate]
    balanceAmount = layout.amounts.firstIndex { $0.field == layout[.balance] } ?? -1
    guard layout.sums.allSatisfy({ $0.rows != .moneyIn && $0.rows != .moneyOut }) else {
      return nil
    }
    sums = layout.sums.map { ($0.amount ?? -1, $0.rows) }
    words = layout.kinds.rules.compactMap { rule in
      guard !rule.orNonZero, let amount = rule.amounts?.first else { return nil }
      let kinds: [Profile.Kind.Meaning: EntryKind] = [
        .payment: .payment, .credit: .credit, .notTopUp: .excluded,
      ]
      guard let kind = kinds[rule.meaning], let text = PlainWord(rule.word) else { return nil }
      return Word(
        text: text, kind: kind, rule: .notTopUp, amount: amount,
        moves: rule.moves.map { $0 == .up ? 1 : -1 } ?? 0)
    }
    guard !words.isEmpty else { return nil }
  }
}
