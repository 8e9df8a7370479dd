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
