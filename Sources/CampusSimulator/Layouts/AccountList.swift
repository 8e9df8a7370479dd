internal import Payments

/// Writes the card system's list of accounts in the layout `card-accounts`: everybody's student
/// number beside the card in use, and since when.
struct AccountList {
  let people: People

  /// The list as it is at the end of a day.
  ///
  /// - Parameters:
  ///   - cards: How many times each person's card was replaced.
  ///   - since: When it was last, for those whose card was.
  ///   - closed: Accounts in another state than 正常, and since when.
  func bytes(
    cards: [UInt8], since: [Int32: Int64], closed: [Int32: ClosedAccount]
  ) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.reserve(128 + cards.count * 70)
    sheet.raw([0xEF, 0xBB, 0xBF])
    sheet.text("学工号,卡号,姓名,账户状态,变更时间\r\n")
    for (place, generation) in cards.enumerated() {
      let person = Int32(place)
      let opened = since[person] ?? AccountList.opened
      write(person, generation, "正常", opened, to: &sheet)
      if let state = closed[person] {
        write(person, generation, state.word, state.time, to: &sheet)
      }
    }
    return sheet.bytes
  }

  private static let opened = (BusinessDay("2024-09-01")?.start.seconds ?? 0) + 28_800

  private func write(
    _ person: Int32, _ generation: UInt8, _ state: String, _ time: Int64, to sheet: inout ByteSheet
  ) {
    people.writeNumber(person, by: .ledger, to: &sheet)
    sheet.text(",")
    people.writeCard(person, generation: generation, to: &sheet)
    sheet.text(",")
    people.writeName(person, to: &sheet)
    sheet.text(",\(state),")
    sheet.moment(Timestamp(seconds: time))
    sheet.text("\r\n")
  }
}
