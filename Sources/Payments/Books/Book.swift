internal import Columns

/// What a book tells: a ledger and an ordinary bill tell both; a bill of one kind tells one.
public struct BookContent: OptionSet, Hashable, Sendable, Codable {
  /// The bits.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// What was paid, or credited.
  public static let payments = BookContent(rawValue: 1)
  /// What was given back, or taken back.
  public static let refunds = BookContent(rawValue: 2)
  /// Both.
  public static let both: BookContent = [.payments, .refunds]

  /// What moved on the channel's own account: WeChat's 基本账户, or the only one.
  public static let funds = BookContent(rawValue: 4)
  /// What moved on WeChat's 运营账户.
  public static let operation = BookContent(rawValue: 8)
  /// What moved on WeChat's 手续费账户.
  public static let fees = BookContent(rawValue: 16)
  /// All of these accounts.
  public static let accounts: BookContent = [.funds, .operation, .fees]
  /// That payments and refunds are told by an account's statement, for want of a bill.
  public static let standIn = BookContent(rawValue: 32)

  /// The word in a book's name.
  public var name: String {
    switch self {
    case .payments: "payments"
    case .refunds: "refunds"
    case .funds: "funds"
    case .operation: "operation"
    case .fees: "fees"
    case .standIn: "stand-in"
    default: "both"
    }
  }

  /// What is a book of its own in it: of a bill, of each account, of an account in a bill's place.
  public var parts: [BookContent] {
    let others: [BookContent] = [.funds, .operation, .fees, .standIn]
    return [intersection(.both)].filter { !$0.isEmpty } + others.filter(contains)
  }
}

/// A book (账册): a stream of statements that is whole by itself. Lists are none.
public struct Book: Hashable, Sendable, Codable {
  /// Which of the two sides it stands on.
  public var side: Side
  /// The channel it is of; ``Channel/unknown`` for a ledger.
  public var channel: Channel
  /// Whose it is: a merchant number, a bank account, a campus or part of the ledger; empty where there is
  /// only one.
  public var owner: String
  /// What it tells.
  public var content: BookContent

  /// Names a book.
  public init(
    side: Side, channel: Channel = .unknown, owner: String = "", content: BookContent = .both
  ) {
    (self.side, self.channel, self.owner, self.content) = (side, channel, owner, content)
  }

  /// The machine name used in `report.json`: `wechat/1609354271/both`, `ledger/north`.
  public var name: String {
    let parts =
      side == .ledger
      ? [Side.ledger.rawValue, owner] : [channel.name, owner, content.name]
    return parts.filter { !$0.isEmpty }.joined(separator: "/")
  }
}

extension Book: Comparable {
  /// Orders books as reports list them: channels first, by channel, owner and content.
  public static func < (left: Book, right: Book) -> Bool {
    if left.side != right.side { return left.side < right.side }
    if left.channel != right.channel { return left.channel < right.channel }
    return (left.owner, left.content.rawValue) < (right.owner, right.content.rawValue)
  }
}

/// A row of a book that cannot be used, as far as it can be read: the evidence a row of the other book
/// lacks may stand in it. Where nothing of a field can be read it may be anything.
public struct Hole: Hashable, Sendable {
  /// When the row may have happened: from the first second to before the last.
  public var span: TimeSpan
  /// Its amount in fen, where that can be read.
  public var fen: Int64?
  /// What its amount is at most, where it stands for several rows and only their sum is told.
  public var upTo: Int64?
  /// Whether it has neither order nor serial, for certain: then no key joins it.
  public var isKeyless = false
  /// Its order number; 0 where it cannot be read.
  public var order: KeyHash
  /// The channel's serial it bears or quotes; 0 where it cannot be read.
  public var serial: KeyHash
  /// The account it names; 0 where none can be read.
  public var account: KeyHash
  /// A second number of the account; 0 where none can be read.
  public var student: KeyHash
  /// Line of the row in its statement, counted from 1; 0 for more than one row.
  public var line: UInt32

  /// Describes a row that cannot be used.
  public init(
    span: TimeSpan, fen: Int64? = nil, order: KeyHash = 0, serial: KeyHash = 0,
    account: KeyHash = 0, student: KeyHash = 0, line: UInt32 = 0
  ) {
    (self.span, self.fen, self.order, self.serial) = (span, fen, order, serial)
    (self.account, self.student, self.line) = (account, student, line)
  }

  /// Whether its amount may be this one.
  public func mayBe(_ fen: Int64) -> Bool {
    self.fen.map { $0 == fen } ?? (upTo.map { fen <= $0 } ?? true)
  }
}

/// The stretches of which a book's accepted statements say everything, less its holes.
public struct BookCoverage: Hashable, Sendable {
  /// The book.
  public var book: Book
  /// From their first second to before their last; joined and in order.
  public private(set) var spans: [TimeSpan]
  /// Rows that cannot be used.
  public var holes: [Hole]
  /// Where its days end.
  public var cut: DayCut

  /// Covers stretches; overlapping and touching ones are joined. A book without any is one that is
  /// expected and not there.
  public init(
    _ book: Book, spans: [TimeSpan] = [], holes: [Hole] = [], cut: DayCut = .midnight
  ) {
    self.book = book
    self.cut = cut
    self.spans = spans.joined
    self.holes = holes
  }

  /// Whether every second from `from` to `to`, both included, is covered; holes are another question.
  public func covers(from: Int64, to: Int64) -> Bool {
    let later = spans.firstPlace { $0.start.seconds > from }
    return later > 0 && to < spans[later - 1].end.seconds
  }

  /// Adds what another statement of the book covers.
  public mutating func add(_ other: BookCoverage) {
    self = BookCoverage(
      book, spans: spans + other.spans, holes: holes + other.holes,
      cut: cut == .midnight ? other.cut : cut)
  }

  /// What statements of several books cover, each book once: those of one book are joined all together, as they
  /// may be thousands.
  public static func joined(_ all: [BookCoverage]) -> [Book: BookCoverage] {
    Dictionary(grouping: all, by: \.book).mapValues { same in
      guard same.count > 1 else { return same[0] }
      return BookCoverage(
        same[0].book, spans: same.flatMap(\.spans), holes: same.flatMap(\.holes),
        cut: same.lazy.map(\.cut).first { $0 != .midnight } ?? .midnight)
    }
  }

  /// Takes stretches out of what is covered.
  public mutating func remove(_ lost: [TimeSpan]) { spans = spans.without(lost) }
}

extension [TimeSpan] {
  /// The stretches in order; overlapping and touching ones joined, empty ones left out.
  public var joined: [TimeSpan] {
    var result: [TimeSpan] = []
    for span in sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) where span.start < span.end
    {
      if let last = result.last, span.start <= last.end {
        result[result.count - 1].end = Swift.max(last.end, span.end)
      } else {
        result.append(span)
      }
    }
    return result
  }

  /// What is left of the stretches where others are taken out.
  public func without(_ others: [TimeSpan]) -> [TimeSpan] {
    let gaps = others.joined
    guard !gaps.isEmpty else { return self }
    return flatMap { span in
      var (left, start) = ([TimeSpan](), span.start)
      for gap in gaps[gaps.firstPlace { $0.end > span.start }...] {
        if gap.start >= span.end { break }
        if start < gap.start { left.append(TimeSpan(start: start, end: gap.start)) }
        start = gap.end
      }
      if start < span.end { left.append(TimeSpan(start: start, end: span.end)) }
      return left
    }
  }
}

extension [[TimeSpan]] {
  /// What all of them hold.
  public var common: [TimeSpan] {
    guard let first else { return [] }
    return dropFirst().reduce(first) { $0.without($0.without($1)) }
  }
}

/// What a row waits for: a book, and the stretch of it that is needed.
public struct Want: Hashable, Sendable, Codable {
  /// The book; nil for the lists of accounts and replacements.
  public var book: Book?
  /// From this second on.
  public var from: Int64
  /// To this one, included.
  public var to: Int64
  /// Line of the unreadable row that may be what is missing; 0 when the book does not cover the stretch.
  public var line: UInt32

  /// Describes what is waited for.
  public init(_ book: Book?, from: Int64, to: Int64, line: UInt32 = 0) {
    (self.book, self.from, self.to, self.line) = (book, from, to, line)
  }
}
