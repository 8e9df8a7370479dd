/// Something a statement did wrong.
public struct StatementFault: Hashable, Sendable {
  /// What, by its public name.
  public var kind: FaultKind
  /// Where, when it is at one place: line counted from 1.
  public var line: Int?
  /// The column concerned, by its header or by the element's name.
  public var column: String?
  /// What was expected, what was found, what to do.
  public var detail: Wording
  /// Whether the whole statement is held: none of its rows is used, and it covers nothing.
  public var holds: Bool
  /// Whether the statement cannot speak for its whole period although its rows are used.
  public var voidsCoverage: Bool

  /// Creates a fault.
  public init(
    _ kind: FaultKind, line: Int? = nil, column: String? = nil, detail: Wording,
    holds: Bool = true, voidsCoverage: Bool = true
  ) {
    self.kind = kind
    self.line = line
    self.column = column
    self.detail = detail
    self.holds = holds
    self.voidsCoverage = voidsCoverage
  }
}

/// What a statement says that is neither wrong nor used.
public struct StatementNote: Hashable, Sendable {
  /// Where it is first said: line counted from 1.
  public var line: Int
  /// What, and what follows from it.
  public var detail: Wording

  /// Creates a note.
  public init(line: Int, detail: Wording) { (self.line, self.detail) = (line, detail) }
}

/// A row that could not become an entry.
public struct Rejection: Hashable, Sendable {
  /// File name.
  public var file: String
  /// Line counted from 1.
  public var line: Int
  /// Column counted from 1, when one field is to blame.
  public var column: Int?
  /// The field's header, when it has one.
  public var field: String?
  /// Byte offset of the row in the unpacked file.
  public var offset: Int
  /// What was expected and what was found.
  public var reason: Wording
  /// The raw row, cut at 500 characters.
  public var text: String
  /// Spans of ``text`` that name a person.
  public var personal: [PersonalSpan]
  /// What the row's columns say of ``text``, for finding the others.
  public var known: PersonalScan.Known

  /// Creates a rejection.
  public init(
    file: String, line: Int, column: Int? = nil, field: String? = nil, offset: Int,
    reason: Wording, text: String, known: PersonalScan.Known = PersonalScan.Known()
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.field = field
    self.offset = offset
    self.reason = reason
    self.text = text
    personal = known.personal
    self.known = known
  }

  /// Hides in ``field`` and ``reason`` whom they name, and finds in ``text`` who is to be hidden.
  ///
  /// - Parameter scan: the file's.
  public mutating func mask(_ scan: PersonalScan) {
    personal = scan.spans(of: text, known)
    let row = PersonalScan.Known(keys: known.keys, names: names)
    reason = scan.masked(reason, row)
    field = field.map { scan.masked($0, row) }
  }

  /// The names in the row's columns.
  public var names: [String] {
    let bytes = Array(text.utf8)
    return known.personal.filter(\.isName).map { span in
      String(decoding: bytes[span.utf8.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
  }
}

/// A control total: what a trailer states beside what the rows add up to.
public struct ControlTotal: Hashable, Sendable {
  /// The total's own name in the statement, e.g. `订单总金额`.
  public var name: String
  /// What the statement says; nil when it says nothing.
  public var stated: Int64?
  /// What its rows add up to.
  public var computed: Int64
  /// Whether this counts rows rather than fen.
  public var isCount: Bool

  /// Creates a total.
  public init(name: String, stated: Int64?, computed: Int64, isCount: Bool) {
    self.name = name
    self.stated = stated
    self.computed = computed
    self.isCount = isCount
  }
}

/// A balance of one card that does not follow from the one before, by time nor by the ledger's serials.
public struct CardBreak: Hashable, Sendable {
  /// Line of the first row, counted from 1.
  public var before: Int
  /// Line of the second.
  public var after: Int
  /// Balance after the first row in fen.
  public var balanceBefore: Int64
  /// What the rows up to the second moved.
  public var movement: Int64
  /// Balance after the second.
  public var balanceAfter: Int64
  /// Byte offset of the second row, for quoting it.
  public var offset: UInt64

  /// Describes a break.
  public init(
    before: Int, after: Int, balanceBefore: Int64, movement: Int64, balanceAfter: Int64,
    offset: UInt64
  ) {
    (self.before, self.after, self.offset) = (before, after, offset)
    (self.balanceBefore, self.movement) = (balanceBefore, movement)
    self.balanceAfter = balanceAfter
  }

  /// What is missing or too much, in fen.
  public var differenceFen: Int64 { balanceAfter &- balanceBefore &- movement }
}

/// Numbers that no row of a ledger bears although it says it has no gaps.
public struct SerialGap: Hashable, Sendable {
  /// Line of the row after them, counted from 1.
  public var line: Int
  /// Byte offset of that row, for quoting it.
  public var offset: UInt64
  /// How many are missing.
  public var count: Int64

  /// Describes a gap.
  public init(line: Int, offset: UInt64, count: Int64) {
    (self.line, self.offset, self.count) = (line, offset, count)
  }
}

/// Balances of an account in fen.
public struct StatementBalances: Hashable, Sendable {
  /// Before the first row.
  public var opening: Int64
  /// After the last row.
  public var closing: Int64

  /// Names both balances.
  public init(opening: Int64, closing: Int64) { (self.opening, self.closing) = (opening, closing) }
}

/// One statement file as it was read: everything about it but its rows.
public struct Statement: Hashable, Sendable {
  /// File name, without its folder unless two files share a name.
  public var file: String
  /// SHA-256 of the file's bytes as delivered, in lower-case hexadecimal.
  public var sha256: String
  /// Name of the layout, e.g. `wechat-trade`; empty when no layout fits.
  public var format: String
  /// Which book it belongs to.
  public var side: Side
  /// The channel it speaks for; `unknown` for a ledger.
  public var channel: Channel
  /// Merchant or account number it is about, when it says so.
  public var merchant: String?
  /// First day it speaks for.
  public var from: BusinessDay?
  /// Last day it speaks for.
  public var to: BusinessDay?
  /// Data rows read, whatever became of them.
  public var read = Tally()
  /// Rows accepted as entries.
  public var accepted = 0
  /// What is wrong with it.
  public var faults: [StatementFault] = []
  /// What is worth knowing about it, though nothing is wrong.
  public var notes: [StatementNote] = []
  /// Stated and recomputed totals.
  public var totals: [ControlTotal] = []
  /// Σ of the fee column in 1/100000 yuan, when the layout has one (positive: we pay).
  public var feeHundredThousandths: Int64 = 0

  /// Whether it tells one person's rows only, so that what it does not tell proves nothing.
  public var isPartial = false

  /// The stretch it says everything of, to the second; nil where neither it nor its rows tell: then it is
  /// the days it was delivered for.
  public var period: TimeSpan?
  /// What of it: payments, refunds or both.
  public var content: BookContent = .both
  /// Whether anything but its first row proves where it begins: an opening balance, totals, a count.
  public var provesStart = false
  /// Whether anything but its last row proves where it ends: a closing balance, totals, a count. A running
  /// balance does not.
  public var provesEnd = false
  /// Rows that cannot be used, each as narrow as what can be read of it.
  public var holes: [Hole] = []
  /// Where numbers of the ledger's rows are missing, before one of its rows.
  public var serialGaps: [SerialGap] = []
  /// Balances of its account before its first row and after its last one, where it tells them.
  public var balances: StatementBalances?
  /// Where balances of cards do not follow from each other, in a ledger that lists all movements.
  public var cardBreaks: [CardBreak] = []

  /// The ``format`` of an answer of WeChat's that says a day has no bill: it has no rows and no layout.
  public static let noBillFormat = "wechat-no-bill"

  /// Creates a statement nothing is known about yet.
  public init(
    file: String, sha256: String, format: String, side: Side, channel: Channel
  ) {
    self.file = file
    self.sha256 = sha256
    self.format = format
    self.side = side
    self.channel = channel
  }

  /// Whether none of its rows may be used.
  public var isHeld: Bool { faults.contains { $0.holds } }

  /// Whether it can speak for its whole period.
  public var covers: Bool { !isPartial && !faults.contains { $0.holds || $0.voidsCoverage } }
}
