internal import Columns
internal import Payments
internal import Reconciliation
internal import Statements

/// The accounts of the channels a run has rows of, each with what is known of its money.
struct SettlementBooks {
  /// By channel and owner.
  let accounts: [SettlementAccount]

  private struct Key: Hashable, Comparable {
    let channel: Channel
    var owner: String

    static func < (left: Key, right: Key) -> Bool {
      (left.channel, left.owner) < (right.channel, right.owner)
    }
  }

  /// - Parameter judgement: what bills and ledger came to: a row that a bill repeats is no other payment.
  init(
    _ intake: Intake, _ judgement: Judgement, _ coverage: Coverage, _ terms: SettlementTerms,
    _ night: SettlementNight
  ) {
    let entries = intake.entries
    let (trade, funds, lines) = SettlementBooks.rows(intake, judgement)
    let books = coverage.books.filter { $0.book.side == .channel }
    let booksOf = Dictionary(grouping: books.filter { !$0.book.channel.isBank }) {
      Key(channel: $0.book.channel, owner: $0.book.owner)
    }
    let keys = SettlementBooks.keys(Set(booksOf.keys).union(trade.keys).union(funds.keys))
    let owners = Dictionary(grouping: keys, by: \.channel).mapValues(\.count)
    var accounts = keys.map { key in
      // What names no owner is of the channel's only account.
      let isOnly = owners[key.channel] == 1 && !key.owner.isEmpty
      let mine = [key] + (isOnly ? [Key(channel: key.channel, owner: "")] : [])
      var account = SettlementAccount(channel: key.channel, owner: key.owner)
      account.trade = mine.flatMap { trade[$0] ?? [] }
      account.funds = mine.flatMap { funds[$0] ?? [] }
      account.contracts = terms.contracts(of: key.channel, key.owner)
      let own = mine.flatMap { booksOf[$0] ?? [] }
      account.tradeSpans = SettlementBooks.billed(own)
      account.cut = own.lazy.map(\.cut).first { $0 != .midnight } ?? .midnight
      let kinds = BookContent.accounts.parts.map { content in
        own.filter { $0.book.content == content }
      }.filter { !$0.isEmpty }
      account.hasFunds = !kinds.isEmpty
      account.fundSpans = kinds.map { $0.covered }.common
      return account
    }
    let banks = books.filter { $0.book.channel.isBank && $0.book.content.contains(.payments) }
    for place in accounts.indices { accounts[place].bankSpans = banks.map { [$0].covered } }
    share(lines, among: &accounts, entries, terms.calendar, night)
    self.accounts = accounts
  }

  /// Rows of bills and of accounts by whose they are, and the bank's lines that a settlement party sent.
  private static func rows(
    _ intake: Intake, _ judgement: Judgement
  ) -> (trade: [Key: [Int32]], funds: [Key: [Int32]], lines: [Int32]) {
    let entries = intake.entries
    var (trade, funds): ([Key: [Int32]], [Key: [Int32]]) = ([:], [:])
    var lines: [Int32] = []
    var leftOut = Set<KeyHash>()
    for (rows, statement) in entries.statement.stretches {
      let given = intake.statements[Int(statement)]
      guard given.statement.side == .channel, let book = given.book else { continue }
      let key = Key(channel: book.channel, owner: book.owner)
      func chosen(where isWanted: (Int) -> Bool) -> [Int32] {
        rows.lazy.filter(isWanted).map { Int32(truncatingIfNeeded: $0) }
      }
      if book.channel.isBank {
        lines += chosen { entries.flow[$0] == .settlementIn }
      } else if given.isOfAccount {
        funds[key, default: []] += chosen { entries.flow[$0] != .none }
      } else {
        trade[key, default: []] += chosen { row in
          entries.kind[row].isChannelMoney
            && !(judgement.buckets[row] == .excluded && judgement.rules[row] == .repeatedRow)
        }
        for row in rows where entries.kind[row] == .excluded {
          leftOut.insert(entries.own[row] != 0 ? entries.own[row] : entries.serial[row])
        }
      }
    }
    // What a bill leaves out, as another school's rows of a service provider, its account does not.
    leftOut.remove(0)
    if !leftOut.isEmpty {
      // A refund that failed says nothing against its payment.
      for row in trade.values.joined() { leftOut.remove(entries.serial[Int(row)]) }
      funds = funds.mapValues { rows in
        rows.filter {
          entries.flow[Int($0)] == .withdrawal || !leftOut.contains(entries.serial[Int($0)])
        }
      }
    }
    return (trade, funds, lines)
  }

  /// The owners of each channel; where one alone is named, what names none is of that one.
  private static func keys(_ known: Set<Key>) -> [Key] {
    let named = Dictionary(grouping: known.filter { !$0.owner.isEmpty }, by: \.channel)
    return known.filter { !$0.owner.isEmpty || named[$0.channel]?.count != 1 }.sorted()
  }

  /// What the bills of an account tell of: both payments and refunds, and not by an account's statement.
  private static func billed(_ books: [BookCoverage]) -> [TimeSpan] {
    func spans(_ content: BookContent) -> [TimeSpan] {
      books.filter { $0.book.content.contains(content) }.covered
    }
    return [spans(.payments), spans(.refunds)].common.without(spans(.standIn))
  }
}

extension [BookCoverage] {
  /// What any of them covers, less the times of rows that cannot be used.
  fileprivate var covered: [TimeSpan] {
    flatMap(\.spans).joined.without(flatMap(\.holes).map(\.span))
  }
}
