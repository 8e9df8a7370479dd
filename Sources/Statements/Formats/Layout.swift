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
  /// The first column of every role, by the role's number; −1 where the file has none. It lies in the
  /// layout itself: careful rows look up twenty of them.
  private var columns = InlineArray<24, Int>(repeating: -1)
  /// The day of every row, where only the file's name tells it.
  let fileDay: Int64?
  let yuanWords: [[UInt8]]
  /// Whose of a service provider's rows are ours; empty for any.
  let ownSubMerchants: [KeyHash]
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
  /// Every column that holds keys of an entry, or its account.
  let keyColumns: [Int]
  /// Those of them that are looked at only when another says nothing.
  let sideKeys: [Int]
  /// Whether a row may end before the header does: its last cells are empty.
  var mayBeShort: Bool { profile.shortRows == true || dialect == .rendered }
  /// Empty fields that every row of the file has behind those of the header.
  var padding = 0
  /// Columns whose amounts are validated on every row, with their units.
  let amounts: [(field: Int, unit: Profile.AmountUnit)]
  /// For each ``amounts`` element its place in ``sums``: what trailers add up.
  let sums: [SumRule]
  let kinds: Kinds
  /// Whether every row says what it moved, so that balances can be held against each other.
  let tellsMovement: Bool
  let status: Status
  let refundStatus: RefundStatus
  let direction: Direction
  /// Columns one of which holds one of some words where a row is a top-up; no words: every row is one.
  let topUpFields: [Int]
  let topUpWords: [[UInt8]]
  /// What a row without such a word is.
  let otherBusiness: ExclusionRule
  /// Columns that name who paid or was paid.
  let parties: [Int]
  let business: BankBusiness
  /// Whether the numbers of its rows are looked at for gaps.
  let numbersRows: Bool
  /// What stands before a fee that is within the amount.
  let feeWithin: [UInt8]
  let channelWords: [(word: [UInt8], channel: Channel)]
  /// What the ledger writes where a channel would stand of top-ups that no statement tells.
  let unreconciledWords: [[UInt8]]
  /// Columns of orders and serials of any kind.
  let keys: [Int]
  let personal: [(field: Int, isName: Bool)]
  /// Columns of names, and how many bytes three Chinese characters have.
  let names: [Int]
  let shortestName: Int

  /// The first column of a role; −1 where the file has none.
  @inline(__always)
  subscript(role: Role) -> Int { columns[role.rawValue] }

  init(
    _ profile: Profile, header: [String], encoding: TextEncoding, dialect: Dialect,
    fileDay: Int64? = nil, words: SchoolWords = SchoolWords()
  ) {
    let finder = ColumnFinder(profile, header, encoding)
    self.profile = profile
    self.encoding = encoding
    var cut = dialect
    cut.isAmbiguous = encoding == .gb18030 && dialect.separator >= 0x30
    self.dialect = cut
    self.fileDay = profile.dayFromName == true ? fileDay : nil
    self.header = header
    side = Side(rawValue: profile.side) ?? .channel
    channel = Channel(name: profile.channel) ?? .other
    yuanWords = finder.words(profile.yuanWords)
    ownSubMerchants = (words.subMerchants[channel] ?? []).map { fingerprint($0) }
    needsSerial = profile.required.contains("serial")
    freeText = finder.first(profile.freeText.map { [$0] })
    otherOrders = Array(finder.all(.order).dropFirst())
    otherSerials = Array(finder.all(.serial).dropFirst())
    otherOwns = Array(finder.all(.own).dropFirst())
    accountTexts = finder.all(.accountText)
    orderTexts = finder.all(.orderText)
    coupons = finder.all(.coupons)
    let roles: [Role] = [
      .order, .serial, .own, .original, .refundSerial, .account, .student,
    ]
    keyColumns = Array(Set(roles.flatMap(finder.all))).sorted()
    sideKeys = otherOrders + otherSerials + otherOwns + finder.all(.refundSerial)
    amounts = finder.amounts
    sums = profile.controlTotals.map { total in
      SumRule(amount: total.sum.flatMap(finder.amount), rows: total.rows)
    }
    kinds = Kinds(profile.kinds, finder)
    tellsMovement = profile.tellsMovement
    status = Status(profile.status, finder)
    refundStatus = RefundStatus(profile.refundStatus, finder)
    direction = Direction(profile.direction, finder)
    let topUps = words.topUps[channel] ?? []
    topUpFields = finder.topUpFields(topUps)
    topUpWords =
      topUpFields.isEmpty ? [] : finder.words(topUps.isEmpty ? profile.topUpWords?.words : topUps)
    otherBusiness = topUps.isEmpty ? .notCampusCard : .otherBusiness
    parties = finder.all(.party)
    numbersRows = side == .ledger && words.serialsAreContinuous
    feeWithin = encoding.encode("含手续费")
    business = BankBusiness(encoding, parties: words.payoutParties)
    channelWords = Layout.words(profile, words, encoding)
    unreconciledWords = finder.words((profile.unreconciledWords ?? []) + words.unreconciled)
    keys = Array(Set(roles.dropLast(2).flatMap(finder.all))).sorted()
    personal = Layout.personal(profile, finder, header, besides: keys)
    names = personal.filter(\.isName).map(\.field)
    shortestName = encoding == .utf8 ? 9 : 6
    for role in Role.allCases { columns[role.rawValue] = finder.first(profile.columns[role.name]) }
    // Day and time of day in one column are one moment.
    if self[.timeOfDay] == self[.time] { columns[Role.timeOfDay.rawValue] = -1 }
  }

  /// Columns whose values are people's: by the profile, and by their headers where it says nothing of them.
  private static func personal(
    _ profile: Profile, _ finder: ColumnFinder, _ header: [String], besides keys: [Int]
  ) -> [(field: Int, isName: Bool)] {
    let told =
      finder.all(profile.personal).map { (field: $0, isName: true) }
      + finder.all(profile.personalNumbers).map { (field: $0, isName: false) }
    let business = ["time", "timeOfDay", "merchant", "subMerchant", "currency", "channelWord"]
      .flatMap { finder.all(profile.columns[$0]) }
    let meant = Set(told.map(\.field) + keys + business + finder.amounts.map(\.field))
    return told
      + header.indices.compactMap { field in
        guard !meant.contains(field), let says = PersonalHeader(header[field]) else { return nil }
        return (field, says == .name)
      }
  }

  /// The names of key columns the profile knows and the file lacks: order numbers, channel serials.
  var missingKeys: [String] {
    if profile.generic == true || profile.isList || profile.fixed != nil { return [] }
    return [Role.order, .serial].filter { self[$0] < 0 }
      .compactMap { profile.columns[$0.name]?.first }
  }

  /// The names of text columns that may hold orders and accounts, which the profile knows and the file lacks.
  var missingTexts: [String] {
    if profile.generic == true || profile.isList || profile.fixed != nil { return [] }
    let names = [Role.orderText, .accountText].flatMap { profile.columns[$0.name] ?? [] }
    var seen = Set<String>(header)
    return names.filter { seen.insert($0).inserted }
  }

  /// Columns that have a name the profile does not know.
  var strangeColumns: [Int] {
    let known = profile.knownHeaders
    return header.indices.filter { !header[$0].isEmpty && !known.contains(header[$0]) }
  }

  /// The channel a ledger's word names; nil where it names none, or two: then only a bill tells which is meant.
  func channel(named word: UnsafeRawBufferPointer) -> Channel? {
    var found: Channel?
    for known in channelWords where contains(word, known.word, encoding) {
      guard let other = found, other != known.channel else {
        found = known.channel
        continue
      }
      // 建设银行 is a bank besides.
      if known.channel == .bank, other.isBank { continue }
      return nil
    }
    return found
  }

  /// The ledger's channel words, longest first so that 建设银行 wins over 银行.
  private static func words(
    _ profile: Profile, _ words: SchoolWords, _ encoding: TextEncoding
  ) -> [(word: [UInt8], channel: Channel)] {
    let known = (profile.channelWords ?? [:]).flatMap { name, words in
      words.map { (word: $0, channel: Channel(name: name) ?? .other) }
    }
    let own = OwnChannel.all.flatMap { own in
      (own.words + [own.label.zh]).map { (word: $0, channel: own.channel) }
    }
    let said = words.channels.flatMap { channel, words in
      words.map { (word: $0, channel: channel) }
    }
    return (known + own + said).sorted {
      ($1.word.utf8.count, $0.word) < ($0.word.utf8.count, $1.word)
    }
    .map { (encoding.encode($0.word), $0.channel) }
  }
}
