internal import Payments

/// A profile laid over one file's header: which field holds what, in that file's encoding.
///
/// Everything a row needs is an index or a byte pattern, so that reading a row looks nothing up.
struct Layout: Sendable {
  let profile: Profile
  let encoding: TextEncoding
  let dialect: Dialect
  let side: Side
  let channel: Channel
  /// Header names as the file has them.
  let header: [String]
  let time: Int
  /// The time of day, where it stands apart from the day.
  let timeOfDay: Int
  /// The day of every row, where only the file's name tells it.
  let fileDay: Int64?
  let currency: Int
  let yuanWords: [[UInt8]]
  let order: Int
  let serial: Int
  let own: Int
  let refundSerial: Int
  let original: Int
  let account: Int
  let student: Int
  let payer: Int
  let merchant: Int
  /// Whose business a service provider's row is, and whose is ours; empty for any.
  let subMerchant: Int
  let ownSubMerchants: [KeyHash]
  /// Running numbers without gaps.
  let sequence: Int
  let channelWord: Int
  let balance: Int
  let fee: Int
  /// Whether a payment without a serial is a row cut short; some banks give no serials.
  let needsSerial: Bool
  let freeText: Int
  /// Columns to look into when the first of their role says nothing: order, serial, own.
  let otherOrders: [Int]
  let otherSerials: [Int]
  let otherOwns: [Int]
  let accountTexts: [Int]
  let orderTexts: [Int]
  let coupons: [Int]
  /// Columns whose amounts are validated on every row, with their units.
  let amounts: [(field: Int, unit: Profile.AmountUnit)]
  /// For each ``amounts`` element its place in ``sums``: what trailers add up.
  let sums: [SumRule]
  let kindField: Int
  let kinds: [KindRule]
  let kindMatch: Profile.Kinds.Match
  let otherKinds: KindRule?
  /// The amount column all kinds share: it holds also for a word nobody listed. Nil where they
  /// differ.
  let sharedAmount: Int?
  /// Whether every row says what it moved, so that balances can be held against each other.
  let tellsMovement: Bool
  let statusField: Int
  let success: [[UInt8]]
  let unposted: [[UInt8]]
  let refundStatusField: Int
  let refundDone: [[UInt8]]
  let refundFailed: [[UInt8]]
  /// Indices into ``amounts`` of the two direction columns, or −1.
  let moneyIn: Int
  let moneyOut: Int
  /// Index into ``amounts`` of the one column that tells the direction by sign or flag, or −1.
  let moneyBoth: Int
  let flagField: Int
  let flagIn: [[UInt8]]
  let flagOut: [[UInt8]]
  let topUpFields: [Int]
  let topUpWords: [[UInt8]]
  let channelWords: [(word: [UInt8], channel: Channel)]
  let personal: [(field: Int, isName: Bool)]

  /// One word of the kind column.
  struct KindRule: Sendable {
    var word: [UInt8]
    var meaning: Profile.Kind.Meaning
    /// Indices into ``amounts``, to be tried in order; nil where the direction columns tell.
    var amounts: [Int]?
    var orNonZero: Bool
    var moves: Profile.Kind.Move?
  }

  /// One control total: which amount column, over which rows; a count when there is no column.
  struct SumRule: Sendable {
    var amount: Int?
    var rows: Profile.Trailer.Rows
  }

  init(
    _ profile: Profile, header: [String], encoding: TextEncoding, dialect: Dialect,
    fileDay: Int64? = nil, subMerchants: [String] = []
  ) {
    self.profile = profile
    self.encoding = encoding
    var cut = dialect
    cut.isAmbiguous = encoding == .gb18030 && dialect.separator >= 0x30
    self.dialect = cut
    self.fileDay = profile.dayFromName == true ? fileDay : nil
    self.header = header
    side = Side(rawValue: profile.side) ?? .channel
    channel = Channel(name: profile.channel) ?? .other
    func index(_ names: [String]?) -> Int {
      for name in names ?? [] {
        if let found = header.firstIndex(of: name) { return found }
      }
      return -1
    }
    func all(_ names: [String]?) -> [Int] { (names ?? []).compactMap(header.firstIndex) }
    let column = { (role: String) in index(profile.columns[role]) }
    time = column("time")
    let clock = column("timeOfDay")
    timeOfDay = clock == time ? -1 : clock
    currency = column("currency")
    yuanWords = (profile.yuanWords ?? []).map(encoding.encode)
    order = column("order")
    serial = column("serial")
    own = column("own")
    refundSerial = column("refundSerial")
    original = column("original")
    account = column("account")
    student = column("student")
    payer = column("payer")
    merchant = column("merchant")
    subMerchant = column("subMerchant")
    ownSubMerchants = subMerchants.map { fingerprint($0) }
    sequence = column("sequence")
    channelWord = column("channelWord")
    balance = column("balance")
    fee = column("fee")
    needsSerial = profile.required.contains("serial")
    freeText = index(profile.freeText.map { [$0] })
    otherOrders = Array(all(profile.columns["order"]).dropFirst())
    otherSerials = Array(all(profile.columns["serial"]).dropFirst())
    otherOwns = Array(all(profile.columns["own"]).dropFirst())
    accountTexts = all(profile.columns["accountText"])
    orderTexts = all(profile.columns["orderText"])
    coupons = all(profile.columns["coupons"])
    let amounts = header.indices.compactMap { field in
      profile.amounts[header[field]].map { (field: field, unit: $0) }
    }
    self.amounts = amounts
    let amountIndex = { (name: String) -> Int? in
      amounts.firstIndex { header[$0.field] == name }
    }
    sums = profile.controlTotals.map { total in
      SumRule(amount: total.sum.flatMap(amountIndex), rows: total.rows)
    }
    kindField = index(profile.kinds?.column)
    func rule(_ word: String, _ kind: Profile.Kind) -> KindRule {
      KindRule(
        word: encoding.encode(word), meaning: kind.is,
        amounts: kind.amount?.compactMap(amountIndex), orNonZero: kind.orNonZero ?? false,
        moves: kind.moves)
    }
    // Longest first, so that a word wins over its own beginning.
    kinds = (profile.kinds?.values ?? [:])
      .sorted { ($1.key.utf8.count, $0.key) < ($0.key.utf8.count, $1.key) }.map(rule)
    kindMatch = profile.kinds?.match ?? .exact
    otherKinds = profile.kinds?.others.map { rule("", $0) }
    let kindAmounts = Set((profile.kinds?.values ?? [:]).values.map(\.amount))
    sharedAmount = kindAmounts.count == 1 ? kindAmounts.first??.compactMap(amountIndex).first : nil
    let listed =
      Array((profile.kinds?.values ?? [:]).values) + [profile.kinds?.others].compactMap { $0 }
    let isDirected = profile.direction != nil
    tellsMovement = isDirected || listed.allSatisfy { $0.tellsMovement }
    statusField = index(profile.status?.column)
    success = (profile.status?.success ?? []).map(encoding.encode)
    unposted = (profile.status?.unposted ?? []).map(encoding.encode)
    refundStatusField = index(profile.refundStatus?.column)
    refundDone = (profile.refundStatus?.done ?? []).map(encoding.encode)
    refundFailed = (profile.refundStatus?.failed ?? []).map(encoding.encode)
    moneyBoth = (profile.direction?.amount ?? []).compactMap(amountIndex).first ?? -1
    flagField = index(profile.direction?.flag?.column)
    flagIn = (profile.direction?.flag?.moneyIn ?? []).map(encoding.encode)
    flagOut = (profile.direction?.flag?.moneyOut ?? []).map(encoding.encode)
    moneyIn = (profile.direction?.moneyIn ?? []).compactMap(amountIndex).first ?? -1
    moneyOut = (profile.direction?.moneyOut ?? []).compactMap(amountIndex).first ?? -1
    topUpFields = all(profile.topUpWords?.columns)
    topUpWords = (profile.topUpWords?.words ?? []).map(encoding.encode)
    channelWords = Layout.words(profile, encoding)
    personal =
      all(profile.personal).map { ($0, true) } + all(profile.personalNumbers).map { ($0, false) }
  }

  /// The ledger's channel words, longest first so that 建设银行 wins over 银行.
  private static func words(
    _ profile: Profile, _ encoding: TextEncoding
  ) -> [(word: [UInt8], channel: Channel)] {
    (profile.channelWords ?? [:]).flatMap { name, words in
      words.map { (word: $0, channel: Channel(name: name) ?? .other) }
    }
    .sorted { ($1.word.utf8.count, $0.word) < ($0.word.utf8.count, $1.word) }
    .map { (encoding.encode($0.word), $0.channel) }
  }
}

extension Profile.Kind {
  /// Whether a row of this kind moves the account's balance in a known direction, or not at all.
  var tellsMovement: Bool { moves != nil || [.payment, .refund, .failed].contains(self.is) }
}

extension Profile {
  /// Every control total of the trailer, whichever way it is written.
  var controlTotals: [(name: String, sum: String?, rows: Trailer.Rows)] {
    let totals = trailer?.totals ?? []
    let lines = trailer?.lines ?? []
    return totals.map { ($0.name, $0.sum, $0.count ?? $0.of ?? .all) }
      + lines.map { ($0.name, $0.sum, $0.count ?? $0.of ?? .all) }
  }
}
