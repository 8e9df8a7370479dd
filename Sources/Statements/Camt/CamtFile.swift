internal import Payments

/// A file that is a camt message.
struct CamtFile {
  let file: StatementFile
  /// What reports call it.
  let name: String
  /// What the school says about its words.
  let words: SchoolWords
  /// How many parts of it are read at once.
  let threads: Int

  /// Reads its statements: in parts where it is large, else in one piece.
  func read() throws(StatementError) -> [Reading] {
    if let parts = try CamtParts(file, name: name, words: words),
      var entries = try parts.read(strands: threads)
    {
      entries.check()
      return try named(entries.readings)
    }
    var entries = CamtEntries(file: file, name: name, words: words)
    let failure = try read(into: &entries)
    entries.check()
    guard let failure else {
      // A file that holds nothing must not vanish from the report.
      return entries.readings.isEmpty
        ? [Reading(refused: name, path: file.path, .unreadable, Refusals.emptyMessage)]
        : try named(entries.readings)
    }
    var readings = entries.readings
    if readings.isEmpty { readings = [Reading(named: name, path: file.path)] }
    for index in readings.indices {
      readings[index].statement.accepted = 0
      readings[index].statement.faults = [
        StatementFault(failure.fault, line: failure.line, detail: failure.reason)
      ]
    }
    return readings
  }

  /// Reads a camt file in one piece.
  ///
  /// - Returns: what ended the reading before the file did.
  private func read(into entries: inout CamtEntries) throws(StatementError) -> XMLReadError? {
    var reader = CamtReader()
    var offset = 0
    while offset < file.size {
      let block = try file.read(at: offset, count: 1 << 18)
      if block.isEmpty { break }
      offset += block.count
      do throws(XMLReadError) {
        _ = try block.withRaw { raw throws(XMLReadError) in try reader.feed(raw, into: &entries) }
      } catch {
        return error
      }
    }
    do throws(XMLReadError) {
      try reader.finish(into: &entries)
      return nil
    } catch {
      return error
    }
  }

  /// Readings of an XML file with the name of its encoding.
  private func named(_ readings: [Reading]) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 1_024)
    let name = head.withUnsafeBytes { XMLEncoding(prefix: $0).name }
    var readings = readings
    for index in readings.indices { readings[index].recognition.encoding = name }
    return readings
  }
}
