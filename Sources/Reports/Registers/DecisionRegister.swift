public import Payments

/// The register of what people did about cases: who, when, checked by whom, what, how much, on which voucher, of
/// which case; as a table, as JSON, as CSV.
public struct DecisionRegister {
  /// One entry.
  public struct Entry {
    /// What was done.
    public var decision: CaseDecision
    /// The case as it stands; as it was last told where it is gone.
    public var anomaly: ReportedAnomaly?
    /// Whether no night in force tells of the case any more.
    public var isWithoutBasis: Bool

    /// Describes an entry.
    public init(_ decision: CaseDecision, of anomaly: ReportedAnomaly?, isWithoutBasis: Bool) {
      (self.decision, self.anomaly, self.isWithoutBasis) = (decision, anomaly, isWithoutBasis)
    }

    /// How much it is about, in fen: what it says; of one of before, which does not, all of the case.
    fileprivate var fen: Int64? {
      decision.amountFen ?? (decision.outcome.movesMoney ? anomaly?.amountFen : nil)
    }
  }

  private let entries: [Entry]
  private let language: Language

  /// Prepares entries, in the order they were recorded.
  public init(_ entries: [Entry], language: Language) {
    (self.entries, self.language) = (entries, language)
  }

  private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private func standing(_ entry: Entry) -> String {
    if entry.isWithoutBasis { return say("依据已变（该差错已不存在）", "basis changed (the case is gone)") }
    return entry.anomaly?.statusWords(language) ?? ""
  }

  /// As JSON: a list, absent values null.
  public var json: [UInt8] {
    var json = JSONWriter(capacity: 1_024 + 512 * entries.count)
    json.array(of: entries) { json, entry in
      json.object { json in
        json.decision(entry.decision, language)
        json.object("case") { json in
          json.field("id", entry.decision.anomaly)
          json.field("kind", entry.anomaly?.kind.rawValue)
          json.field("label", entry.anomaly?.kind.label(language))
          json.field("amountFen", entry.anomaly?.amountFen)
          json.field("channel", entry.anomaly?.channel.known?.name)
          json.field("channelSerial", entry.anomaly?.channelSerial)
          json.field("ledgerSerial", entry.anomaly?.ledgerSerial)
          json.field("firstSeen", entry.anomaly?.firstSeen.description)
          json.field("status", entry.isWithoutBasis ? nil : entry.anomaly?.status.rawValue)
        }
        json.field("basisChanged", entry.isWithoutBasis)
      }
    }
    return json.finish()
  }

  private var headings: [String] {
    let labels: [(String, String)] = [
      ("登记号", "No."), ("登记时间", "Recorded"), ("处理结果", "Outcome"), ("办理金额（元）", "Amount (CNY)"),
      ("经办人", "By"), ("跟进人", "For"), ("复核人", "Checked by"), ("办理日", "Done on"), ("凭证号", "Voucher"),
      ("差错编号", "Case"), ("差错类型", "Kind"), ("差错金额（元）", "Case (CNY)"), ("流水号", "Serial"),
      ("差错状态", "Case stands"), ("说明", "Note"),
    ]
    return labels.map { say($0.0, $0.1) }
  }

  private func cells(_ entry: Entry, _ serial: (String?) -> String) -> [String] {
    let (decision, anomaly) = (entry.decision, entry.anomaly)
    return [
      "\(decision.number)", decision.time.description, decision.outcome.label(language),
      entry.fen.map(AnomaliesCSV.yuan) ?? "", decision.who, decision.assignee ?? "",
      decision.reviewer ?? "", decision.day?.description ?? "", serial(decision.document),
      decision.anomaly, anomaly?.kind.label(language) ?? "",
      anomaly.map { AnomaliesCSV.yuan($0.amountFen) } ?? "",
      serial(anomaly?.channelSerial ?? anomaly?.ledgerSerial), standing(entry), decision.note ?? "",
    ]
  }

  /// As CSV, by the rules of ``AnomaliesCSV``.
  public var csv: [UInt8] {
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    AnomaliesCSV.append(headings, to: &bytes)
    for entry in entries {
      var cells = cells(entry, AnomaliesCSV.serial)
      // What is a number, a time or a serial stays one.
      for index in [2, 4, 5, 6, 9, 10, 13, 14] { cells[index] = AnomaliesCSV.text(cells[index]) }
      AnomaliesCSV.append(cells, to: &bytes)
    }
    return bytes
  }

  /// As a table for a terminal, with how many there are.
  public var text: String {
    guard !entries.isEmpty else { return say("没有符合条件的登记。", "none.") + "\n" }
    var table = TextTable(
      headings.enumerated().map { index, heading in
        TextTable.Column(heading, isRight: [0, 3, 11].contains(index))
      })
    for entry in entries {
      table.rows.append(cells(entry) { $0 ?? "" }.map { PlainText.neutralised($0) })
    }
    let lines = table.lines(width: 1_000)
    let count = say("共 \(entries.count) 条", "\(entries.count) in all")
    return ([lines.heading] + lines.rows + [count]).joined(separator: "\n") + "\n"
  }
}
