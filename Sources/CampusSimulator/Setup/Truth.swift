internal import FoundationEssentials
internal import Payments

/// What a simulated school planted: the answer sheet beside the statements, `truth.json`.
///
/// It is written from what was planted, never computed from the statements.
public struct Truth: Codable, Hashable, Sendable {
  /// The seed of the school.
  public var seed: UInt64
  /// The business days judged together, `yyyy-MM-dd`.
  public var days: [String]
  /// What a judge must find: each once, and nothing else.
  public var anomalies: [PlantedAnomaly]
  /// Rows these days cannot decide, but for rows whose counterpart an unusable statement holds.
  public var pending: [PlantedPending]
  /// What would be found, were the statement of a source not unusable. Rows of these cases may
  /// look like something else without that statement.
  public var undecidable: [PlantedAnomaly]
  /// What is wrong with whole files or with rows that cannot be read.
  public var faults: [PlantedFault]
  /// Sources (`wechat`, …, `ledger`) one of whose statements cannot be used.
  public var incompleteSources: [String]
  /// What was written, per source, before any fault.
  public var totals: [SourceTotals]
  /// How the school names people; nil where it does so plainly.
  public var people: String?
  /// Files that came badly, where files come morning by morning; nil elsewhere.
  public var deliveries: [PlantedDelivery]?

  /// `truth.json`: keys sorted, indented by two spaces.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(self)) + [0x0A]
  }

  /// Reads `truth.json`.
  public init(json: [UInt8]) throws {
    self = try JSONDecoder().decode(Truth.self, from: Data(json))
  }

  init(seed: UInt64, days: [BusinessDay]) {
    self.seed = seed
    self.days = days.map(\.description)
    anomalies = []
    pending = []
    undecidable = []
    faults = []
    incompleteSources = []
    totals = []
  }
}

/// One planted anomaly, with everything that identifies it.
public struct PlantedAnomaly: Codable, Hashable, Sendable {
  /// The anomaly's public name.
  public var kind: String
  /// Why amounts differ, for an `amount-mismatch`.
  public var explanation: String?
  /// What brings the rows together.
  public var basis: String
  /// The amount concerned in fen, as ANOMALIES settles it.
  public var amountFen: Int64
  /// The channel concerned.
  public var channel: String
  /// Serial of the payment concerned: the surplus one where one is surplus.
  public var channelSerial: String?
  /// The school's order number.
  public var merchantOrder: String?
  /// Ledger rows concerned: the surplus one alone where one is surplus.
  public var ledgerSerials: [String]
  /// The refund concerned.
  public var refundSerial: String?
  /// Serials of every row of the case, surplus or not: of payments, refunds and ledger rows.
  public var rowSerials: [String]
  /// 学工号 of the person whose top-up it is.
  public var account: String
  /// That person's card.
  public var card: String
  /// When it happened, `yyyy-MM-dd HH:mm:ss`.
  public var time: String
  /// The plant it came from.
  public var plant: String
  /// What was done, in words.
  public var note: String
  /// `student`, `school`, `none` or `unknown`; nil in a school that names people plainly.
  public var owedTo: String?
  /// Who is owed what, where two people are touched; nil elsewhere.
  public var parties: [PlantedParty]?
}

/// What one of two people is owed.
public struct PlantedParty: Codable, Hashable, Sendable {
  /// 学工号.
  public var account: String
  /// The person's card.
  public var card: String
  /// In fen; less than zero for what the person has too much.
  public var fen: Int64
}

/// One row that has to wait for another day's statements.
public struct PlantedPending: Codable, Hashable, Sendable {
  /// `payment`, `credit`, `refund` or `reversal`.
  public var row: String
  /// The amount in fen.
  public var amountFen: Int64
  /// The channel concerned.
  public var channel: String
  /// Serial of the channel's payment, or the one the ledger row quotes.
  public var channelSerial: String?
  /// The school's order number.
  public var merchantOrder: String?
  /// Ledger rows concerned.
  public var ledgerSerials: [String]
  /// The refund concerned.
  public var refundSerial: String?
  /// When it happened, `yyyy-MM-dd HH:mm:ss`.
  public var time: String
  /// What it becomes.
  public var note: String
}

/// One planted fault of a file.
public struct PlantedFault: Codable, Hashable, Sendable {
  /// The file concerned; the name it would have had when it is missing.
  public var file: String
  /// The fault's public name.
  public var kind: String
  /// `wechat`, `alipay`, `ccb`, `boc` or `ledger`.
  public var source: String
  /// The business day.
  public var day: String
  /// Whether none of the file's rows may be used.
  public var holdsFile: Bool
  /// Line of the row concerned, counted from 1, when one row is.
  public var line: Int?
  /// What was done, in words.
  public var note: String
}

/// What was written of one source: rows that mean something, each event once.
public struct SourceTotals: Codable, Hashable, Sendable {
  /// `wechat`, `alipay`, `ccb`, `boc`, or `cash` for ledger rows of no channel.
  public var source: String
  /// Rows the channel's statements list, everything counted.
  public var channelRows = 0
  /// Payments.
  public var payments = 0
  /// Fen of the payments.
  public var paymentFen: Int64 = 0
  /// Refunds.
  public var refunds = 0
  /// Fen of the refunds, positive.
  public var refundFen: Int64 = 0
  /// Rows the ledger lists for this source, everything counted.
  public var ledgerRows = 0
  /// Credits that succeeded.
  public var credits = 0
  /// Fen of the credits.
  public var creditFen: Int64 = 0
  /// Reversals that succeeded.
  public var reversals = 0
  /// Fen of the reversals, positive.
  public var reversalFen: Int64 = 0
}
