/// Rooms of dormitories, by the words and signs around their numbers.
///
/// | shape | examples |
/// |---|---|
/// | building and room | 12栋305, 3栋A302, 7幢602, 12号楼305B, 5#楼301, 北苑3#512, 学生公寓8栋412, 松园宿舍楼418, 十二栋305, A座1203 |
/// | with a unit | 5号楼2单元301, 12幢1单元603室 |
/// | a word for a room beside its number | 3号楼402室, 东区5-302宿舍, 男寝2-318, 宿舍号：A3-512, 寝室A3-512, 2号公寓416 |
/// | English | Dorm 5-204, Room 402, Rm. 402, Apt 305, Building 5 Room 204 |
///
/// A room's number has two to four digits, letters may stand before or behind. A building alone (12号楼) is hundreds of
/// people and stays; so do classrooms, laboratories, offices and canteens (教学楼101, 101教室, 实验楼A座302室, 二食堂3号楼),
/// as nobody lives there; so do amounts (宿舍 50.00), years and days.
struct PersonalRooms {
  let text: FoldedText

  private enum Part: Sendable {
    /// A building: a room's number follows.
    case building
    /// The same where a digit, letter or number in words stands before: 12栋, 5#, A座.
    case numbered
    /// A room: its number follows or goes before.
    case room
    /// 室, which many words end in: its number goes before.
    case chamber
    /// What stands between the others.
    case filler
    /// A number in words.
    case numeral
  }

  private static let parts: WordTable<Part> = {
    let lists: [(Part, [String])] = [
      (
        .building,
        ["号楼", "宿舍楼", "公寓楼", "#楼", "公寓", "舍", "斋", "苑", "building", "bldg", "bldg.", "apt", "apt."]
      ),
      (.numbered, ["栋", "幢", "座", "单元", "#"]),
      (
        .room,
        [
          "宿舍", "寝室", "寝", "房间", "宿舍号", "寝室号", "房间号", "房号", "dorm", "dormitory", "room", "rm",
          "rm.",
        ]
      ),
      (.chamber, ["室", "号房"]),
      (.filler, ["号", "区", "园", "东", "西", "南", "北", "中", "层", "床", "号床", "-", "/", "no."]),
      (.numeral, ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]),
    ]
    return WordTable(lists.flatMap { part, words in words.map { ($0, part) } })
  }()

  private static let nobodys = WordTable([
    "教学楼", "实验楼", "办公楼", "综合楼", "行政楼", "图书馆", "食堂", "餐厅", "体育馆", "科技楼", "科研楼", "逸夫楼", "信息楼", "学院楼",
    "写字楼", "大厦", "主楼", "教学", "医院", "教室", "实验", "办公", "会议", "阅览", "自习", "机房", "商铺", "窗口", "档口", "超市",
  ])
  /// What makes digits before it an amount, a time or a count.
  private static let units = WordTable([
    "元", "块", "圆", "角", "分", "年", "月", "日", "人", "次", "笔", "度", "吨", "点", "%", ":", "¥", "￥", "届",
    "级",
  ])

  /// Calls `body` with where a room stands, in characters.
  func find(_ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      guard let (length, part) = PersonalRooms.parts.at(place, in: text),
        part != .filler, part != .numeral
      else {
        place += 1
        continue
      }
      let start = leftEnd(place)
      let end = rightEnd(place, length, part)
      if let room = room(start, end) {
        body(room)
        place = max(room.upperBound, place + length)
      } else {
        place += length
      }
    }
  }

  // MARK: - How far it goes

  private func leftEnd(_ anchor: Int) -> Int {
    var start = anchor
    while start > 0 {
      if let number = digits(before: start) {
        start = number
      } else if isLetter(start - 1) {
        start -= 1
      } else if let (length, part) = PersonalRooms.parts.ending(start, in: text), part != .room {
        start -= length
      } else {
        break
      }
    }
    return start
  }

  private func rightEnd(_ anchor: Int, _ length: Int, _ part: Part) -> Int {
    var end = anchor + length
    if part == .room {
      // 宿舍号：A3-512
      if let (tail, _) = PersonalRooms.parts.at(end, in: text), text[end] == 0x53F7 { end += tail }
      var next = end
      while next < end + 3, [0x3A, 0x3D, 0x20, 0x2E, 0x23].contains(text[next]) { next += 1 }
      if number(at: next) != nil || isLetter(next) { end = next }
    }
    while end < text.count {
      // A blank may part what belongs together: 5号楼 2单元 301.
      let next = text[end] == 0x20 ? end + 1 : end
      if let number = number(at: next) {
        end = number
      } else if isLetter(next), next == end || number(at: next + 1) != nil {
        end = next + 1
      } else if let (length, _) = PersonalRooms.parts.at(next, in: text) {
        end = next + length
      } else {
        break
      }
    }
    return end
  }

  /// One letter that is no part of a word.
  private func isLetter(_ place: Int) -> Bool {
    text[place].isLatin && !text[place - 1].isLatin && !text[place + 1].isLatin
  }

  /// Where up to four digits end that start at a place; nil for none, more, an amount or a day.
  private func number(at start: Int) -> Int? {
    var end = start
    while text[end].isDigit { end += 1 }
    guard (1...4).contains(end - start), !text[start - 1].isDigit else { return nil }
    if text[end] == 0x2E, text[end + 1].isDigit { return nil }
    if PersonalRooms.units.at(end, in: text) != nil { return nil }
    let isDay =
      end - start == 4 && text[end] == 0x2D && text[end + 1].isDigit && text[end + 2].isDigit
      && text[end + 3] == 0x2D
    return isDay ? nil : end
  }

  /// Where up to four digits start that end before a place.
  private func digits(before end: Int) -> Int? {
    var start = end
    while text[start - 1].isDigit { start -= 1 }
    let isPart = text[start - 1] == 0x2E && text[start - 2].isDigit
    return (1...4).contains(end - start) && !isPart ? start : nil
  }

  // MARK: - Whether it is one

  private func room(_ start: Int, _ end: Int) -> Range<Int>? {
    guard !isNobodys(start) else { return nil }
    var place = start
    var (isInBuilding, isBehindRoom, isOne) = (false, false, false)
    // Whether a number of its own length was just passed, and whether anything that may number a building.
    var (wasNumber, wasSign) = (false, false)
    while place < end {
      if let next = number(at: place) {
        wasNumber = next - place >= 2
        isOne = isOne || wasNumber && (isInBuilding || isBehindRoom)
        wasSign = true
        place = next
        continue
      }
      if isLetter(place) || text[place].isDigit {
        wasSign = true
        place += 1
        continue
      }
      guard let (length, part) = PersonalRooms.parts.at(place, in: text) else {
        (wasNumber, wasSign) = (false, false)
        place += 1
        continue
      }
      switch part {
      case .building: isInBuilding = true
      case .numbered: isInBuilding = isInBuilding || wasSign
      case .room:
        isOne = isOne || wasNumber
        isBehindRoom = true
      case .chamber: isOne = isOne || wasNumber
      case .filler, .numeral: break
      }
      wasSign = part == .numeral
      if part != .filler || text[place] != 0x53F7 { wasNumber = false }
      place += length
    }
    return isOne ? trimmed(start, end) : nil
  }

  /// Whether what stands before a number is a place where nobody lives.
  private func isNobodys(_ start: Int) -> Bool {
    let end = text[start - 1] == 0x20 ? start - 1 : start
    return PersonalRooms.nobodys.ending(end, in: text) != nil
  }

  /// Without marks and words at its ends that are no part of it.
  private func trimmed(_ start: Int, _ end: Int) -> Range<Int>? {
    var (low, high) = (start, end)
    while low < high, [0x2D, 0x2F, 0x20].contains(text[low]) { low += 1 }
    while high > low, let (length, part) = PersonalRooms.parts.ending(high, in: text),
      part == .numeral || part == .filler && ![0x5E8A, 0x5C42].contains(text[high - 1])
    {
      high -= length
    }
    return low < high ? low..<high : nil
  }
}
