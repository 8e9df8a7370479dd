internal import Payments

/// Everything one closed day's files are written from.
struct DayBooks: Sendable {
  let day: BusinessDay
  /// Rows of all channels, by time.
  let channelRows: [ChannelRow]
  /// Rows of the ledger, in the order of their 流水号.
  let ledgerRows: [LedgerRow]
  /// Balance in fen after each ledger row; nil where the column stays empty.
  let balances: [Int64?]
  /// The channels' own accounts, where they are simulated.
  var funds: [FundAccount: FundDay] = [:]
  /// Balance in fen of each bank account before its first row.
  let openings: [Channel: Int64]
}
