internal import Payments

/// Why an old workbook is not read.
enum OldWorkbookError: Error, Hashable {
  /// Its container or one of its records is not whole: the byte of the workbook's stream where that shows.
  case damaged(at: Int)
  /// It holds no workbook: another program's document.
  case noWorkbook
  /// It asks for a password, and none that is known fits.
  case password
  /// It is an .xls that asks for a password.
  case oldPassword
  /// It is encrypted in a way nobody here knows.
  case unknownEncryption
  /// Its cells come to more bytes than this.
  case tooLarge(Int)
  /// It has more sheets than it may.
  case tooManySheets
  /// The disk has no room for its cells.
  case noRoom(Wording)

  /// What is wrong, and what to do.
  var reason: Wording {
    switch self {
    case .damaged(let place):
      Wording(
        zh: "Excel 工作簿（.xls）不完整或已损坏（数据流第 \(place) 字节处）。请从网银重新导出，优先选 CSV。",
        en:
          "the Excel workbook (.xls) is damaged or cut off (byte \(place) of its stream). Export it again, as "
          + "CSV where the bank offers it.")
    case .noWorkbook:
      Wording(
        zh: "文件是 Office 文档（OLE），但其中没有 Excel 97 及以后的工作簿。请从网银重新导出，优先选 CSV。",
        en:
          "an Office document (OLE) without a workbook of Excel 97 or later. Export it again, as CSV where the "
          + "bank offers it.")
    case .password:
      Wording(
        zh: "Excel 工作簿有密码，没有可用的密码：写入配置 passwords 所指的文件（一行一个，权限 600），或在 Excel 中去掉密码。",
        en:
          "the Excel workbook has a password, and none that is known opens it: write it into the file that "
          + "`passwords` names (one a line, mode 600), or take it off in Excel.")
    case .oldPassword:
      Wording(
        zh: "Excel 97—2003 工作簿有密码，无法读取。请导出不加密码的文件，或在 Excel 中去掉密码。",
        en:
          "the Excel 97–2003 workbook has a password. Export it without one, or take it off in Excel."
      )
    case .unknownEncryption:
      Wording(
        zh: "Excel 工作簿的加密方式无法识别。请在 Excel 中去掉密码。",
        en:
          "the Excel workbook is encrypted in a way that is not known. Take the password off in Excel."
      )
    case .tooLarge(let limit):
      SheetLimits.told(limit)
    case .tooManySheets: SheetLimits.tooManySheets.reason
    case .noRoom(let reason): reason
    }
  }
}
