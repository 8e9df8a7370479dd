internal import Payments

/// Why a row was rejected, in words: what was expected, what was found.
enum Reasons {
  static let emptyAmount = Wording(zh: "金额为空，应为如 50.00 的金额", en: "the amount is empty")
  static let negative = Wording(
    zh: "金额为负，此处应为正数（方向由类型决定）",
    en: "the amount is negative; here it must be positive, the type tells the direction")
  static let noAccount = Wording(
    zh: "卡号与学工号均为空，无法知道是谁的账户", en: "neither card nor student number is given")
  static let noAmountColumn = Wording(
    zh: "该文件没有此类交易的金额列", en: "the file has no amount column for this kind of row")
  static let noSerial = Wording(zh: "交易流水号为空", en: "the transaction serial is empty")
  static let bothDirections = Wording(
    zh: "借方与贷方同时有金额，应只有一侧", en: "debit and credit both carry an amount")

  static let tooLong = Wording(
    zh: "一行超过 1 MiB，不是对账单的行；换行符可能丢失",
    en: "longer than 1 MiB, which no row of a statement is: its line ends may be lost")

  static func lost(_ found: String) -> Wording {
    Wording(
      zh: "值已丢失（\(found)），应为完整的号码或文字；请重新导出，不要用表格软件另存",
      en: "the value is lost (\(found)); expected the whole number or word. Export it again and do "
        + "not save it from a spreadsheet")
  }

  static func unknownChannel(_ found: String) -> Wording {
    Wording(
      zh: "渠道“\(found)”无法识别，也没有账单记有该行的单号：暂不采用该行。请在配置的 sources.<渠道>.words "
        + "中写明它是哪个渠道，不参与对账的写入 ledger.unreconciled",
      en:
        "`\(found)` names no channel that is known, and no bill has the row's order or serial: the row is "
        + "held. Say under sources.<channel>.words whose word it is, or under ledger.unreconciled that "
        + "no statement tells of such rows")
  }

  static func batchWithoutDetails(_ count: Int) -> Wording {
    Wording(
      zh: "批量入账 \(count) 笔，没有逐笔明细：是哪些充值无从得知，当日该账户的对账暂缓。请向银行索取含 TxDtls 的报文",
      en:
        "a batch of \(count) without its details: which top-ups these are nobody can tell. Ask the bank for "
        + "the message with TxDtls")
  }

  static func strayDate(_ found: String) -> Wording {
    Wording(
      zh: "时间 \(found) 远离文件中其余记录，应为日期有误",
      en: "dated \(found), far off all other rows: a wrong date")
  }

  static func strayQuote(lines: Int) -> Wording {
    Wording(
      zh: "引号把 \(lines) 行并成了一行，可能多了或少了一个引号",
      en: "a quote joins \(lines) lines into one row: one quote too many, or one missing")
  }

  static func fieldCount(expected: Int, found: Int) -> Wording {
    Wording(
      zh: "应有 \(expected) 列，实有 \(found) 列；该行可能被截断或含未转义的分隔符",
      en: "expected \(expected) fields, found \(found): cut off, or a stray separator")
  }

  static func width(expected: Int, found: Int) -> Wording {
    Wording(
      zh: "记录应为 \(expected) 字节，实为 \(found) 字节；该行可能被截断或转码",
      en: "a record of \(expected) bytes is expected, this one has \(found): cut off or re-encoded")
  }

  static func unknownWord(_ text: String) -> Wording {
    Wording(
      zh: "未知状态或类型“\(text)”，不猜测其含义；请在格式定义中登记",
      en: "unknown status or type \"\(text)\": held, not guessed; add it to the profile")
  }

  static func time(_ text: String) -> Wording {
    Wording(
      zh: "时间“\(text)”无法识别，应为 yyyy-MM-dd HH:mm:ss",
      en: "\"\(text)\" is not a time; expected yyyy-MM-dd HH:mm:ss")
  }

  static func withoutSeconds(_ text: String) -> Wording {
    Wording(
      zh: "时间“\(text)”缺少秒，文件可能被表格软件重新保存；请使用原始文件",
      en: "\"\(text)\" has no seconds: re-saved by a spreadsheet? use the original file")
  }

  static func amount(_ problem: AmountField, _ text: String, decimals: Int) -> Wording {
    switch problem {
    case .tooManyDecimals:
      Wording(
        zh: "金额“\(text)”小数位过多，最多 \(decimals) 位",
        en: "\"\(text)\" has too many decimals; at most \(decimals)")
    case .overflow:
      Wording(zh: "金额“\(text)”超出可表示范围", en: "\"\(text)\" is too large an amount")
    default:
      Wording(
        zh: "金额“\(text)”无法识别，应为如 1,234.50 的数字",
        en: "\"\(text)\" is not an amount; expected digits such as 1,234.50")
    }
  }
}
