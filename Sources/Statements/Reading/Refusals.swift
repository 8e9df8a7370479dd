internal import Payments

/// Why a file is refused as a whole, in words: what it is instead of a statement, and what to do.
enum Refusals {
  static let otherMessage = Wording(
    zh: "这是银行的另一种报文，不是账户明细。请查询并提供明细报文。",
    en: "another message of this bank, not a list of transactions. Query the transactions.")
  static let webPage = Wording(
    zh: "这是网页，其中没有格式已知的明细表；常见于登录过期后下载。请重新登录并导出，优先选 CSV。",
    en:
      "a web page without a table of a known layout: often what is downloaded once a login has expired. Log in "
      + "and export again, as CSV where the bank offers it.")
  static let emptyWorkbook = Wording(
    zh: "工作簿中没有任何内容。请重新导出。",
    en: "the workbook holds nothing. Export it again.")
  static let emptyArchive = Wording(
    zh: "压缩包中没有对账明细文件。请重新下载。",
    en: "the archive holds no statement. Download it again.")
  static let nested = Wording(
    zh: "压缩包内又有压缩包，不再展开。请先解压里层，再放入。",
    en: "a packed file inside a packed file is not unpacked. Unpack the inner one and deliver it.")
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
