public import Columns

/// What a row says happened.
public enum EntryKind: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  // Channel side.
  /// The channel took money from the payer.
  case payment
  /// The channel gave money back (a refund, or a payment revoked).
  case refund
  /// A payment that did not succeed (closed, failed, waiting): it took nothing.
  case failedPayment
  // Ledger side.
  /// Money was put on a card.
  case credit
  /// Money was put on a card by a person's hand (补录).
  case manualCredit
  /// Money was taken back off a card (冲正, 退款, 退费 of a top-up).
  case reversal
  /// A top-up the card system tried and did not post (失败, 处理中): it moved nothing.
  case unpostedCredit
  /// Money moved off a lost card (转出): tells which cards belong to one person.
  case transferOut
  /// Money moved onto the replacement card (转入).
  case transferIn
  // Either side.
  /// No top-up at all: kept for conservation, named by an ``ExclusionRule``.
  case excluded
  /// A row that cannot be used (unknown status, unreadable amount) but whose keys can be read: it
  /// accuses nobody and holds its group back.
  case held

  /// Whether the row belongs to the channel's book (excluded and held rows may be in either).
  @inlinable
  public var isChannelMoney: Bool { self == .payment || self == .refund }

  /// Whether the row put money on a card.
  @inlinable
  public var isCredit: Bool { self == .credit || self == .manualCredit }
}

/// Why a row takes no part in matching. The names are a public contract.
public enum ExclusionRule: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case notTopUp, notPosted, unreconciledChannel, notBooked, notCampusCard, repeatedRow
  case repeatedStatement, failedPayment, otherCurrency, channelFee, secondView
  case accountList, closedAccount, cardReplacement, otherMerchant, personalBill
  case settlement, outgoing, personLeft, otherBusiness

  /// Whether a row lacks the words of a top-up.
  @inlinable
  public var isOtherBusiness: Bool { self == .notCampusCard || self == .otherBusiness }

  /// The machine name used in `report.json`.
  public var name: String {
    switch self {
    case .notTopUp: "not-top-up"
    case .notPosted: "not-posted"
    case .unreconciledChannel: "unreconciled-channel"
    case .notBooked: "not-booked"
    case .notCampusCard: "not-campus-card"
    case .repeatedRow: "repeated-row"
    case .repeatedStatement: "statement-duplicate"
    case .failedPayment: "failed-payment"
    case .otherCurrency: "other-currency"
    case .channelFee: "channel-fee"
    case .secondView: "second-view"
    case .accountList: "account-list"
    case .closedAccount: "closed-account"
    case .cardReplacement: "card-replacement"
    case .otherMerchant: "other-merchant"
    case .personalBill: "personal-bill"
    case .settlement: "settlement"
    case .outgoing: "outgoing"
    case .personLeft: "person-left"
    case .otherBusiness: "other-business"
    }
  }
}

/// Where every row of every accepted statement ends: exactly one of six.
public enum Bucket: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case matched, matchedWithinTolerance, pending, anomalous, excluded, rejected

  /// The machine name used in `report.json`.
  public var name: String {
    self == .matchedWithinTolerance ? "matched-within-tolerance" : String(describing: self)
  }
}

/// The 64-bit fingerprint of a key (an order number, a serial, an account); 0 means absent.
///
/// A collision is possible in principle (about 10⁻⁷ for a day of a million payments), so whatever
/// is reported is read again from the statement's bytes.
public typealias KeyHash = UInt64

/// Mixes two keys, or a key and a number, into one; never 0, so that "absent" stays free.
@inlinable
@inline(__always)
public func mixed(_ left: UInt64, _ right: UInt64) -> KeyHash {
  let product = (left ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
    by: right ^ 0xE703_7ED1_A0B4_28DB)
  let value = product.high ^ product.low
  return value == 0 ? 1 : value
}

/// One row of a statement, as values: what readers hand over and tests write down.
public struct Entry: Hashable, Sendable {
  /// Index into the run's statements.
  public var statement: UInt16
  /// What the row says happened.
  public var kind: EntryKind
  /// The channel whose statement holds the row, or the one a ledger row names.
  public var channel: Channel
  /// Why the row is excluded; meaningful when ``kind`` is ``EntryKind/excluded``.
  ///
  /// A channel's payment or refund with ``ExclusionRule/settlement``, ``ExclusionRule/outgoing``,
  /// ``ExclusionRule/notCampusCard`` or ``ExclusionRule/otherBusiness`` is no top-up business unless a row or a
  /// person of the night is named by it: the judge decides.
  public var rule: ExclusionRule
  /// The amount in fen, never negative: direction is in ``kind``.
  public var fen: Int64
  /// Seconds since 1970-01-01T00:00:00Z.
  public var time: Int64
  /// The school's own order number, the strong key between the two sides.
  public var order: KeyHash
  /// Channel serial: a channel row's own, or the 渠道流水号 a ledger row quotes.
  public var serial: KeyHash
  /// What makes the row itself unique: ledger serial, refund serial, batch position; 0 when the
  /// serial alone does (or when nothing does).
  public var own: KeyHash
  /// Card number: of a channel row the one its texts label so.
  public var account: KeyHash
  /// Student or staff number, likewise.
  public var student: KeyHash
  /// Any more numbers of people that a channel row's texts name.
  public var others: [NamedNumber] = []
  /// Who paid (WeChat 用户标识, Alipay 对方账户, card tail).
  public var payer: KeyHash
  /// The serial this row reverses: a reversal's ledger serial, a 转入's 转出, a refund's payment.
  public var original: KeyHash
  /// Sum of the row's coupon columns in fen.
  public var couponFen: Int64
  /// What the row moved on an account that money lies on.
  public var flow = Flow.none
  /// The channel that settles, on a bank's row that names its party; ``Channel/unknown`` where none is told.
  public var party = Channel.unknown
  /// What the channel took for the row, in 1/100,000 yuan; negative what it gave back.
  public var fee: Int64 = 0
  /// The rate its bill states, in 1/100,000 of the amount; 0 where it states none.
  public var rate: UInt32 = 0
  /// Whether the statement gives the day only, so that ``time`` is its midnight: such a row may have
  /// happened at any time of the day.
  public var isDayOnly = false
  /// Whether a payment's statement says that it was made with a foreign bank's card.
  public var isForeign = false
  /// Whether a bank says that a company paid.
  public var isCompany = false
  /// Line of the row, counted from 1.
  public var line: UInt32
  /// Byte offset of the row in its (unpacked) statement.
  public var offset: UInt64

  /// Creates a row; everything a layout does not carry stays absent.
  public init(
    statement: UInt16 = 0, kind: EntryKind, channel: Channel = .unknown,
    rule: ExclusionRule = .notTopUp, fen: Int64, time: Int64, order: KeyHash = 0,
    serial: KeyHash = 0, own: KeyHash = 0, account: KeyHash = 0, student: KeyHash = 0,
    payer: KeyHash = 0, original: KeyHash = 0, couponFen: Int64 = 0, line: UInt32 = 0,
    offset: UInt64 = 0
  ) {
    self.statement = statement
    self.kind = kind
    self.channel = channel
    self.rule = rule
    self.fen = fen
    self.time = time
    self.order = order
    self.serial = serial
    self.own = own
    self.account = account
    self.student = student
    self.payer = payer
    self.original = original
    self.couponFen = couponFen
    self.line = line
    self.offset = offset
  }
}

/// Rows as columns: one column per field, one index per row.
///
/// Matching walks one or two fields of millions of rows; as columns those are contiguous, and
/// nothing is allocated per row. Fields that few rows carry are sparse, and those that follow from the
/// row before are runs: touching memory for the first time is the dearest thing done to a row.
public struct EntryTable: Sendable {
  /// Index into the run's statements.
  public var statement = RunColumn<UInt16>(step: 0)
  /// What each row says happened.
  public var kind = Column<EntryKind>()
  /// The channel of each row.
  public var channel = Column<Channel>()
  /// Why an excluded row is excluded.
  public var rule = Column<ExclusionRule>()
  /// Amounts in fen, never negative.
  public var fen = AmountColumn()
  /// Seconds since 1970-01-01T00:00:00Z; fits 32 bits unsigned until the year 2106.
  public var time = Column<UInt32>()
  /// Order numbers.
  public var order = Column<KeyHash>()
  /// Channel serials.
  public var serial = Column<KeyHash>()
  /// Ledger and refund serials.
  public var own = Column<KeyHash>()
  /// Card numbers.
  public var account = Column<KeyHash>()
  /// Student and staff numbers.
  public var student = Column<KeyHash>()
  /// Payers.
  public var payer = Column<KeyHash>()
  /// What rows moved on accounts that money lies on.
  public var flow = Column<Flow>()
  /// Row → the channel that settles, for the bank's rows that name one.
  public var parties: [Int32: Channel] = [:]
  /// Fees in 1/100,000 yuan, negative what was given back; those of 21,000 yuan and more in ``largeFees``.
  public var fee = Column<Int32>()
  /// Row → its fee, for those that do not fit ``fee``.
  public var largeFees: [Int32: Int64] = [:]
  /// Rates that bills state, in 1/100,000.
  public var rate = RunColumn<UInt32>(step: 0)
  /// Lines, counted from 1.
  public var line = RunColumn<UInt32>(step: 1)
  /// Byte offsets in the unpacked statement.
  public var offset = OffsetColumn()
  /// Row → the serial it reverses, for the few rows that reverse one.
  public var original: [Int32: KeyHash] = [:]
  /// Any more numbers of people, of the channel rows that name some.
  public var others = NumberColumn()
  /// Row → sum of its coupon columns in fen, for the few rows that carry one.
  public var couponFen: [Int32: Int64] = [:]
  /// Rows whose statement gives the day only.
  public var dayOnly: Set<Int32> = []
  /// Payments with foreign cards.
  public var foreign: Set<Int32> = []
  /// Payments by companies.
  public var company: Set<Int32> = []

  /// Creates an empty table.
  public init() {}

  /// Number of rows.
  @inlinable
  public var count: Int { kind.count }

  /// Appends one row.
  @inlinable
  public mutating func append(_ entry: Entry) {
    let row = Int32(truncatingIfNeeded: kind.count)
    statement.append(entry.statement)
    kind.append(entry.kind)
    channel.append(entry.channel)
    rule.append(entry.rule)
    fen.append(entry.fen)
    time.append(UInt32(clamping: entry.time))
    order.append(entry.order)
    serial.append(entry.serial)
    own.append(entry.own)
    account.append(entry.account)
    student.append(entry.student)
    payer.append(entry.payer)
    flow.append(entry.flow)
    fee.append(Int32(clamping: entry.fee))
    if Int64(Int32(clamping: entry.fee)) != entry.fee { largeFees[row] = entry.fee }
    rate.append(entry.rate)
    line.append(entry.line)
    offset.append(entry.offset)
    if entry.party != .unknown { parties[row] = entry.party }
    if entry.original != 0 { original[row] = entry.original }
    if entry.couponFen != 0 { couponFen[row] = entry.couponFen }
    if entry.isDayOnly { dayOnly.insert(row) }
    if entry.isForeign { foreign.insert(row) }
    if entry.isCompany { company.insert(row) }
    for number in entry.others { others.append(number, row: row) }
  }

  /// One row as a value.
  public subscript(row: Int) -> Entry {
    var entry = Entry(
      statement: statement[row], kind: kind[row], channel: channel[row], rule: rule[row],
      fen: fen[row], time: Int64(time[row]), order: order[row], serial: serial[row],
      own: own[row], account: account[row], student: student[row], payer: payer[row],
      original: original[Int32(row)] ?? 0, couponFen: couponFen[Int32(row)] ?? 0,
      line: line[row], offset: offset[row])
    (entry.flow, entry.fee, entry.rate) = (flow[row], fee(of: row), rate[row])
    entry.party = parties[Int32(row)] ?? .unknown
    entry.isDayOnly = dayOnly.contains(Int32(row))
    entry.isForeign = foreign.contains(Int32(row))
    entry.isCompany = company.contains(Int32(row))
    entry.others = others.of(Int32(row))
    return entry
  }

  /// The fee of a row in 1/100,000 yuan.
  @inlinable
  public func fee(of row: Int) -> Int64 { largeFees[Int32(row)] ?? Int64(fee[row]) }

  /// Takes off every excluded row who it is for: a channel's row that is left out is nobody's.
  public mutating func nameNobodyWhereExcluded() {
    for row in 0..<count where kind[row] == .excluded {
      if account[row] != 0 { account[row] = 0 }
      if student[row] != 0 { student[row] = 0 }
    }
    guard !others.isEmpty else { return }
    let kinds = kind
    others.keep { kinds[Int($0)] != .excluded }
  }
}
