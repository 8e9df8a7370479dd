internal import Columns
internal import Payments
internal import Statements

/// Draws a sample without keeping the population: the pairs whose serials mix smallest with the seed.
struct Draw {
  private(set) var sample: AuditSample
  private var ranks: [UInt64] = []

  init(_ sample: AuditSample) {
    self.sample = sample
  }

  mutating func offer(
    _ pair: MatchedPairs.Pair, of judged: JudgedDay, _ day: BusinessDay
  ) throws {
    sample.population += 1
    let entries = judged.intake.entries
    let key = entries.serial[pair.payment] ^ (sample.seed &* 0x9E37_79B9_7F4A_7C15)
    let product = (key ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    let rank = product.high ^ product.low
    let place = ranks.firstIndex { rank < $0 } ?? ranks.count
    guard place < sample.size else { return }
    let payment = try judged.intake.evidence(pair.payment)
    let credit = try judged.intake.evidence(pair.credit)
    ranks.insert(rank, at: place)
    sample.pairs.insert(
      AuditPair(
        day: day, channel: entries.channel[pair.payment], channelSerial: payment.serial,
        ledgerSerial: credit.ledgerSerial, amountFen: entries.fen[pair.payment],
        delay: pair.delay, evidence: [payment.line, credit.line]), at: place)
    if ranks.count > sample.size {
      ranks.removeLast()
      sample.pairs.removeLast()
    }
  }
}
