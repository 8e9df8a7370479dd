import Testing

@testable import Statements

/// Orders and serials that look like somebody's number stay whole wherever they are shown.
@Suite("Orders and serials that look like people's numbers")
struct WholeSerialsTests {
  /// A number with its Luhn digit, one telephone, one identity number of an adult: by turns.
  private static func number(_ place: Int, _ seed: Int) -> String {
    let count = seed * 1_000_000 + place
    switch place % 4 {
    case 0: return luhn("622202" + padded(count, 12))
    case 1: return "139" + padded(count % 100_000_000, 8)
    case 2:
      let day = padded(1 + place / 4 % 12, 2) + padded(1 + seed % 28, 2)
      return identity("11010519" + padded(50 + place % 50, 2) + day + padded(place % 1_000, 3))
    default: return luhn("4" + padded(count, 14))
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private static func luhn(_ digits: String) -> String {
    var sum = 0
    for (place, digit) in digits.utf8.reversed().enumerated() {
      let value = Int(digit - 0x30) * (place % 2 == 0 ? 2 : 1)
      sum += value > 9 ? value - 9 : value
    }
    return digits + "\((10 - sum % 10) % 10)"
  }

  private static func identity(_ digits: String) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    return digits + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
  }

  /// Rows of a bill and of a ledger: orders and serials of the bill, orders, serials and own numbers of the ledger.
  private static func files(_ rows: Int) -> (bill: String, ledger: String, numbers: Set<String>) {
    var bill = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,商品名称,手续费,订单金额,退款金额\r\n"
    var ledger = "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\r\n"
    var numbers: Set<String> = []
    for row in 0..<rows {
      let all = (0..<5).map { number(row + $0, 1 + $0 * 7) }
      let isReadable = row % 10 != 9
      numbers.formUnion(all)
      let time = "2026-11-02 " + PlantedSheet.clock(row % 4_000)
      bill += "`\(time),`wx1,`1601959334,`\(all[0]),`\(all[1]),`o\(row),`"
      // An identity number in a text is a person's, whatever else has it.
      let quoted = [all[1], all[0]].filter { $0.count != 18 }.joined(separator: " 流水")
      bill += (isReadable ? "SUCCESS" : "WHATEVER") + ",`充值 订单号\(quoted),`0.00000,`50.00,`0.00\r\n"
      ledger += "\(all[2]),\(time),充值,\(isReadable ? "50.00" : "5O.00"),成功,3701\(row),,李,微信,"
      ledger += "\(all[3]),\(all[4]),,,\r\n"
    }
    bill += "总交易单数,订单总金额,手续费总金额\r\n`\(rows),`\(rows * 50).00,`0.00\r\n"
    return (bill, ledger, numbers)
  }

  @Test(
    "10,000 orders, serials and ledger numbers built like cards, telephones and identity numbers")
  func whole() async throws {
    let folder = try Scratch()
    let files = Self.files(2_200)
    #expect(files.numbers.count >= 10_000)
    try folder.write(files.bill, to: "bill.csv")
    try folder.write(files.ledger, to: "ledger.csv")
    var said: [UInt8] = []
    for run in [
      ["inspect", "bill.csv", "--rows", "2200"], ["inspect", "ledger.csv", "--rows", "2200"],
    ] {
      said += try await cardrecon(run, in: folder).outBytes
    }
    let check = try await cardrecon("check", "bill.csv", "ledger.csv", "--json", in: folder)
    let text = String(decoding: said + check.outBytes, as: UTF8.self)
    let words = Set(
      text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map(String.init))
    let altered = files.numbers.subtracting(words)
    #expect(altered.isEmpty, "\(altered.count), such as \(altered.sorted().prefix(5))")
    // None is shortened anywhere: what has stars begins otherwise.
    let shortened = text.matches(of: /.{40}(?:6222|139\d|1101|400\d)\*\*\*\*.{20}/).prefix(3)
    #expect(shortened.map { String($0.output) } == [])
  }
}
