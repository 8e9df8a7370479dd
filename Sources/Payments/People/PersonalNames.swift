/// Names, by the words around them.
///
/// | what says so | examples |
/// |---|---|
/// | a word for a name before it | 姓名张三, 户名, 持卡人, 付款人：, 收款人, 联系人, 经办人, 充值人, 缴费人, 制表：, name: |
/// | a word for a person before a surname | 学生张三, 家长李四, 本人王五 |
/// | a title behind it | 张三老师, 李四同学, 王五先生, 赵六女士 |
///
/// Behind a word for a name stand two to four Chinese characters, more with a point between the parts, or Latin words.
struct PersonalNames {
  let text: FoldedText

  private enum Label: Sendable { case name, withColon, person }

  private static let labels: WordTable<Label> = {
    let lists: [(Label, [String])] = [
      (
        .name,
        [
          "姓名", "户名", "持卡人", "付款人", "收款人", "联系人", "经办人", "充值人", "缴费人", "开户人", "申请人", "代付人", "代办人",
          "收件人", "办理人", "领款人", "退款人",
        ]
      ),
      (
        .withColon,
        [
          "制表", "制表人", "复核", "复核人", "记账", "出纳", "操作员", "客户", "昵称", "户主", "name", "payer",
          "payee", "student", "username", "contact", "holder", "cardholder",
        ]
      ),
      (.person, ["学生", "家长", "本人", "同学", "教师", "职工", "员工", "室友"]),
    ]
    return WordTable(lists.flatMap { label, words in words.map { ($0, label) } })
  }()
  private static let tails = WordTable(["名称", "姓名", "户名", "名字", "全名", "名"])
  private static let titles = WordTable(["老师", "同学", "先生", "女士", "教授", "师傅", "学长", "学姐"])
  /// Words that end a name which nothing else ends.
  private static let ends = WordTable([
    "学号", "工号", "卡号", "电话", "手机", "充值", "校园", "一卡通", "宿舍", "寝室", "账号", "帐号", "账户", "身份证", "编号",
    "缴费",
    "转账", "付款", "支付", "退款", "补卡", "老师", "同学", "先生", "女士", "开户", "银行", "类型", "信息", "备注", "金额", "时间",
    "日期",
    "邮箱", "部门", "单位", "地址", "代码", "号码", "的", "为", "是", "及", "和", "与", "无", "不", "未", "或", "处",
  ])
  /// Words that begin like a name and are none.
  private static let nobodys = WordTable([
    "任课", "高中", "毕业", "应届", "全体", "全校", "各位", "新生", "高年级", "班主任", "高数", "方便", "万名", "黄牛", "相关",
    "管理", "成绩", "安全", "常规", "常用", "包裹", "车票", "车费", "金额", "金卡", "白卡", "毛巾", "方案", "高级", "时代", "成长",
    "任务",
    "温馨", "向导", "成人", "万元", "康复", "单车", "应急", "关爱", "费用", "项目", "单位", "单号", "余额", "查询", "华为", "平安",
    "路费",
  ])

  /// The usual surnames: those of the 2020 census that nine of ten people and more have, and those of two characters.
  private static let surnames: Set<UInt32> = Set(
    FoldedText.codes(
      "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯"
        + "江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷祁"
        + "时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边阎蒲"))
  private static let doubles = WordTable([
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫", "长孙", "宇文",
  ])

  /// Calls `body` with where a name stands, in characters.
  func find(_ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      if let (length, label) = PersonalNames.labels.at(place, in: text) {
        if let name = labelled(place + length, label) {
          body(name)
          place = name.upperBound
          continue
        }
      }
      if PersonalNames.titles.at(place, in: text) != nil, let name = titled(place) { body(name) }
      place += 1
    }
  }

  private func labelled(_ end: Int, _ label: Label) -> Range<Int>? {
    var start = end
    if label != .person, let (length, _) = PersonalNames.tails.at(start, in: text) {
      start += length
    }
    let first = start
    var hasColon = false
    while start < first + 5, isMark(text[start]) {
      hasColon = hasColon || text[start] == 0x3A || text[start] == 0x3D
      start += 1
    }
    // "name": "…" is a name; a word in quotes with a sentence behind it tells none.
    if text[first] == 0x22, text[start - 1] != 0x22 { return nil }
    switch label {
    case .name: break
    case .withColon: if !hasColon { return nil }
    case .person: if !hasColon, start > first || !isSurname(start) { return nil }
    }
    // Another word for a name: 制表：联系人张三.
    if PersonalNames.labels.at(start, in: text) != nil { return nil }
    let name = start..<nameEnd(start)
    return name.isEmpty ? nil : name
  }

  /// A colon, an equals sign, a quote, a bracket or a blank.
  private func isMark(_ code: UInt32) -> Bool {
    [0x3A, 0x3D, 0x20, 0x22, 0x27, 0x28, 0x5B, 0x3010, 0x201C, 0x300C].contains(code)
  }

  private func isSurname(_ place: Int) -> Bool {
    PersonalNames.surnames.contains(text[place]) && text[place + 1].isHan
      && PersonalNames.ends.at(place, in: text) == nil
      && PersonalNames.nobodys.at(place, in: text) == nil
      || PersonalNames.doubles.at(place, in: text) != nil
  }

  /// Two or three characters before a title that begin with a surname, four with one of two characters.
  private func titled(_ end: Int) -> Range<Int>? {
    for length in [4, 3, 2] where end >= length {
      let start = end - length
      guard (start..<end).allSatisfy({ text[$0].isHan }),
        PersonalNames.nobodys.at(start, in: text) == nil
      else { continue }
      let isDouble = PersonalNames.doubles.at(start, in: text) != nil
      if isDouble && length > 2 || length < 4 && PersonalNames.surnames.contains(text[start]) {
        return start..<end
      }
    }
    return nil
  }

  private func nameEnd(_ start: Int) -> Int {
    var (end, count, isParted) = (start, 0, false)
    while text[end].isHan, count < (isParted ? 12 : 4), PersonalNames.ends.at(end, in: text) == nil
    {
      end += 1
      count += 1
      if text[end] == 0xB7, text[end + 1].isHan {
        end += 1
        isParted = true
      }
    }
    if count >= 2 { return end }
    if count > 0 { return start }
    while text[end].isLatin || end > start && [0x20, 0x2E, 0x27, 0x2D].contains(text[end]) {
      end += 1
    }
    while end > start, !text[end - 1].isLatin { end -= 1 }
    return end - start >= 2 ? end : start
  }
}
