public import Payments

/// The anomalies as a CSV file that spreadsheet programs open without harm.
///
/// UTF-8 with a byte order mark (Excel and WPS need it for Chinese), CRLF, quoted after RFC 4180.
///
/// - Serials, order numbers and accounts start with a backtick, as in WeChat's own bills: Excel and
///   WPS keep `` `4200002345202611020000000001 `` as text where they would round it to 15 digits,
///   and it survives being saved again, which `="…"` does not. A program drops one leading
///   backtick. An id that starts with a digit gets one too (`12e34` would become a number).
/// - Amounts are plain yuan with two decimals, so that they can be summed.
/// - Text that a spreadsheet could take for a formula (its first visible character is one of
///   `= + - @`, also in their fullwidth forms) gets an apostrophe in front. Control and direction
///   characters, line feeds among them, are shown and not sent (``PlainText``).
/// - Accounts and quoted rows are masked unless ``ReportOptions/unmask`` is set.
public enum AnomaliesCSV {
  /// The columns, in order.
  public static let columns: [ReportColumn] = [
    .id, .severity, .kind, .kindName, .amount, .owedTo, .channel, .channelSerial, .merchantOrder,
    .ledgerSerial, .refundSerial, .account, .time, .paid, .credited, .explanation, .basis,
    .description, .action, .firstSeen, .status, .evidence, .evidenceText,
  ]

  /// A quoted row is cut at this many characters; the report in JSON has all of it.
  public static let textLimit = 500

  /// Quoted rows in one cell.
  public static let evidenceLimit = 50

  /// Characters in one cell: Excel refuses more than 32,767 UTF-16 units.
  public static let cellLimit = 16_000

  /// The heading and one row for each anomaly, in the report's order.
  public static func render(
    _ report: DayReport, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    render(report, options: options) { bytes += $0 }
    return bytes
  }

  /// The same bytes, handed over part by part.
  public static func render(
    _ report: DayReport, options: ReportOptions, to sink: ([UInt8]) -> Void
  ) {
    var heading: [UInt8] = [0xEF, 0xBB, 0xBF]
    append(columns.map { $0.label(options.language) }, to: &heading)
    sink(heading)
    let anomalies = report.anomalies
    inPieces(anomalies.indices, to: sink) { place, part in
      append(columns.map { cell($0, anomalies[place], report, options) }, to: &part)
    }
  }

  private static func cell(
    _ column: ReportColumn, _ anomaly: ReportedAnomaly, _ report: DayReport,
    _ options: ReportOptions
  ) -> String {
    let language = options.language
    switch column {
    case .id: return identifier(anomaly.id)
    case .severity: return anomaly.severity.label(language)
    case .kind: return anomaly.kind.label(language)
    case .kindName: return anomaly.kind.rawValue
    case .amount: return yuan(anomaly.amountFen)
    case .owedTo: return anomaly.owedTo.label(language)
    case .channel: return anomaly.channel.known?.label(language) ?? ""
    case .channelSerial: return serial(anomaly.channelSerial)
    case .merchantOrder: return serial(anomaly.merchantOrder)
    case .ledgerSerial: return serial(anomaly.ledgerSerial)
    case .refundSerial: return serial(anomaly.refundSerial)
    case .account: return serial(options.account(anomaly.account))
    case .time: return anomaly.time?.description ?? ""
    case .paid: return anomaly.paidFen.map(yuan) ?? ""
    case .credited: return anomaly.creditedFen.map(yuan) ?? ""
    case .explanation:
      guard anomaly.kind == .amountMismatch else { return "" }
      return (anomaly.explanation ?? .none).label(language)
    case .basis: return anomaly.basis.label(language)
    case .description: return text(anomaly.description(in: language))
    case .action:
      return text(anomaly.action(options.actions, reportDay: report.days?.upperBound, in: language))
    case .firstSeen: return anomaly.firstSeen.description
    case .status: return text(anomaly.statusWords(language))
    case .evidence:
      return text(
        anomaly.evidence.prefix(evidenceLimit).map { "\($0.file):\($0.line)" }
          .joined(separator: "; "))
    case .evidenceText:
      return text(
        anomaly.evidence.prefix(evidenceLimit).map {
          PlainText.clipped(
            PlainText.neutralised(options.text($0.text, $0.personal)), to: textLimit)
        }.joined(separator: " | "))
    default: preconditionFailure("the anomalies table has no column \(column.rawValue)")
    }
  }

  /// A serial that stays text: a backtick in front.
  static func serial(_ value: String?) -> String {
    guard let value, !value.isEmpty else { return "" }
    return "`" + PlainText.neutralised(value)
  }

  private static func identifier(_ id: String) -> String {
    id.first?.isNumber == true ? serial(id) : text(id)
  }

  /// `1234.50`: digits a spreadsheet takes for a number.
  static func yuan(_ fen: Int64) -> String {
    let grouped = Money(fen: fen).description.utf8
    return String(decoding: grouped.filter { $0 != UInt8(ascii: ",") }, as: UTF8.self)
  }

  /// Text that no spreadsheet takes for a formula.
  static func text(_ value: String) -> String {
    let plain = PlainText.clipped(PlainText.neutralised(value), to: cellLimit)
    let first = plain.unicodeScalars.first {
      $0.isASCII ? $0.value > 0x20 : !$0.properties.isWhitespace
    }
    guard let first, "=+-@＝＋－＠".unicodeScalars.contains(first) else { return plain }
    return "'" + plain
  }

  static func append(_ cells: [String], to bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      var cell = cell
      cell.withUTF8 { utf8 in
        let needsQuotes = utf8.contains {
          $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: " ")
            || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "'")
        }
        guard needsQuotes else {
          bytes.append(contentsOf: utf8)
          return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in utf8 {
          if byte == UInt8(ascii: "\"") { bytes.append(byte) }
          bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
      }
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
  }
}
