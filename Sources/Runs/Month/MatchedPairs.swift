internal import Columns
internal import Payments
internal import Statements

/// The pairs of one payment and one credit that a night found to agree.
struct MatchedPairs {
  struct Pair {
    var payment: Int
    var credit: Int
    var delay: Int64
  }

  let pairs: [Pair]

  init(_ judged: JudgedDay) {
    let (entries, judgement) = (judged.intake.entries, judged.judgement)
    func isMatched(_ row: Int) -> Bool {
      let bucket = judgement.buckets[row]
      return bucket == .matched || bucket == .matchedWithinTolerance
    }
    let groups = judgement.groupOfRows()
    var credits: [Int32: Int] = [:]
    var several = Set<Int32>()
    for row in 0..<entries.count where entries.kind[row].isCredit && isMatched(row) {
      let group = groups[row]
      if credits.updateValue(row, forKey: group) != nil { several.insert(group) }
    }
    var found: [Pair] = []
    for row in 0..<entries.count where entries.kind[row] == .payment && isMatched(row) {
      let group = groups[row]
      guard group >= 0, !judged.intake.statements[Int(entries.statement[row])].isContext,
        !several.contains(group), let credit = credits[group]
      else { continue }
      found.append(
        Pair(
          payment: row, credit: credit,
          delay: Int64(entries.time[credit]) - Int64(entries.time[row])))
    }
    pairs = found
  }
}
