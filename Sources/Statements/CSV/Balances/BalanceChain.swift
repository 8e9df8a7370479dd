internal import Payments

/// Checks that each balance of an account statement is the one before plus the row's movement,
/// for files written oldest first and for files written newest first.
struct BalanceChain: Sendable {
  struct Link: Sendable {
    var balance: Int64
    var movement: Int64
    var line: Int
  }

  private(set) var first: Link?
  private(set) var last: Link?
  private(set) var ascendingBreaks = 0
  private(set) var descendingBreaks = 0
  private(set) var ascendingBreak: (before: Link, after: Link)?
  private(set) var descendingBreak: (before: Link, after: Link)?

  /// Adds the next row of the file.
  mutating func add(balance: Int64, movement: Int64, line: Int) {
    let link = Link(balance: balance, movement: movement, line: line)
    if let last { connect(last, link) }
    if first == nil { first = link }
    last = link
  }

  /// Adds the chain of the next stretch of the file, whose lines are counted from `lines`.
  mutating func append(_ other: BalanceChain, lines: Int) {
    guard var otherFirst = other.first, var otherLast = other.last else { return }
    otherFirst.line += lines
    otherLast.line += lines
    if let last { connect(last, otherFirst) }
    if first == nil { first = otherFirst }
    if ascendingBreak == nil, var found = other.ascendingBreak {
      found.before.line += lines
      found.after.line += lines
      ascendingBreak = found
    }
    if descendingBreak == nil, var found = other.descendingBreak {
      found.before.line += lines
      found.after.line += lines
      descendingBreak = found
    }
    ascendingBreaks += other.ascendingBreaks
    descendingBreaks += other.descendingBreaks
    last = otherLast
  }

  /// The first break in the direction the file is written in, or nil when the chain holds.
  var firstBreak: (before: Link, after: Link)? {
    ascendingBreaks <= descendingBreaks ? ascendingBreak : descendingBreak
  }

  /// Balances before the first and after the last movement in time, when the chain holds.
  var openingAndClosing: (opening: Int64, closing: Int64)? {
    guard firstBreak == nil, let first, let last else { return nil }
    return ascendingBreaks <= descendingBreaks
      ? (first.balance &- first.movement, last.balance)
      : (last.balance &- last.movement, first.balance)
  }

  private mutating func connect(_ before: Link, _ after: Link) {
    if before.balance &+ after.movement != after.balance {
      ascendingBreaks += 1
      if ascendingBreak == nil { ascendingBreak = (before, after) }
    }
    if after.balance &+ before.movement != before.balance {
      descendingBreaks += 1
      if descendingBreak == nil { descendingBreak = (before, after) }
    }
  }
}
