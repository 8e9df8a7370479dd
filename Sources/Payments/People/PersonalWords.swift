/// What names a person by the words around it: a room of a dormitory, a name behind a word for one. Texts are
/// UTF-8.
///
/// - Rooms: digits (two to four of them together), letters, # and dashes around 栋, 幢, 号楼, 宿舍, 寝室, 公寓, 单元, 舍, 斋, 室,
///   房间, dorm or room: 12栋305, 3号楼402室, 东区5-302宿舍, 宿舍号：A3-512, Dorm 5-204.
/// - Names: behind 姓名, 户名, 持卡人, 付款人, 收款人, 联系人, 经办人, 充值人, 缴费人, or behind 学生, 家长, 本人, name with a colon.
enum PersonalWords {
  private static let rooms = words([
    "号楼", "宿舍", "寝室", "公寓", "单元", "房间", "栋", "幢", "舍", "斋", "室", "dorm", "Dorm", "DORM", "room",
    "Room", "ROOM",
  ])
  /// What may stand beside these without ending the room.
  private static let roomParts =
    rooms + words(["楼", "号", "区", "园", "苑", "东", "西", "南", "北", "#", "-", "－", "No."])
  private static let nameLabels = words([
    "姓名", "户名", "持卡人", "付款人", "收款人", "联系人", "经办人", "充值人", "缴费人",
  ])
  private static let colonLabels = words(["学生", "家长", "本人", "name", "Name", "NAME"])
  private static let colons = words([":", "：", "=", "＝"])
  /// Words that end a name which nothing else ends.
  private static let ends = words([
    "学号", "工号", "卡号", "电话", "手机", "充值", "校园卡", "一卡通", "宿舍", "寝室", "账号", "身份证", "编号",
  ])

  private static func words(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }

  /// Where somebody is named in `text[range]`, and whether by name.
  static func find(_ text: UnsafeRawBufferPointer, _ body: (Range<Int>, _ isName: Bool) -> Void) {
    var place = 0
    while place < text.count {
      // Most bytes begin none of the words.
      guard text[place] >= 0x80 || (text[place] | 0x20) &- 0x61 < 26 else {
        place += 1
        continue
      }
      if let word = first(of: rooms, text, place), let room = room(text, place, word.count) {
        body(room, false)
        place = max(room.upperBound, place + word.count)
      } else if let name = labelledName(text, place) {
        body(name, true)
        place = name.upperBound
      } else {
        place += 1
      }
    }
  }

  private static func first(
    of words: [[UInt8]], _ text: UnsafeRawBufferPointer, _ place: Int
  ) -> [UInt8]? {
    words.first {
      $0.count <= text.count - place && text[place..<(place + $0.count)].elementsEqual($0)
    }
  }

  private static func last(
    of words: [[UInt8]], _ text: UnsafeRawBufferPointer, before place: Int
  ) -> [UInt8]? {
    words.first { $0.count <= place && text[(place - $0.count)..<place].elementsEqual($0) }
  }

  // MARK: - Rooms

  private static func room(_ text: UnsafeRawBufferPointer, _ place: Int, _ count: Int) -> Range<
    Int
  >? {
    var (start, end) = (place, place + count)
    while start > 0 {
      if isRoomByte(text[start - 1]) {
        start -= 1
      } else if let part = last(of: roomParts, text, before: start) {
        start -= part.count
      } else {
        break
      }
    }
    var isLabel = true
    while end < text.count {
      if isRoomByte(text[end]) {
        end += 1
        isLabel = false
      } else if let part = first(of: roomParts, text, end) {
        end += part.count
      } else if isLabel, let colon = first(of: colons + [[0x20]], text, end) {
        end += colon.count
      } else {
        break
      }
    }
    // A room has a number of its own: of two to four digits, and none longer.
    let runs = text[start..<end].split { $0 &- 0x30 > 9 }
    guard runs.contains(where: { (2...4).contains($0.count) }),
      !runs.contains(where: { $0.count > 4 })
    else { return nil }
    return start..<end
  }

  private static func isRoomByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || byte &- 0x41 < 26
  }

  // MARK: - Names

  private static func labelledName(_ text: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
    let plain = first(of: nameLabels, text, place)
    guard let label = plain ?? first(of: colonLabels, text, place) else { return nil }
    var start = place + label.count
    var hasColon = false
    while start < text.count, let mark = first(of: colons + [[0x20]], text, start) {
      hasColon = hasColon || mark != [0x20]
      start += mark.count
    }
    guard hasColon || plain != nil else { return nil }
    let end = nameEnd(text, start)
    return end > start ? start..<end : nil
  }

  /// Where a name that begins at `start` ends: two to four Chinese characters, more with a point between them, or
  /// Latin words.
  private static func nameEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var (end, count, isParted) = (start, 0, false)
    while end + 3 <= text.count, (0xE3...0xE9).contains(text[end]), count < (isParted ? 12 : 4),
      first(of: ends, text, end) == nil
    {
      end += 3
      count += 1
      // U+00B7, the point between the parts of a name.
      if end + 2 <= text.count, text[end] == 0xC2, text[end + 1] == 0xB7 {
        end += 2
        isParted = true
      }
    }
    if count >= 2 { return end }
    if count > 0 { return start }
    while end < text.count,
      (text[end] | 0x20) &- 0x61 < 26 || end > start && [0x20, 0x2E, 0x27].contains(text[end])
    {
      end += 1
    }
    while end > start, text[end - 1] == 0x20 { end -= 1 }
    return end - start >= 2 ? end : start
  }
}
