public import Payments

/// A layout this program knows.
public struct StatementFormat: Hashable, Sendable {
  /// Its machine name.
  public var name: String
  /// What it is.
  public var title: Wording
  /// The book it belongs to.
  public var side: Side
  /// The channel it speaks for.
  public var channel: Channel
  /// Header names it is known by.
  public var signature: [String]
  /// Its definition in YAML; for layouts that data cannot say, a description.
  public var definition: String

  /// Every built-in layout, by name.
  public static func builtIn() throws(StatementError) -> [StatementFormat] {
    let texts = Dictionary(
      uniqueKeysWithValues: Profile.sources.map {
        ($0.name, String(decoding: $0.bytes, as: UTF8.self))
      })
    return try Profile.builtIn().map { profile in
      StatementFormat(
        name: profile.name, title: Wording(zh: profile.title.zh, en: profile.title.en),
        side: Side(rawValue: profile.side) ?? .channel,
        channel: Channel(name: profile.channel) ?? .other, signature: profile.signature,
        definition: texts[profile.name] ?? "")
    }
  }
}

/// Everything that can be said about one file by itself.
public struct Inspection: Sendable {
  /// The statement with its faults.
  public var statement: Statement
  /// What the layout is called.
  public var title: Wording
  /// Why this layout was chosen.
  public var reason: Wording
  /// How its text is spelled.
  public var encoding: String
  /// Header names and what each is read as; nil for columns that are ignored.
  public var columns: [(header: String, role: String?)]
  /// The first rows.
  public var firstRows: [EvidenceLine]
  /// Rows that could not be read.
  public var rejections: [Rejection]
}

extension Intake {
  /// Describes every statement that was given, with its first `rows` rows.
  public func inspections(rows: Int) -> [Inspection] {
    var result: [Inspection] = []
    for (index, reading) in givenReadings.enumerated() {
      let statement = statements[index]
      var lines: [EvidenceLine] = []
      for row in 0..<entries.count where Int(entries.statement[row]) == index {
        guard lines.count < rows, let evidence = try? evidence(row) else { break }
        lines.append(evidence.line)
      }
      let marks = reading.layout?.profile.signature ?? []
      let because =
        reading.layout == nil
        ? Wording(zh: "没有符合的格式定义", en: "no profile fits")
        : Wording(
          zh: "表头含 \(marks.joined(separator: "、"))",
          en: "the header holds \(marks.joined(separator: ", "))")
      result.append(
        Inspection(
          statement: statement,
          title: reading.layout.map {
            Wording(zh: $0.profile.title.zh, en: $0.profile.title.en)
          } ?? Wording(zh: "", en: ""),
          reason: because, encoding: reading.layout?.encoding.name ?? "—",
          columns: reading.layout.map(\.columnRoles) ?? [], firstRows: lines,
          rejections: rejections.filter { $0.file == statement.file }))
    }
    return result
  }
}

extension Layout {
  /// Each header with what it is read as.
  var columnRoles: [(header: String, role: String?)] {
    header.map { name in
      let role = profile.columns.sorted { $0.key < $1.key }.first { $0.value.contains(name) }?.key
      if let role { return (name, role) }
      if profile.kinds?.column.contains(name) == true { return (name, "kind") }
      if profile.status?.column.contains(name) == true { return (name, "status") }
      if profile.refundStatus?.column.contains(name) == true { return (name, "refundStatus") }
      return (name, profile.amounts[name] == nil ? nil : "amount")
    }
  }
}
