internal import Payments

/// The two texts of a bill's row in which a person may be named: the name of the goods, and what the
/// school attached to the order.
struct RowTexts {
  private(set) var goods = ByteSheet()
  private(set) var attached = ByteSheet()

  /// The texts of a row of a school that does not name people plainly.
  init(_ row: ChannelRow, people: People) {
    let style = row.style
    var inGoods = false
    if row.naming != .nobody {
      switch row.wording {
      case .plain, .labelled: inGoods = (style >> 16) % 2 == 0
      case .prose: inGoods = (style >> 16) % 3 != 0
      case .json, .query, .whole, .otherJSON: break
      }
    }
    if inGoods {
      goods.text("校园卡充值 ")
      row.writeAccount(people, marked: true, to: &goods)
    } else {
      writeGoods(row)
      if row.naming != .nobody, row.wording == .prose { attached.text("充值 ") }
      row.writeAccount(people, marked: true, to: &attached)
      // Some schools attach what they also show.
      if row.wording == .json, style >> 40 & 3 == 0 {
        goods.text("-")
        goods.raw(attached.bytes)
      }
    }
  }

  /// Names of goods with numbers in them that are nobody's.
  private mutating func writeGoods(_ row: ChannelRow) {
    let time = Timestamp(seconds: row.created)
    let bits = row.style >> 32
    switch row.style >> 24 & 7 {
    case 0:
      goods.text("校园卡充值")
      goods.day(time.day)
    case 1:
      goods.text("校园卡充值")
      goods.day(time.day)
      goods.digits(UInt64(time.secondOfDay) % 1_000_000, width: 6)
    case 2:
      goods.text("一卡通充值 订单CK")
      goods.day(time.day)
      goods.digits(bits % 100_000_000, width: 8)
    case 3:
      goods.text("校园卡充值 联系电话138")
      goods.digits(bits % 100_000_000, width: 8)
    case 4: goods.day(time.day)
    default: goods.text("校园卡充值")
    }
  }
}

extension ChannelRow {
  /// The number of the person the row is for, after 学号, 工号 or 卡号 when `marked`.
  func writeAccount(_ people: People, marked: Bool, to sheet: inout ByteSheet) {
    let words = people.customs.words
    switch wording {
    case .plain where naming == .student:
      if marked { sheet.text(people.isStaff(person) ? "工号" : "学号") }
      people.writeNumber(person, to: &sheet)
    case .plain where naming == .card:
      if marked { sheet.text("卡号") }
      people.writeCard(person, generation: card, to: &sheet)
    case .plain: break
    case .labelled:
      let student = (people.isStaff(person) ? words.staff : words.student) + words.after
      writeNumbers(people, student: student, card: words.card + words.after, to: &sheet)
    case .json:
      writeJSON(people, student: "sno", card: "cardNo", to: &sheet)
    case .otherJSON:
      writeJSON(people, student: "sid", card: "cid", to: &sheet)
    case .query:
      guard naming != .nobody else { return }
      sheet.text("ts=")
      sheet.digits(UInt64(time))
      sheet.text("&")
      writeNumbers(people, student: "stuNo=", card: "cardNo=", between: "&", to: &sheet)
    case .whole, .prose:
      writeNumbers(people, student: "", card: "", to: &sheet)
    }
  }

  /// The named numbers, the card first, each after its label.
  private func writeNumbers(
    _ people: People, student: String, card label: String, between: String = " ",
    to sheet: inout ByteSheet
  ) {
    if naming == .card || naming == .both {
      sheet.text(label)
      people.writeCard(person, generation: card, to: &sheet)
    }
    if naming == .both { sheet.text(between) }
    if naming == .student || naming == .both {
      sheet.text(student)
      people.writeNumber(person, by: .bills, to: &sheet)
    }
  }

  /// JSON as bills show it: a comma would end the field, so a semicolon stands for it.
  private func writeJSON(
    _ people: People, student: String, card label: String, to sheet: inout ByteSheet
  ) {
    guard naming != .nobody else { return }
    sheet.text("{\"oid\":\"")
    sheet.day(Timestamp(seconds: created).day)
    sheet.digits(serial.number % 1_000_000, width: 6)
    if naming == .card || naming == .both {
      sheet.text("\";\"\(label)\":\"")
      people.writeCard(person, generation: card, to: &sheet)
    }
    if naming == .student || naming == .both {
      sheet.text("\";\"\(student)\":\"")
      people.writeNumber(person, by: .bills, to: &sheet)
    }
    sheet.text("\"}")
  }
}
