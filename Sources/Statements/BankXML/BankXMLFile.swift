internal import Payments

/// A file that is a bank's answer in XML, as its interface gives it.
struct BankXMLFile {
  let file: StatementFile
  /// What reports call it.
  let name: String
  /// The layouts whose root element the file has.
  let forms: [Profile]
  /// How many stretches are read at once.
  let threads: Int
  /// Called with the number of bytes done.
  let progress: @Sendable (Int) -> Void

  /// Reads its records as rows, by the first form whose message it is.
  ///
  /// - Returns: one reading, or one for each of the accounts its records tell of.
  func read() throws(StatementError) -> [Reading] {
    for profile in forms {
      guard let form = profile.xml else { continue }
      var records = XMLRecords(form, header: profile.recordFields)
      let rendered: StatementFile
      do throws(Refusal) {
        try readElements(file, into: &records)
        guard records.isExpected else { continue }
        rendered = try records.file(path: file.path)
      } catch {
        return [Reading(refused: name, path: file.path, error)]
      }
      return try readRows(of: rendered, records, profile, form)
    }
    return [Reading(refused: name, path: file.path, .unreadable, Refusals.otherMessage)]
  }

  private func readRows(
    of rendered: StatementFile, _ records: XMLRecords, _ profile: Profile, _ form: Profile.XMLForm
  ) throws(StatementError) -> [Reading] {
    var flat = profile
    flat.xml = nil
    flat.signature = profile.recordFields
    var reader = CSVReader(
      file: rendered, profiles: [flat], threads: threads, progress: progress)
    reader.lines = records.lines
    var readings = try reader.read(Reading(named: name, path: file.path))
    let head = try file.read(at: 0, count: 1_024)
    let encoding = head.withUnsafeBytes { XMLEncoding(prefix: $0).name }
    // What the answer says of itself it says of all its records.
    for index in readings.indices { complete(&readings[index], records, form, encoding) }
    return readings
  }

  private func complete(
    _ reading: inout Reading, _ records: XMLRecords, _ form: Profile.XMLForm, _ encoding: String
  ) {
    reading.statement.faults += records.faults()
    reading.page = records.page
    if records.countTies {
      reading.statement.provesStart = true
      reading.statement.provesEnd = true
    }
    reading.recognition.reason = Wording(
      zh: "根元素为 \(form.root)，记录为 \(form.record)",
      en: "the root element is \(form.root), records are \(form.record)")
    reading.recognition.form = FileForm.message.told(of: name)
    reading.recognition.encoding = encoding
  }
}
