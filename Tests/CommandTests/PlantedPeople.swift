import Foundation

/// People who must stay hidden, in every spelling that is met.
enum PlantedPeople {
  /// Names; those of two characters are known where the row has them in a column, or by a label.
  static let names = ["张三", "欧阳小明", "阿迪力·买买提", "Zhang San", "Li Ming-Hua"]

  /// One mobile telephone, a fixed line, an identity number that ends in a digit and one that ends in X, two bank
  /// cards, an address, rooms of dormitories.
  static let numbers = [
    "13912345678", "139-1234-5678", "139 1234 5678", "139.1234.5678", "+86 13912345678",
    "+86-139-1234-5678", "8613912345678", "86 139 1234 5678", "0086-13912345678", "１３９１２３４５６７８",
    "139\u{A0}1234\u{A0}5678", "139－1234－5678", "0755-26531234", "0755 26531234", "(0755)26531234",
    "（0755）26531234", "+86-755-26531234", "11010519491231002X", "11010519491231002x",
    "110105 19491231 002X", "110105-19491231-002x", "440524198001010013", "11010519800307853２",
    "6222021234567890128", "6222 0212 3456 7890 128", "6222-0212-3456-7890-128",
    "4111111111111111", "4111 1111 1111 1111", "zhang.san@example.edu.cn", "2650123987@qq.com",
  ]

  static let rooms = [
    "12栋305", "3号楼402室", "东区5-302宿舍", "宿舍号：A3-512", "寝室A3-512", "Dorm 5-204", "北苑3#512",
    "5号楼2单元301", "12幢1单元603室", "学生公寓8栋412", "紫荆公寓12号楼305B", "3栋A302", "Room 402, Building 5",
    "十二栋305", "７栋６０２", "5#楼301", "2号公寓416", "松园宿舍楼418", "男寝2-318",
  ]

  /// Numbers that only the word before them makes somebody's.
  static let labelled = [
    "身份证：110105491231002", "护照号E12345678", "港澳通行证 C12345678", "台胞证：12345678", "QQ：265012398",
    "微信号：zhang_san_88", "学号：2023010977", "工号T20230977", "电话26531234", "姓名：张三", "付款人：张三",
    "学生张三", "张三老师", "联系人 Zhang San", "银行卡号：1234567890123456",
  ]

  /// What of a text must not be readable: digits without what is between them, as they are looked for.
  static let digits = [
    "13912345678", "26531234", "11010519491231002", "440524198001010013", "6222021234567890128",
    "4111111111111111", "110105491231002", "E12345678", "C12345678", "265012398", "2023010977",
    "20230977", "1234567890123456", "110105198003078532",
  ]

  /// What must not be readable as it is.
  static let texts = [
    "张三", "欧阳小明", "阿迪力·买买提", "Zhang San", "Li Ming-Hua", "司徒建国", "zhang.san@", "2650123987@",
    "zhang_san_88", "１３９１２３４５６７８", "12栋305", "402室", "5-302", "A3-512", "5-204", "3#512",
    "2单元301", "1单元603", "8栋412", "12号楼305", "栋A302", "Room 402", "十二栋305", "７栋６０２", "5#楼301",
    "公寓416", "宿舍楼418", "2-318",
  ]

  /// Where in an output somebody is readable: what, and what stands around it.
  static func readable(in output: [UInt8]) -> [String] {
    var found: [String] = []
    for text in texts + numbers {
      if let place = output.firstPlace(of: Array(text.utf8)) {
        found.append("\(text): …\(output.around(place))…")
      }
    }
    // A serial as long may hold any digits: only those that nothing goes before or behind.
    let compact = output.compacted
    for text in digits {
      if let place = compact.firstPlace(of: Array(text.utf8), alone: true) {
        found.append("\(text): …\(compact.around(place))…")
      }
    }
    return found
  }
}

extension [UInt8] {
  /// Without blanks, dashes, dots and brackets between digits; full-width digits as usual ones.
  var compacted: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    let marks: Set<UInt8> = [0x20, 0x09, 0x2D, 0x28, 0x29]
    var place = 0
    withUnsafeBufferPointer { bytes in
      while place < bytes.count {
        let byte = bytes[place]
        if byte == 0xC2, place + 1 < bytes.count, bytes[place + 1] == 0xA0 {
          place += 2
        } else if byte == 0xEF, place + 2 < bytes.count, bytes[place + 1] == 0xBC {
          if 0x90...0x99 ~= bytes[place + 2] { result.append(bytes[place + 2] - 0x60) }
          place += 3
        } else if byte == 0x2E || marks.contains(byte) {
          place += 1
        } else {
          result.append(byte)
          place += 1
        }
      }
    }
    return result
  }

  /// Where some bytes first stand; `alone` where no digit is next to them.
  func firstPlace(of word: [UInt8], alone: Bool = false) -> Int? {
    withUnsafeBytes { bytes in
      var place = 0
      while let base = bytes.baseAddress, place < bytes.count,
        let found = memchr(base + place, Int32(word[0]), bytes.count - place)
      {
        let start = UnsafeRawPointer(found) - base
        let end = start + word.count
        guard end <= bytes.count else { return nil }
        place = start + 1
        if memcmp(base + start, word, word.count) != 0 { continue }
        let isInRun =
          start > 0 && bytes[start - 1] &- 0x30 <= 9 || end < count && bytes[end] &- 0x30 <= 9
        if !alone || !isInRun { return start }
      }
      return nil
    }
  }

  func around(_ place: Int) -> String {
    String(decoding: self[Swift.max(0, place - 90)..<Swift.min(count, place + 60)], as: UTF8.self)
      .replacing("\n", with: "⏎")
  }
}
