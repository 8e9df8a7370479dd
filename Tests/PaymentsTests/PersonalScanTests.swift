import Payments
import Testing

@Suite("Who is named in a text")
struct PersonalScanTests {
  private func masked(_ text: String, known: [PersonalSpan] = [], keys: [String] = []) -> String {
    let scan = PersonalScan(
      day: BusinessDay(year: 2026, month: 11, day: 2),
      isKey: { String(decoding: $0, as: UTF8.self) == "13800138000" },
      isName: { ["欧阳小明", "张三丰", "阿迪力·买买提"].contains(String(decoding: $0, as: UTF8.self)) })
    return Masking.text(text, spans: scan.spans(of: text, .init(personal: known, keys: keys)))
  }

  @Test(
    "Numbers, addresses, rooms and names are hidden by what they are",
    arguments: [
      "13912345678", "139-1234-5678", "139 1234 5678", "+86 13912345678", "8613912345678",
      "0755-26531234",
      "11010519491231002X", "11010519491231002x", "110105 19491231 002X", "6222021234567890128",
      "6222 0212 3456 7890 128", "4111111111111111", "zhang.san@example.edu.cn", "12栋305",
      "3号楼402室",
      "宿舍号：A3-512", "东区5-302宿舍", "Dorm 5-204", "欧阳小明", "张三丰", "阿迪力·买买提", "139.1234.5678",
      "１３９１２３４５６７８", "139\u{A0}1234\u{A0}5678", "139\u{200B}12345678", "(0755)26531234",
      "+86-139-1234-5678",
      "86 139 1234 5678", "身份证110105491231002", "护照：E12345678", "QQ:265012398", "北苑3#512",
      "5号楼2单元301",
      "12栋 305", "Room 402", "张伟老师", "学生李四", "王小二同学", "ｚｈａｎｇ＠example.com",
    ])
  func hidden(text: String) {
    for whole in [text, "备注 \(text) 充值", "（\(text)）", "给\(text)充值"] {
      #expect(!masked(whole).contains(text), "\(masked(whole))")
      #expect(masked(whole).contains("*"))
    }
  }

  @Test(
    "A name behind a word for one, and the row's own name in its remark",
    arguments: [
      ("姓名：李四", "李四"), ("姓名李四学号2023", "李四"), ("付款人 王小二,转账", "王小二"), ("Name: Li Ming", "Li Ming"),
    ])
  func labelled(text: String, name: String) {
    #expect(!masked(text).contains(name), "\(masked(text))")
  }

  @Test("A name of a column is hidden in the remark of its row too")
  func ownName() {
    let text = "罗小红,50.00,校园卡充值罗小红"
    let known = [PersonalSpan(utf8: 0..<9, isName: true)]
    #expect(masked(text, known: known) == "罗**,50.00,校园卡充值罗**")
  }

  @Test(
    "What is nobody stays",
    arguments: [
      "13800138000", "4200002345202611020000000001", "CK20261102707102374489", "XYK13912345678",
      "2026-11-18 10:00:00", "20261118100000", "139123456789", "110105194912310021",
      "6222021234567890127",
      "50.00", "校园卡充值", "教学楼", "教学楼101", "101教室", "实验楼A座302室", "二食堂3号楼", "办公室302", "12号楼",
      "宿舍 50.00",
      "宿舍2026年", "宿舍 2026-11-02", "任课老师", "全体同学", "0.13912345678", "13912345678.00",
      "电话 2026-11-02",
      "0571-20261102", "110105202611020026", "学生公寓", "学生管理费", "学生余额", "学生安全保险", "classroom 101",
      "手机充值", "学生卡", "联系人账号", "微信支付", "中国建设银行股份有限公司", "101-13912345678a",
    ])
  func kept(text: String) {
    for whole in [text, "备注 \(text) 充值", "\(text),50.00"] { #expect(masked(whole) == whole) }
  }

  @Test("Companies, banks and the school are nobody, whatever column they stand in")
  func organisations() {
    for name in ["云山大学", "财付通支付科技有限公司", "中国工商银行云山支行"] {
      let known = [PersonalSpan(utf8: 0..<name.utf8.count, isName: true)]
      #expect(masked(name + ",100.00", known: known) == name + ",100.00")
    }
  }

  @Test("Digits that are, or stand in, a serial of the row stay whole")
  func keys() {
    #expect(
      masked("101-13912345678,13912345678", keys: ["101-13912345678"]).hasPrefix("101-13912345678,")
    )
    #expect(masked("6222021234567890128", keys: ["6222021234567890128"]) == "6222021234567890128")
  }
}
