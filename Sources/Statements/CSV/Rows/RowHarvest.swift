internal import Payments

/// What one stretch of a file gave: entries and everything the statement-level checks need.
struct RowHarvest: Sendable {
  var table = EntryTable()
  /// Data rows, whatever became of them, and their readable fen.
  var read = Tally()
  /// Lines consumed, data or not.
  var lines = 0
  var rejections: [RowRejection] = []
  /// The last of them all.
  var lastRejection: RowRejection?
  var rejectedRows = 0
  /// Rejected rows no key of which can be read: they could belong to anybody.
  var unkeyed = Tally()
  var unknownStatuses: [RowRejection] = []
  /// Rows that cannot be used, for whatever reason.
  var unusedRows = 0
  /// Rows whose word for a channel is nobody's, and the lines of all of them.
  var strange: [RowRejection] = []
  var strangeLines: [Int] = []
  /// Names of people in columns of names.
  var names = NameHarvest()
  /// One value per sum rule of the layout.
  var sums: [Int128] = []
  /// Whether a row's amount could not be read, so that sums cannot be compared.
  var hasUnreadableAmount = false
  var days: [DayCount] = []
  var merchant: [UInt8]?
  var otherMerchant: (line: Int, text: [UInt8])?
  /// The first sub-merchant of a provider's file, and the first that is another.
  var subMerchant: [UInt8]?
  var otherSubMerchant: (line: Int, text: [UInt8])?
  /// Key columns with a value a spreadsheet has rewritten, each with its first line.
  var damaged: [Int: Int] = [:]
  /// Whether a row lacks the empty fields the others have behind the header's.
  var hasUnpadded = false
  var chain = BalanceChain()
  /// Running numbers: a balance that every row moves by one.
  var numbers = BalanceChain()
  /// The first line whose balance, or running number, is empty or cannot be read.
  var lostBalance: Int?
  var lostNumber: Int?
  var cards: [CardBalance] = []
  /// The running numbers of a ledger that has no gaps, and how many rows tell none.
  var serials: [(number: Int64, line: Int)] = []
  var lostSerials = 0
  /// Whether any row says its card's balance, and whether any was passed over because none was
  /// thought to: both together, and the file is read again.
  var hasBalance = false
  var skipsBalances = false
  /// Σ of the fee column in 1/100000 yuan.
  var fees: Int128 = 0
  /// Whether a row could not be cut into its fields, so that only all rows can be counted.
  var hasUncutRow = false
  /// Whether a quote was met although the stretch was cut at bare line ends.
  var needsWholeFile = false
  /// A quoted field that never closes: line where it opens.
  var openQuoteLine: Int?
  /// First byte that is not valid in the file's encoding, with its line.
  var invalid: (line: Int, byte: UInt8)?
  /// Lines that start with the layout's comment mark: line, text.
  var comments: [(line: Int, text: [UInt8])] = []
}

/// A rejected row before its text is decoded.
struct RowRejection: Sendable {
  var line: Int
  var field: Int?
  var offset: Int
  var reason: Wording
  var bytes: [UInt8]
  /// What can be read of it, without its place.
  var unused: UnusedRow
}

/// A row while it is being read.
struct RowDraft {
  let line: Int
  let offset: Int
  var entry = Entry(kind: .held, fen: 0, time: 0)
  /// Bit per amount column.
  var emptyAmounts: UInt64 = 0
  var unreadableAmounts: UInt64 = 0
  var hasAmount = true
  var hasTime = false
  var isUnknown = false
  var isUnposted = false
  /// Whether its word for a channel is nobody's.
  var isStrange = false
  /// Whether the record was cut into its fields.
  var hasFields = false
  /// Whether its amount contradicts itself.
  var isAmountDoubtful = false
  var moves: Profile.Kind.Move?
  /// What its word means; nil where no word tells.
  var meaning: Profile.Kind.Meaning?
  var movement: Int64 = 0
  var field: Int?
  var reason: Wording?

  init(line: Int, offset: Int) {
    self.line = line
    self.offset = offset
  }

  /// Whether its texts do not tell of a top-up, so that no number in them is a person's who topped up.
  var isNobodys: Bool {
    entry.kind == .excluded || entry.kind.isChannelMoney && entry.rule.isOtherBusiness
  }

  /// Notes the first thing that is wrong with the row; a column the file does not have is none.
  mutating func fail(_ field: Int?, _ reason: Wording) {
    guard self.reason == nil else { return }
    self.field = field.flatMap { $0 < 0 ? nil : $0 }
    self.reason = reason
  }
}
