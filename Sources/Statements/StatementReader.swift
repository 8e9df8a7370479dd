internal import Payments

/// Turns files into readings: finds out what each one is and has it read.
struct StatementReader {
  let profiles: [Profile]
  let options: Intake.Options

  /// Reads every file; several at once.
  func read(_ sources: [Intake.Source]) async throws(StatementError) -> [Reading] {
    let shown = StatementReader.displayNames(sources.map { $0.name ?? $0.path })
    let names = sources.indices.map { sources[$0].name ?? shown[$0] }
    var files: [StatementFile] = []
    for source in sources { files.append(try StatementFile(path: source.path)) }
    var readings = try await read(files, names: names, sums: sources.map(\.sha256))
    for index in readings.indices {
      let source = readings[index].source
      readings[index].isContext = sources[source].isContext
    }
    return readings
  }

  /// Reads files that are open already, under the names reports call them by.
  ///
  /// - Parameter sums: the SHA-256 of those whose is known.
  func read(
    _ files: [StatementFile], names: [String], sums known: [String?] = []
  ) async throws(StatementError) -> [Reading] {
    let total = files.reduce(0) { $0 + $1.size } * 2
    let meter = Meter(total: total, report: options.progress)
    do {
      return try await withThrowingTaskGroup(of: Part.self) { group in
        // Sums first, the longest before the others: one cannot be cut, while reading is, and fills what
        // is left of the other cores.
        var sums = files.indices.map { $0 < known.count ? known[$0] : nil }
        for index in files.indices.sorted(by: { files[$0].size > files[$1].size })
        where sums[index] == nil {
          let file = files[index]
          group.addTask { .sum(index, try file.sha256()) }
        }
        for index in files.indices {
          let (file, name) = (files[index], names[index])
          group.addTask {
            let readings = try readDelivered(file, name: name, meter)
            meter.add(file.size)
            return .readings(index, readings)
          }
        }
        var found = [[Reading]](repeating: [], count: files.count)
        for try await part in group {
          switch part {
          case .sum(let index, let sha256): sums[index] = sha256
          case .readings(let index, let readings): found[index] = readings
          }
        }
        for index in found.indices {
          for part in found[index].indices {
            found[index][part].source = index
            found[index][part].statement.sha256 = sums[index] ?? ""
          }
        }
        return found.flatMap { $0 }
      }
    } catch {
      throw error as? StatementError
        ?? StatementError.cannotRead(path: "", problem: String(describing: error))
    }
  }

  /// What is found out of a file, each by itself.
  private enum Part {
    case sum(Int, String)
    case readings(Int, [Reading])
  }

  /// Unpacks what is packed and reads every statement inside.
  private func readDelivered(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 4)
    guard head.withUnsafeBytes({ packagingOf($0) }) != .plain else {
      return try readContents(file, name: name, meter)
    }
    let bytes = try file.read(at: 0, count: file.size)
    let unpacked: Unpacked
    do throws(UnpackError) {
      unpacked = try bytes.withRaw { raw throws(UnpackError) in try unpack(raw) }
    } catch {
      let kind: FaultKind = error.kind == .truncated ? .statementTruncated : .unreadable
      return [refusal(file, name: name, kind, error.reason)]
    }
    guard case .members(let members) = unpacked else {
      return [try readWorkbook(bytes, file, name: name, meter)]
    }
    return try readMembers(members, of: file, name: name, meter)
  }

  /// Reads the members of an archive that are statements; a summary beside them is no statement.
  private func readMembers(
    _ members: [UnpackedMember], of file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    var found: [Reading] = []
    var summaries: [Reading] = []
    for member in members where !member.name.contains("汇总") {
      let inner = member.name.split(separator: "/").last.map { "/" + $0 } ?? ""
      let contents = StatementFile(path: file.path, bytes: member.bytes)
      for var reading in try readContents(contents, name: name + inner, meter) {
        reading.member = member.name + "#" + reading.member
        if reading.view == .summary {
          summaries.append(reading)
        } else {
          found.append(reading)
        }
      }
    }
    for summary in summaries.compactMap(\.summary) { summary.verify(&found) }
    if !found.isEmpty { return found }
    return summaries.isEmpty
      ? [refusal(file, name: name, .unreadable, StatementReader.emptyArchive)] : summaries
  }

  /// Reads a file that is not packed.
  private func readContents(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 4_096)
    if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      return [refusal(file, name: name, .unreadable, StatementReader.oldWorkbook)]
    }
    let root = head.withUnsafeBytes { sniffXMLRoot($0) }
    let forms = profiles.filter { $0.xml != nil && $0.xml?.root == root?.name }
    if !forms.isEmpty { return [try readRecords(file, forms, name: name, meter)] }
    if root != nil || StatementReader.looksLikeXML(head) {
      meter.add(file.size)
      if let root, StatementReader.isWebPage(root) {
        return [refusal(file, name: name, .unreadable, StatementReader.webPage)]
      }
      return try readXML(file, name: name)
    }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return try readWide(file, name: name, meter)
    }
    if head.contains(0) {
      return [refusal(file, name: name, .unreadable, StatementReader.binary)]
    }
    if head.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
      return [refusal(file, name: name, .unreadable, StatementReader.answer)]
    }
    return [try readText(file, name: name, meter)]
  }

  private static func looksLikeXML(_ head: [UInt8]) -> Bool {
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    return start.first { $0 > 0x20 } == UInt8(ascii: "<")
  }

  private static func isWebPage(_ root: XMLRoot) -> Bool {
    ["html", "table"].contains(root.name.lowercased()) || root.name == "Workbook"
  }

  private func readText(
    _ file: StatementFile, name: String, _ meter: Meter, lines: [Int]? = nil
  ) throws(StatementError) -> Reading {
    var reading = Reading(statement: blank(name), file: file)
    var reader = CSVReader(
      file: file, profiles: profiles, threads: options.threads, progress: { meter.add($0) })
    reader.lines = lines
    reader.subMerchants = options.subMerchants
    try reader.read(&reading)
    return reading
  }

  /// A workbook: its first sheet becomes records.
  private func readWorkbook(
    _ bytes: [UInt8], _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> Reading {
    let parts: [UnpackedMember]
    do throws(UnpackError) {
      parts = try bytes.withRaw { raw throws(UnpackError) in try ZipArchive(raw).readAll() }
    } catch {
      return refusal(file, name: name, .unreadable, error.reason)
    }
    let sheet: WorkbookSheet
    do throws(XMLReadError) {
      sheet = try WorkbookSheet(
        Dictionary(parts.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first }))
    } catch {
      return refusal(file, name: name, StatementReader.fault(of: error), error.reason)
    }
    let rendered = StatementFile(path: file.path, bytes: sheet.bytes)
    return try readText(rendered, name: name, meter, lines: sheet.rows)
  }

  /// A bank's XML answer: its records are read as rows.
  private func readRecords(
    _ file: StatementFile, _ forms: [Profile], name: String, _ meter: Meter
  ) throws(StatementError) -> Reading {
    let bytes = try file.read(at: 0, count: file.size)
    for profile in forms {
      guard let form = profile.xml else { continue }
      var records = XMLRecords(form, header: profile.recordFields)
      do throws(XMLReadError) {
        try bytes.withRaw { raw throws(XMLReadError) in try readElements(raw, into: &records) }
      } catch {
        var reading = Reading(statement: blank(name), file: file)
        reading.statement.faults = [
          StatementFault(StatementReader.fault(of: error), line: error.line, detail: error.reason)
        ]
        return reading
      }
      if records.isExpected {
        return try readRows(records, profile, form, of: bytes, file, name: name, meter)
      }
    }
    return refusal(file, name: name, .unreadable, StatementReader.otherMessage)
  }

  private func readRows(
    _ records: XMLRecords, _ profile: Profile, _ form: Profile.XMLForm, of bytes: [UInt8],
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> Reading {
    var flat = profile
    flat.xml = nil
    flat.signature = profile.recordFields
    let rendered = StatementFile(path: file.path, bytes: records.bytes)
    var reading = Reading(statement: blank(name), file: rendered)
    var reader = CSVReader(
      file: rendered, profiles: [flat], threads: options.threads, progress: { meter.add($0) })
    reader.lines = records.lines
    try reader.read(&reading)
    reading.statement.faults += records.faults()
    reading.page = records.page
    reading.because = Wording(
      zh: "根元素为 \(form.root)，记录为 \(form.record)",
      en: "the root element is \(form.root), records are \(form.record)")
    reading.encodingName = bytes.withUnsafeBytes {
      XMLEncoding(prefix: UnsafeRawBufferPointer(rebasing: $0.prefix(1_024))).name
    }
    return reading
  }

  static func fault(of error: XMLReadError) -> FaultKind {
    switch error.kind {
    case .truncated: .statementTruncated
    case .encoding: .encodingDamaged
    default: .unreadable
    }
  }

  /// UTF-16 is rare and small: it is turned into UTF-8 as a whole.
  private func readWide(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let bytes = try file.read(at: 0, count: file.size)
    let isLittle = bytes[0] == 0xFF
    var units: [UInt16] = []
    for index in stride(from: 2, to: bytes.count - 1, by: 2) {
      let (low, high) =
        isLittle ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
      units.append(UInt16(high) << 8 | UInt16(low))
    }
    guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
      return [refusal(file, name: name, .encodingDamaged, StatementReader.damagedWide)]
    }
    let narrow = StatementFile(path: file.path, bytes: Array(text.utf8))
    var reading = try readText(narrow, name: name, meter)
    reading.encodingName = "UTF-16"
    return [reading]
  }

  func blank(_ name: String) -> Statement {
    Statement(file: name, sha256: "", format: "", side: .channel, channel: .unknown)
  }

  func refusal(
    _ file: StatementFile, name: String, _ kind: FaultKind, _ detail: Wording
  ) -> Reading {
    var reading = Reading(statement: blank(name), file: file)
    reading.statement.faults = [StatementFault(kind, detail: detail)]
    return reading
  }

  private static let oldWorkbook = Wording(
    zh: "这是旧版 Excel 工作簿（.xls，BIFF8），不读取。请从渠道导出 CSV 或 xlsx；不要用表格软件转存，以免流水号被改写。",
    en: "an old Excel workbook (.xls, BIFF8), which is not read. Export CSV or xlsx from the "
      + "channel; do not convert it in a spreadsheet, which rewrites serials.")
  private static let otherMessage = Wording(
    zh: "这是银行的另一种报文，不是账户明细。请查询并提供明细报文。",
    en: "another message of this bank, not a list of transactions. Query the transactions.")
  private static let webPage = Wording(
    zh: "这是网页或 XML 表格，只是扩展名像账单，不读取。请从渠道导出 CSV 或 xlsx。",
    en: "a web page or an XML spreadsheet under another name; it is not read. Export CSV or xlsx.")
  private static let emptyArchive = Wording(
    zh: "压缩包中没有对账明细文件。请重新下载。",
    en: "the archive holds no statement. Download it again.")
  static let emptyMessage = Wording(
    zh: "camt 报文中没有任何对账单（Stmt、Rpt 或 Ntfctn）。请向银行重新索取。",
    en: "the camt message holds no statement (Stmt, Rpt or Ntfctn). Ask the bank for it again.")
  private static let binary = Wording(
    zh: "文件含有二进制内容（零字节），不是文本对账单。请重新下载。",
    en: "the file is binary (it holds zero bytes), not a text statement. Download it again.")
  private static let answer = Wording(
    zh: "文件是接口返回的 JSON 报文，不是对账单；常见于当日无账单或下载失败。请查看内容并重新下载。",
    en: "the file is a JSON answer of the channel's interface, not a bill: no bill that day, or a "
      + "failed download. Look inside and download again.")
  private static let damagedWide = Wording(
    zh: "不是完整的 UTF-16 文字，文件被截断或损坏。请重新下载。",
    en: "not well-formed UTF-16: the file is cut off or damaged. Download it again.")

  /// The file's own name; with its folder where two files share one.
  static func displayNames(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    let last = parts.map { $0.last ?? "" }
    return parts.indices.map { index in
      let isShared = last.filter { $0 == last[index] }.count > 1
      return isShared ? parts[index].suffix(2).joined(separator: "/") : last[index]
    }
  }
}

extension [UInt8] {
  /// The array's bytes, with the error type kept.
  func withRaw<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = withUnsafeBytes { raw -> Swift.Result<Result, Failure> in
      do throws(Failure) {
        return .success(try body(raw))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
