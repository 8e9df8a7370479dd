public import Payments

/// `cardrecon status`: books and days, and what to ask whom for.
public enum StatusReport {
  /// As text, ending in a line feed.
  public static func render(_ grid: BookGrid, language: Language, width: Int = 100) -> String {
    let isChinese = language == .zh
    var table = TextTable(
      [TextTable.Column(isChinese ? "账册" : "Book")]
        + grid.days.map { TextTable.Column(String($0.description.suffix(5))) })
    table.rows = grid.rows.map { row in
      [row.book.label(language)] + row.cells.map { $0.mark.label(language) }
    }
    let (heading, rows) = table.lines(width: width)
    var lines = [heading] + rows
    let asks = grid.asks
    if !asks.isEmpty { lines += ["", isChinese ? "需要处理：" : "To do:"] }
    lines += asks.map { "  " + $0.sentence(language) }
    lines.append("")
    lines.append(
      grid.lastRun.map { isChinese ? "最近一次对账：\($0)" : "last run: \($0)" }
        ?? (isChinese ? "还没有对过账" : "never run"))
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Something that somebody has to get, look at, or run.
public struct BookAsk: Hashable, Sendable {
  /// The day; of several that were not run the first.
  public var day: BusinessDay
  /// The last of several days that were not run; else the day.
  public var last: BusinessDay
  /// The book.
  public var book: Book
  /// How it stands.
  public var cell: BookGrid.Cell
  /// When its file was due.
  public var due: Timestamp
}

extension BookGrid {
  /// What somebody has to do, oldest day first; days that were not run are one thing to do.
  public var asks: [BookAsk] {
    var found: [BookAsk] = []
    for (index, day) in days.enumerated() {
      for row in rows where row.cells[index].mark.needsSomebody {
        if row.cells[index].mark == .notRun, let known = found.last, known.cell.mark == .notRun,
          known.last >= day.adding(-1)
        {
          found[found.count - 1].last = day
          continue
        }
        found.append(
          BookAsk(
            day: day, last: day, book: row.book, cell: row.cells[index], due: row.due[index]))
      }
    }
    return found
  }
}

extension BookAsk {
  /// What is to be done, and whom to ask.
  func sentence(_ language: Language) -> String {
    let isChinese = language == .zh
    let name = book.label(language)
    let files = PlainText.neutralised(cell.files.joined(separator: isChinese ? "、" : ", "))
    let fault = cell.fault.map { $0.label(language) } ?? cell.mark.label(language)
    switch cell.mark {
    case .notRun:
      return Phrases(language: language).missed(day...last) ?? ""
    case .missing:
      let hours =
        cell.files.isEmpty
        ? "" : isChinese ? "（已到 \(files)，尚缺部分时段）" : " (some hours; \(files) is in)"
      return isChinese
        ? "\(day) \(name) 缺失\(hours)，应于 \(due) 前到：\(whom(language))"
          + "；确无账单则 cardrecon accept --missing \(book.name) --date \(day) --by 何人"
        : "\(day) \(name) is missing\(hours), due by \(due): \(whom(language)); if there is none: "
          + "cardrecon accept --missing \(book.name) --date \(day) --by WHO"
    case .held where cell.fault == .statementReissued:
      return isChinese
        ? "\(day) \(name) 新版本 \(files) 等待核实：确认后 cardrecon accept --date \(day)，否则 cardrecon refuse"
        : "\(day) \(name): the new issue \(files) waits for a person: cardrecon accept --date \(day), or refuse"
    case .held:
      return isChinese
        ? "\(day) \(name) 未采用 \(files)（\(fault)）：\(whom(language))"
        : "\(day) \(name): \(files) is not used (\(fault)): \(whom(language))"
    default:
      return isChinese
        ? "\(day) \(name) 存疑 \(files)（\(fault)）：\(whom(language))；确认完整则 cardrecon accept \(files) --by 何人"
        : "\(day) \(name): \(files) is doubted (\(fault)): \(whom(language)); if it is whole: cardrecon accept \(files) --by WHO"
    }
  }

  /// Where a file of the book comes from.
  private func whom(_ language: Language) -> String {
    let isChinese = language == .zh
    if book.side == .ledger {
      return isChinese
        ? "请一卡通系统管理员导出当日全部流水" : "ask the card system's administrator for the whole day"
    }
    switch book.channel {
    case .wechat:
      return isChinese
        ? "请从微信支付商户平台下载当日交易账单" : "download the trade bill from the WeChat Pay merchant platform"
    case .alipay:
      return isChinese
        ? "请从支付宝商家平台下载当日业务明细" : "download the trade details from Alipay's merchant platform"
    default:
      let name = book.channel.label(language)
      return isChinese
        ? "请向\(name)索取，或从其网银导出当日明细" : "ask \(name), or export the day from its e-banking"
    }
  }
}
