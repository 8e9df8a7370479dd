internal import Columns
internal import Payments

/// The statements that speak first where others tell the same events again.
struct FirstViews {
  /// A bank's messages about one account, the one that speaks first: its statement of the day, its report within
  /// the day, its notices of single entries.
  private static let messages = ["camt.053", "camt.052", "camt.054"]

  /// What speaks first.
  enum View: Hashable {
    /// The trade statements of a channel.
    case trade(Channel)
    /// The messages about an account before one of a rank.
    case messages(before: Int, of: Account)
  }

  /// Whose account it is.
  struct Account: Hashable {
    let channel: Channel
    let owner: KeyHash?

    init(_ reading: Reading) {
      channel = reading.statement.channel
      owner = reading.statement.account
    }
  }

  /// An entry that stands for several payments and tells none.
  struct Batch {
    let reading: Int
    let fen: Int64
    let line: UInt32
  }

  private var places: [View: [Int]] = [:]
  private var batches: [Account: [KeyHash: [Batch]]] = [:]
  /// What the statements of a view cover, as far as somebody asked.
  private var spans: [View: SpanIndex] = [:]

  init(_ readings: [Reading]) {
    for (place, reading) in readings.enumerated() {
      if reading.view == .trade, reading.statement.side == .channel {
        places[.trade(reading.statement.channel), default: []].append(place)
      }
      if let rank = FirstViews.messages.firstIndex(of: reading.statement.format),
        reading.statement.merchant != nil
      {
        for later in FirstViews.messages.indices where later > rank {
          places[.messages(before: later, of: Account(reading)), default: []].append(place)
        }
      }
      guard !reading.batches.isEmpty else { continue }
      for batch in reading.batches {
        batches[Account(reading), default: [:]][batch.serial, default: []].append(
          Batch(reading: place, fen: batch.fen, line: batch.line))
      }
    }
  }

  /// Whether there are bills, of any day, of whom an account's statement may be of: then it never tells payments in
  /// their place. An owner that is not told may be anybody.
  func hasBills(besides reading: Reading, _ readings: [Reading]) -> Bool {
    let entry = reading.entry?.owner ?? ""
    let mine = reading.statement.merchant ?? entry
    return (places[.trade(reading.statement.channel)] ?? []).contains { place in
      let other = readings[place].statement
      return mine.isEmpty || other.merchant == nil || other.isOf(mine)
    }
  }

  /// What speaks before a statement; nil where it tells nothing again.
  func view(before reading: Reading) -> View? {
    if reading.view == .account { return .trade(reading.statement.channel) }
    guard let rank = FirstViews.messages.firstIndex(of: reading.statement.format),
      reading.statement.merchant != nil
    else { return nil }
    return .messages(before: rank, of: Account(reading))
  }

  /// The stretches that the statements of a view cover.
  mutating func covered(by view: View, _ readings: [Reading]) -> SpanIndex {
    if let known = spans[view] { return known }
    let found = SpanIndex(
      (places[view] ?? []).filter { readings[$0].statement.covers }
        .compactMap { readings[$0].statement.period })
    spans[view] = found
    return found
  }

  /// The batches that other statements of an account tell without details, by reference.
  func batches(of account: Account) -> [KeyHash: [Batch]] { batches[account] ?? [:] }

  /// Forgets what statements cover: one of them covers more than before.
  mutating func forgetSpans() { spans = [:] }
}
