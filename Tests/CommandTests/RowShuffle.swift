import Foundation
import TestSupport

/// Puts the rows of a statement into another order, the same for the same seed.
enum RowShuffle {
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for byte in bytes {
      line.append(byte)
      if byte == 0x0A {
        lines.append(line)
        line = []
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// WeChat: rows stand between the header and the two lines of totals.
  static func weChat(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var (all, numbers) = (lines(bytes), SeededNumbers(state: seed))
    all[1..<(all.count - 2)].shuffle(using: &numbers)
    return all.flatMap { $0 }
  }

  /// Alipay: comment lines, the header, rows, comment lines with the totals.
  static func alipay(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var (all, numbers) = (lines(bytes), SeededNumbers(state: seed))
    let isComment = { (line: [UInt8]) in line.first == UInt8(ascii: "#") }
    let header = all.firstIndex { !isComment($0) } ?? 0
    let end = all[header...].firstIndex(where: isComment) ?? all.count
    all[(header + 1)..<end].shuffle(using: &numbers)
    return all.flatMap { $0 }
  }

  /// The ledger: balances run on within a card, so a card's own rows keep their order.
  static func ledger(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var (all, numbers) = (lines(bytes), SeededNumbers(state: seed))
    let card = { (line: [UInt8]) in
      line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)[5]
    }
    var places = Array(1..<all.count)
    places.shuffle(using: &numbers)
    // Each card's shuffled places, the lowest to be filled first.
    var free: [ArraySlice<UInt8>: [Int]] = [:]
    for (row, place) in zip(1..<all.count, places) {
      free[card(all[row]), default: []].append(place)
    }
    for key in free.keys { free[key]?.sort(by: >) }
    let rows = all
    for row in 1..<rows.count {
      guard let place = free[card(rows[row])]?.popLast() else { continue }
      all[place] = rows[row]
    }
    return all.flatMap { $0 }
  }
}
