internal import Payments

/// Why a file is refused as a whole, in words: what it is instead of a statement, and what to do.
enum Refusals {
  static let oldWorkbook = Wording(
    zh: "这是旧版 Excel 工作簿（.xls，BIFF8），不读取。请从渠道导出 CSV 或 xlsx；不要用表格软件转存，以免流水号被改写。",
    en: "an old Excel workbook (.xls, BIFF8), which is not read. Export CSV or xlsx from the "
      + "channel; do not convert it in a spreadsheet, which rewrites serials.")
  static let otherMessage = Wording(
    zh: "这是银行的另一种报文，不是账户明细。请查询并提供明细报文。",
    en: "another message of this bank, not a list of transactions. Query the transactions.")
  static let webPage = Wording(
    zh: "这是网页或 XML 表格，只是扩展名像账单，不读取。请从渠道导出 CSV 或 xlsx。",
    en: "a web page or an XML spreadsheet under another name; it is not read. Export CSV or xlsx.")
  static let emptyArchive = Wording(
    zh: "压缩包中没有对账明细文件。请重新下载。",
    en: "the archive holds no statement. Download it again.")
  static let emptyMessage = Wording(
    zh: "camt 报文中没有任何对账单（Stmt、Rpt 或 Ntfctn）。请向银行重新索取。",
    en: "the camt message holds no statement (Stmt, Rpt or Ntfctn). Ask the bank for it again.")
  static let binary = Wording(
    zh: "文件含有二进制内容（零字节），不是文本对账单。请重新下载。",
    en: "the file is binary (it holds zero bytes), not a text statement. Download it again.")
  static let answer = Wording(
    zh: "文件是接口返回的 JSON 报文，不是对账单；常见于当日无账单或下载失败。请查看内容并重新下载。",
    en: "the file is a JSON answer of the channel's interface, not a bill: no bill that day, or a "
      + "failed download. Look inside and download again.")
  static let damagedWide = Wording(
    zh: "不是完整的 UTF-16 文字，文件被截断或损坏。请重新下载。",
    en: "not well-formed UTF-16: the file is cut off or damaged. Download it again.")
}
