internal import Columns
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
    let profiles = try Profile.builtIn().filter { $0.view != .summary }.map { profile in
      StatementFormat(
        name: profile.name, title: Wording(zh: profile.title.zh, en: profile.title.en),
        side: Side(rawValue: profile.side) ?? .channel,
        channel: Channel(name: profile.channel) ?? .other, signature: profile.signature,
        definition: texts[profile.name] ?? "")
    }
    return (profiles + camt).sorted { $0.name < $1.name }
  }
}

extension StatementFormat {
  /// ISO 20022 messages: entries nest, so code reads them and not a profile.
  private static var camt: [StatementFormat] {
    CamtKind.allCases.map { kind in
      StatementFormat(
        name: "camt." + kind.rawValue, title: kind.title, side: .channel, channel: .bank,
        signature: ["Document", kind.element],
        definition: """
          # \(kind.title.en), every version; read by code, because entries and their details nest.
          # Document/\(kind.element)/*/Ntry is an entry; each NtryDtls/TxDtls in it a row of its own.
          # amount      TxDtls/Amt, else AmtDtls/TxAmt/Amt, else Ntry/Amt
          # direction   CdtDbtInd (CRDT: a payment, DBIT: a refund); RvslInd does not turn it again
          # serial      TxDtls/Refs/AcctSvcrRef, else Ntry/AcctSvcrRef
          # order       TxDtls/Refs/EndToEndId (NOTPROVIDED is none), else the text of RmtInf/Ustrd
          # account     RmtInf/Ustrd, AddtlTxInf, AddtlNtryInf
          # time        BookgDt, else ValDt; without a zone it is Asia/Shanghai
          # excluded    Sts other than BOOK (not-booked), other money than CNY (other-currency),
          #             texts without 校园卡 or 一卡通 (not-campus-card)
          # checked     OPBD + entries = CLBD, TxsSummry, details against their entry

          """)
    }
  }
}

extension CamtKind {
  /// What the message is.
  var title: Wording {
    switch self {
    case .report: Wording(zh: "ISO 20022 账户报告（camt.052）", en: "ISO 20022 account report (camt.052)")
    case .statement:
      Wording(zh: "ISO 20022 账户对账单（camt.053）", en: "ISO 20022 account statement (camt.053)")
    case .notification:
      Wording(zh: "ISO 20022 借贷记通知（camt.054）", en: "ISO 20022 notification (camt.054)")
    }
  }

  /// The message's element.
  var element: String {
    switch self {
    case .report: "BkToCstmrAcctRpt"
    case .statement: "BkToCstmrStmt"
    case .notification: "BkToCstmrDbtCdtNtfctn"
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
      let camt = CamtKind.allCases.first { "camt." + $0.rawValue == statement.format }
      result.append(
        Inspection(
          statement: statement,
          title: reading.layout.map {
            Wording(zh: $0.profile.title.zh, en: $0.profile.title.en)
          } ?? camt?.title ?? Wording(zh: "", en: ""),
          reason: camt.map {
            Wording(zh: "根元素 Document 中有 \($0.element)", en: "Document holds \($0.element)")
          } ?? reading.because,
          encoding: reading.encodingName ?? reading.layout?.encoding.name ?? "—",
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
      if profile.direction?.flag?.column.contains(name) == true { return (name, "direction") }
      return (name, profile.amounts[name] == nil ? nil : "amount")
    }
  }
}
