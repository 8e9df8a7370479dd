internal import Files
internal import Payments

/// Turns files into readings: finds out what each one is and has it read.
///
/// The stages, and the type at each boundary: a delivered ``StatementFile`` is unpacked (``Unpacked``),
/// told by its first bytes and read by ``CSVReader``, ``BankXMLFile``, ``CamtFile`` or, as a
/// ``Sheet`` of a workbook, rendered to records, by ``CSVReader`` again. Each statement becomes a ``Reading``;
/// ``Intake`` puts the readings of a run beside each other.
struct StatementReader {
  let profiles: [Profile]
  let options: Intake.Options

  /// Reads every file; several at once.
  func read(_ sources: [Intake.Source]) async throws(StatementError) -> [Reading] {
    let shown = Intake.displayNames(sources.map { $0.name ?? $0.path })
    let names = sources.indices.map { sources[$0].name ?? shown[$0] }
    var files: [StatementFile] = []
    ReadableFile.allowMany()
    for source in sources { files.append(try StatementFile(path: source.path)) }
    var readings = try await read(files, names: names, sums: sources.map(\.sha256))
    for index in readings.indices {
      let source = readings[index].source
      readings[index].isContext = sources[source].isContext
      readings[index].entry = sources[source].entry
      readings[index].namedDay = sources[source].day
      readings[index].billsADay = sources[source].billsADay
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
    let unpacked: Unpacked
    do throws(UnpackError) {
      unpacked = try unpack(file, passwords: options.passwords)
    } catch {
      return [Reading(refused: name, path: file.path, error.refusal)]
    }
    switch consume unpacked {
    case .plain: return try readContents(file, name: name, meter)
    case .workbook(let archive): return try readWorkbook(archive, of: file, name: name, meter)
    case .members(let members): return try readMembers(members, of: file, name: name, meter)
    }
  }

  /// Reads the members of an archive that are statements; a summary beside them is no statement.
  private func readMembers(
    _ members: [UnpackedMember], of file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    var found: [Reading] = []
    var summaries: [Reading] = []
    for member in members where !member.name.contains("汇总") {
      let inner = member.name.split(separator: "/").last.map { "/" + $0 } ?? ""
      for var reading in try readMember(member.file, name: name + inner, meter) {
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
      ? [Reading(refused: name, path: file.path, .unreadable, Refusals.emptyArchive)] : summaries
  }

  /// Reads a file out of an archive: banks pack workbooks too. Nothing else that is packed inside is unpacked further.
  func readMember(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 4)
    guard head.withUnsafeBytes({ packagingOf($0) }) != .plain else {
      return try readContents(file, name: name, meter)
    }
    guard let archive = try? ZipArchive(file, passwords: options.passwords), archive.isSpreadsheet
    else { return [Reading(refused: name, path: file.path, .unreadable, Refusals.nested)] }
    return try readWorkbook(archive, of: file, name: name, meter)
  }

  /// Reads a file that is not packed.
  private func readContents(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 4_096)
    if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      return try readOldWorkbook(file, name: name, meter)
    }
    let root = head.withUnsafeBytes { sniffXMLRoot($0) }
    let forms = profiles.filter { $0.xml != nil && $0.xml?.root == root?.name }
    if !forms.isEmpty {
      let answer = BankXMLFile(
        file: file, name: name, forms: forms, threads: options.threads, progress: { meter.add($0) })
      return try answer.read()
    }
    if let answer = try savedAnswer(file, head, isXML: root?.name == "xml") {
      meter.add(file.size)
      return [Reading(answer, named: name, path: file.path)]
    }
    if root != nil || StatementReader.looksLikeXML(head) {
      meter.add(file.size)
      if let root, WebTables.begin(with: root) || XMLWorkbook.isOne(root) {
        return try readMarkup(file, root, name: name, meter)
      }
      return try CamtFile(
        file: file, name: name, words: options.words, threads: options.threads
      ).read()
    }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return try readWide(file, name: name, meter)
    }
    if head.contains(0) {
      return [Reading(refused: name, path: file.path, .unreadable, Refusals.binary)]
    }
    if StatementReader.looksLikeJSON(head) {
      return [Reading(refused: name, path: file.path, .unreadable, Refusals.answer)]
    }
    return try readText(file, name: name, meter)
  }

  /// What a channel's interface answered instead of a bill; nil for any other file.
  private func savedAnswer(
    _ file: StatementFile, _ head: [UInt8], isXML: Bool
  ) throws(StatementError) -> SavedAnswer? {
    guard isXML || StatementReader.looksLikeJSON(head), file.size <= SavedAnswer.longest else {
      return nil
    }
    let bytes = try file.read(at: 0, count: file.size)
    return isXML ? SavedAnswer(xml: bytes) : SavedAnswer(json: bytes)
  }

  private static func looksLikeJSON(_ head: [UInt8]) -> Bool {
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    return start.first { $0 > 0x20 } == UInt8(ascii: "{")
  }

  private static func looksLikeXML(_ head: [UInt8]) -> Bool {
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    return start.first { $0 > 0x20 } == UInt8(ascii: "<")
  }

  /// Reads delimited text: one statement, or one for each of the accounts it tells of.
  ///
  /// - Parameters:
  ///   - lines: the row of each record, where they were rendered from sheets.
  ///   - sheets: the names of several sheets that are one list (``JoinedSheets``).
  func readText(
    _ file: StatementFile, name: String, _ meter: Meter, lines: [Int]? = nil, sheets: [String] = []
  ) throws(StatementError) -> [Reading] {
    var reader = CSVReader(
      file: file, profiles: profiles, threads: options.threads, progress: { meter.add($0) })
    (reader.lines, reader.sheets) = (lines, sheets)
    reader.words = options.words
    return try reader.read(Reading(named: name, path: file.path))
  }

  /// Text of two bytes a character is turned into UTF-8 first.
  private func readWide(
    _ file: StatementFile, name: String, _ meter: Meter
  ) throws(StatementError) -> [Reading] {
    let mark = try file.read(at: 0, count: 2)
    guard var transcoder = XMLTranscoder(from: mark[0] == 0xFF ? "UTF-16LE" : "UTF-16BE") else {
      preconditionFailure("the C library knows UTF-16")
    }
    let keeper = BytesKeeper()
    try file.forEachBlock(from: mark.count) { block in
      transcoder.convert(block) { keeper.append($0) }
      return !transcoder.isDamaged
    }
    guard !transcoder.isDamaged, !transcoder.isAmidCharacter else {
      return [Reading(refused: name, path: file.path, .encodingDamaged, Refusals.damagedWide)]
    }
    let narrow: StatementFile
    do throws(Refusal) {
      narrow = try keeper.file(path: file.path)
    } catch {
      return [Reading(refused: name, path: file.path, error)]
    }
    var readings = try readText(narrow, name: name, meter)
    for index in readings.indices { readings[index].recognition.encoding = "UTF-16" }
    return readings
  }
}
