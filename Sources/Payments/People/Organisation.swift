/// Companies and offices by the words in their names.
public enum Organisation {
  /// What stands in their names, and hardly in a person's.
  public static let words = [
    "公司", "集团", "企业", "大学", "学院", "学校", "中学", "小学", "幼儿园", "研究院", "研究所", "事务所", "医院", "银行",
    "中心", "委员会", "工会", "校友会", "基金", "协会", "财政", "政府", "出版社", "旅行社", "合作社", "酒店", "饭店", "餐厅", "餐饮",
    "超市", "商店", "商行", "经营部", "门市部", "营业部", "工作室", "管理局", "管理处", "服务部", "财付通", "支付宝", "微信",
    "银联", "网联", "云闪付", "CO.,", "Co.,", "LTD", "Ltd", "LIMITED", "Limited", "INC.", "Inc.", "GMBH",
    "GmbH",
    "UNIVERSITY", "University", "TENPAY", "Tenpay", "ALIPAY", "Alipay", "BANK", "Bank",
  ]

  /// What stands in a column of names besides, and is nobody's.
  private static let offices = [
    "校园卡", "一卡通", "食堂", "书店", "图书馆", "财务处", "后勤处", "教务处", "学工部", "学工处",
  ]
  private static let known = WordTable(words + offices)

  /// Whether some characters of a text name one.
  static func isOne(_ name: Range<Int>, in text: FoldedText) -> Bool {
    name.contains { place in
      known.at(place, in: text).map { place + $0.length <= name.upperBound } ?? false
    }
  }
}
