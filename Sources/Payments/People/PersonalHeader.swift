/// What the name of a column says of its values: a header is a word before each of them.
public enum PersonalHeader: Sendable {
  /// They are names: 姓名, 户名, 持卡人, 联系人, name.
  case name
  /// They are numbers, addresses or rooms of people: 手机, 身份证, 邮箱, 宿舍, phone.
  case number

  private static let numbers = WordTable([
    "手机", "电话", "联系方式", "身份证", "证件号", "证件号码", "护照", "通行证", "台胞证", "邮箱", "电子邮件", "宿舍", "寝室", "房间",
    "房号",
    "住址", "家庭地址", "居住地址", "联系地址", "收货地址", "楼栋", "床位", "微信号", "qq", "学号", "工号", "学工号", "银行卡号",
    "phone",
    "mobile", "mobilephone", "cellphone", "telephone", "tel", "email", "e-mail", "mail", "idcard",
    "id card",
    "idno", "passport", "dorm", "dormitory", "room", "openid",
  ])
  /// What a header of names ends with.
  private static let names = WordTable([
    "姓名", "户名", "持卡人", "联系人", "付款人", "收款人", "经办人", "充值人", "缴费人", "开户人", "申请人", "代付人", "代办人", "学生",
    "家长", "昵称",
    "付款人名称", "收款人名称", "name", "username", "realname", "truename", "stuname", "studentname",
    "payername",
    "payeename", "holdername", "custname", "customername", "cardholder",
  ])
  /// Names of things.
  private static let things = WordTable([
    "product", "goods", "merchant", "shop", "store", "bank", "file", "dept", "item", "subject",
    "device", "school",
    "商户", "门店", "商品",
  ])

  /// What a column of telephones would not be called: 手机充值金额.
  private static let others = WordTable([
    "金额", "类型", "方式", "时间", "日期", "费", "状态", "品牌", "型号", "标志", "次数", "笔数", "类别",
  ])

  /// What a header says; nil where it says nothing of people.
  public init?(_ header: String) {
    var header = header
    let text = header.withUTF8 { FoldedText(UnsafeRawBufferPointer($0)) }
    var end = text.codes.firstIndex(of: 0x28) ?? text.count
    while end > 0, [0x20, 0x3A, 0x5F].contains(text[end - 1]) { end -= 1 }
    if PersonalHeader.others.ending(end, in: text) != nil { return nil }
    let places = 0..<text.count
    if places.contains(where: { PersonalHeader.numbers.at($0, in: text) != nil }) {
      self = .number
      return
    }
    let isThing = places.contains { PersonalHeader.things.at($0, in: text) != nil }
    let isName = (0..<end).contains { place in
      PersonalHeader.names.at(place, in: text).map { place + $0.length == end } ?? false
    }
    guard isName, !isThing else { return nil }
    self = .name
  }
}
