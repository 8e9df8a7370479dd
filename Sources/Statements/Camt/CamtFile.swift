internal import Payments

/// Reads a file that is a camt message: in parts where it is large, else in one piece.
extension StatementReader {
  func readXML(
    _ file: StatementFile, name: String
  ) throws(StatementError) -> [Reading] {
    if let parts = try CamtParts(file, name: name),
      var entries = try parts.read(strands: options.threads)
    {
      entries.check()
      return try named(entries.readings, file)
    }
    var entries = CamtEntries(file: file, name: name)
    let failure = try read(file, into: &entries)
    entries.check()
    guard let failure else {
      // A file that holds nothing must not vanish from the report.
      return entries.readings.isEmpty
        ? [refusal(file, name: name, .unreadable, StatementReader.emptyMessage)]
        : try named(entries.readings, file)
    }
    let kind = StatementReader.fault(of: failure)
    var readings = entries.readings
    if readings.isEmpty { readings = [Reading(statement: blank(name), file: file)] }
    for index in readings.indices {
      readings[index].statement.accepted = 0
      readings[index].statement.faults = [
        StatementFault(kind, line: failure.line, detail: failure.reason)
      ]
    }
    return readings
  }

  /// Reads a camt file in one piece.
  ///
  /// - Returns: what ended the reading before the file did.
  private func read(
    _ file: StatementFile, into entries: inout CamtEntries
  ) throws(StatementError) -> XMLReadError? {
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
  private func named(
    _ readings: [Reading], _ file: StatementFile
  ) throws(StatementError) -> [Reading] {
    let head = try file.read(at: 0, count: 1_024)
    let name = head.withUnsafeBytes { XMLEncoding(prefix: $0).name }
    var readings = readings
    for index in readings.indices { readings[index].encodingName = name }
    return readings
  }
}
