internal import Columns
internal import Payments

// Workbooks, whatever their form, as statements.

extension StatementReader {
  /// Reads a workbook of Excel's (.xlsx).
  func readWorkbook(
    _ archive: borrowing ZipArchive, of file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let sheets: [Sheet]
    do throws(Refusal) {
      sheets = try Workbook.sheets(
        archive, path: file.path, limit: SheetLimits.bytes(ofPacked: file.size))
    } catch {
      return [Reading(refused: name, path: file.path, error)]
    }
    return try read(sheets, of: .workbook, path: file.path, name: name, meter)
  }

  /// Reads an old workbook of Excel's (.xls), or one of now that has a password and lies in the same container.
  func readOldWorkbook(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    meter.add(file.size)
    let (sheets, inner): ([Sheet], StatementFile?)
    do throws(Refusal) {
      try SheetLimits.check(file)
      let bytes = try file.wholeBytes()
      inner = try opened(bytes, path: file.path)
      sheets = try inner == nil ? OldWorkbook.sheets(bytes, path: file.path) : []
    } catch {
      return [Reading(refused: name, path: file.path, error)]
    }
    if let inner { return try readMember(inner, name: name, meter) }
    return try read(sheets, of: .oldWorkbook, path: file.path, name: name, meter)
  }

  /// The workbook inside one that has a password; nil for any other.
  private func opened(
    _ bytes: [UInt8], path: String
  ) throws(Refusal) -> StatementFile? {
    guard let container = CompoundFile(bytes), EncryptedWorkbook.isOne(container) else {
      return nil
    }
    let keeper = BytesKeeper()
    do throws(OldWorkbookError) {
      keeper.append(try EncryptedWorkbook(container).opened(by: options.passwords))
    } catch {
      throw Refusal(.unreadable, error.reason)
    }
    return try keeper.file(path: path)
  }

  /// Reads a workbook in XML, or the tables of a web page; both come under the name of Excel files.
  func readMarkup(
    _ file: StatementFile, _ root: XMLRoot, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let limit = SheetLimits.bytes(ofPacked: file.size)
    let isWorkbook = XMLWorkbook.isOne(root)
    let sheets: [Sheet]
    do throws(Refusal) {
      sheets =
        try isWorkbook
        ? XMLWorkbook.sheets(file, limit: limit) : WebTables.sheets(file, limit: limit)
    } catch {
      return [Reading(refused: name, path: file.path, error)]
    }
    let form = isWorkbook ? FileForm.xmlWorkbook : .page
    let readings = try read(sheets, of: form, path: file.path, name: name, meter)
    let isKnown = readings.contains { !$0.statement.format.isEmpty }
    return isKnown || isWorkbook
      ? readings : [Reading(refused: name, path: file.path, .unreadable, Refusals.webPage)]
  }

  /// Reads all sheets: those that are pages of one list as one statement, those of other lists each as one. What
  /// is on a sheet of no known layout is said; rows of a day there hold the file, for they may be what is missing.
  func read(
    _ sheets: [Sheet], of form: FileForm, path: String, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let filled = sheets.filter { !$0.rows.isEmpty }
    var (found, others): ([(sheet: Sheet, readings: [Reading])], [Sheet]) = ([], [])
    var unknown = Reading(refused: name, path: path, .unreadable, Refusals.emptyWorkbook)
    for sheet in filled {
      let readings = try read(sheet, path: path, name: name, meter)
      if !readings[0].statement.format.isEmpty {
        found.append((sheet, readings))
      } else {
        if others.isEmpty { unknown = readings[0] }
        others.append(sheet)
      }
    }
    guard !found.isEmpty else {
      // What the first of them is not is said.
      unknown.note(sheets: filled)
      unknown.recognition.form = form.told(of: name)
      return [unknown]
    }
    var readings = try joined(found, of: form, filled.count, path: path, name: name, meter)
    for index in readings.indices {
      readings[index].note(sheets: filled)
      readings[index].report(others: others)
      // A page has neither sheets nor cells.
      if form != .page { readings[index].tellCells() }
      readings[index].recognition.encoding = nil
    }
    return readings
  }

  private func read(
    _ sheet: Sheet, path: String, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    try readText(sheet.file, name: name, meter, lines: sheet.rows)
  }

  /// Sheets of one layout and header as one statement.
  private func joined(
    _ found: [(sheet: Sheet, readings: [Reading])], of form: FileForm, _ filled: Int,
    path: String, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    var groups: [(sheets: JoinedSheets, readings: [Reading])] = []
    var (known, copies) = (Set<SheetRow>(), [String]())
    for (sheet, mine) in found {
      // People copy a sheet to work on it, and let tables be made of it.
      let rows =
        found.count > 1
        ? mine.reduce(into: Set<SheetRow>()) { $0.formUnion($1.sheetRows) } : []
      guard rows.isEmpty || !rows.isSubset(of: known) else {
        copies.append(sheet.name)
        continue
      }
      known.formUnion(rows)
      let last = groups.count - 1
      if last >= 0, goesOn(groups[last].readings, with: mine),
        groups[last].sheets.append(sheet)
      {
        // Accounts that only this one has are the group's too.
        groups[last].readings += mine.filter { !groups[last].readings.haveAccount(of: $0) }
        continue
      }
      groups.append(
        (JoinedSheets(sheet, header: mine[0].recognition.columns.map(\.header)), mine))
    }
    var readings: [Reading] = []
    for (sheets, alone) in groups {
      var parts = alone
      if sheets.names.count > 1 {
        let file: StatementFile
        do throws(Refusal) {
          file = try sheets.file()
        } catch {
          return [Reading(refused: name, path: path, error)]
        }
        parts = try readText(
          file, name: name, meter, lines: sheets.lines, sheets: sheets.names)
      }
      for index in parts.indices {
        parts[index].recognition.form = form.told(of: name, sheets: sheets.names)
        if sheets.names.count > 1 {
          parts[index].tellSheets(sheets.names)
        } else if filled > 1, groups.count == 1 {
          // Where there are others, rows tell which sheet they are on.
          parts[index].place(onSheet: sheets.names[0])
        }
        if groups.count > 1 { parts[index].stand(in: sheets.names[0], of: name) }
        if !copies.isEmpty { parts[index].note(copies: copies) }
      }
      readings += parts
    }
    return readings
  }

  /// Whether a sheet may be the next page of the list that others are: it has the same layout and the same account,
  /// or, where a sheet is of several, one of them.
  private func goesOn(_ list: [Reading], with sheet: [Reading]) -> Bool {
    guard list[0].statement.format == sheet[0].statement.format else { return false }
    return sheet.contains(where: list.haveAccount)
  }
}

extension [Reading] {
  /// Whether one of them is of the account another is of.
  fileprivate func haveAccount(of other: Reading) -> Bool {
    contains { $0.statement.account == other.statement.account }
  }
}

/// The rows of the one sheet of a workbook that is a statement.
private struct RowsOnSheet: RowSource {
  let rows: any RowSource
  let sheet: String

  var needsKeys: Bool { rows.needsKeys }

  func quote(_ row: RowPlace) throws(StatementError) -> QuotedRow { try rows.quote(row) }

  func place(ofLine line: Int) -> (part: String?, line: Int) { (sheet, line) }
}

/// What makes a row of one sheet the row of another.
private struct SheetRow: Hashable {
  let order: KeyHash
  let serial: KeyHash
  let own: KeyHash
  let kind: EntryKind
  let fen: Int64
  let time: UInt32
}

extension Reading {
  /// Its rows, those it rejects with a key too.
  fileprivate var sheetRows: Set<SheetRow> {
    Set(
      (0..<table.count).map { row in
        SheetRow(
          order: table.order[row], serial: table.serial[row], own: table.own[row],
          kind: table.kind[row], fen: table.fen[row], time: table.time[row])
      })
  }

  /// Has its rows tell the one sheet they are on.
  fileprivate mutating func place(onSheet name: String) {
    rows = rows.map { RowsOnSheet(rows: $0, sheet: name) }
    for index in rejections.indices { rejections[index].file += "/" + name }
    for index in strange.indices { strange[index].rejection.file += "/" + name }
  }

  /// Tells that it stands in a sheet beside which others are other statements.
  fileprivate mutating func stand(in sheet: String, of name: String) {
    func moved(_ file: String) -> String { name.with(part: sheet) + file.dropFirst(name.count) }
    statement.file = moved(statement.file)
    for index in rejections.indices { rejections[index].file = moved(rejections[index].file) }
    for index in strange.indices {
      strange[index].rejection.file = moved(strange[index].rejection.file)
    }
    member = member.isEmpty ? sheet : sheet + "/" + member
  }

  /// Says which sheets repeat another.
  fileprivate mutating func note(copies: [String]) {
    statement.notes.append(
      StatementNote(
        line: 1,
        detail: Wording(
          zh: "工作表 \(copies.joined(separator: "、")) 的记录与前面的工作表相同，只采用一份。",
          en:
            "the rows of the sheets \(copies.joined(separator: ", ")) are those of a sheet before them; they are "
            + "read once.")))
  }

  /// Tells lines of faults and notes by sheet and row.
  fileprivate mutating func tellSheets(_ names: [String]) {
    for index in statement.faults.indices {
      guard let line = statement.faults[index].line else { continue }
      let (part, row) = JoinedSheets.place(ofLine: line, of: names)
      statement.faults[index].line = row
      if let part {
        statement.faults[index].column = [part, statement.faults[index].column].compactMap(\.self)
          .joined(separator: " / ")
      }
    }
    for index in statement.notes.indices {
      statement.notes[index].line =
        JoinedSheets.place(ofLine: statement.notes[index].line, of: names).line
    }
    let list = names.joined(separator: "、")
    statement.notes.append(
      StatementNote(
        line: 1,
        detail: Wording(
          zh: "\(names.count) 张工作表（\(list)）表头相同，作为一份账单读取。",
          en:
            "\(names.count) sheets (\(names.joined(separator: ", "))) have one header and are read as one "
            + "statement.")))
  }

  /// Notes what of its workbook is not what it seems.
  fileprivate mutating func note(sheets: [Sheet]) {
    let formulas = sheets.reduce(0) { $0 + $1.formulas }
    if formulas > 0 {
      statement.notes.append(
        StatementNote(
          line: 1,
          detail: Wording(
            zh: "\(formulas) 个单元格是公式，按文件保存时的值读取。",
            en: "\(formulas) cells are formulas; what they were when the file was saved is read.")))
    }
    let far = sheets.reduce(0) { $0 + $1.farCells }
    if far > 0 {
      statement.notes.append(
        StatementNote(
          line: 1,
          detail: Wording(
            zh: "\(far) 个单元格在第 \(SheetLimits.columns) 列之后，未读取。",
            en: "\(far) cells beyond column \(SheetLimits.columns) are not read.")))
    }
    let hidden = sheets.filter(\.isHidden).map(\.name)
    if !hidden.isEmpty {
      statement.notes.append(
        StatementNote(
          line: 1,
          detail: Wording(
            zh: "工作簿中有隐藏的工作表：\(hidden.joined(separator: "、"))。",
            en: "the workbook has hidden sheets: \(hidden.joined(separator: ", ")).")))
    }
  }

  /// Says which sheets hold no rows of a known layout, and holds the statement where they look like rows.
  fileprivate mutating func report(others: [Sheet]) {
    guard !others.isEmpty else { return }
    let like = others.filter(\.looksLikeRows).map(\.name)
    guard !like.isEmpty else {
      let names = others.map(\.name)
      statement.notes.append(
        StatementNote(
          line: 1,
          detail: Wording(
            zh: "工作表 \(names.joined(separator: "、")) 不是账单，未读取。",
            en: "the sheets \(names.joined(separator: ", ")) are no statements and are not read.")))
      return
    }
    fault(
      .unreadable,
      zh: "工作表 \(like.joined(separator: "、")) 像是交易明细，但格式无法识别：整个文件暂不采用，以免漏读。请单独导出每张表，"
        + "或为它登记格式。",
      en:
        "the sheets \(like.joined(separator: ", ")) look like transactions in no known layout: the whole "
        + "file is held, or some of it would go unread. Export each sheet by itself, or give it a profile."
    )
  }
}

extension Sheet {
  /// Whether some row has a day and an amount in cells of their own.
  fileprivate var looksLikeRows: Bool {
    firstLines(2_000).contains { line in
      let cells = line.split(separator: 0x1F).map { String(decoding: $0, as: UTF8.self) }
      return cells.contains { TimeSpan(readableIn: $0) != nil }
        && cells.contains { cell in
          let text = cell.replacing(",", with: "")
          return text.contains(".") && Money.fen(ofYuan: text) != nil
        }
    }
  }
}
