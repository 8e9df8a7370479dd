/// The message that holds the statements.
struct CamtDocument: Hashable, Sendable {
  /// Which message it is.
  var kind: CamtKind
  /// The version's two digits from the namespace (`02` of `camt.053.001.02`); nil without one.
  var version: String?
  /// `GrpHdr/MsgId`.
  var messageID: String
  /// `GrpHdr/CreDtTm`, as written.
  var created: String
}

/// A balance, as written.
struct CamtBalance: Hashable, Sendable {
  /// `OPBD`, `CLBD`, `PRCD` and the like, or the bank's own word.
  var code: String
  /// The amount's text, without sign.
  var amount: String
  /// The amount's currency.
  var currency: String
  /// `CRDT` or `DBIT`: the sign.
  var indicator: String
  /// The day or the moment.
  var date: String
  /// Line of `<Bal>`, counted from 1.
  var line: Int
}

/// `TxsSummry`: the totals the bank states. A text is empty when the bank does not state it.
struct CamtSummary: Hashable, Sendable {
  /// `TtlNtries/NbOfNtries`.
  var entries = ""
  /// `TtlNtries/Sum`.
  var sum = ""
  /// `TtlNtries/TtlNetNtryAmt` and, from version 04, `TtlNtries/TtlNetNtry/Amt`.
  var net = ""
  /// `CRDT` or `DBIT`: the sign of ``net``.
  var netIndicator = ""
  /// `TtlCdtNtries/NbOfNtries`.
  var creditEntries = ""
  /// `TtlCdtNtries/Sum`.
  var creditSum = ""
  /// `TtlDbtNtries/NbOfNtries`.
  var debitEntries = ""
  /// `TtlDbtNtries/Sum`.
  var debitSum = ""
}

/// One statement, report or notification: everything but its entries. Absent texts are empty.
struct CamtStatement: Hashable, Sendable {
  /// `Id`.
  var id = ""
  /// `ElctrncSeqNb`.
  var electronicSequence = ""
  /// `LglSeqNb`.
  var legalSequence = ""
  /// `CreDtTm`, as written.
  var created = ""
  /// `CpyDplctInd`: `CODU`, `COPY` or `DUPL`.
  var copyIndicator = ""
  /// `FrToDt/FrDtTm` or `FrDt`, as written.
  var from = ""
  /// `FrToDt/ToDtTm` or `ToDt`, as written.
  var to = ""
  /// The IBAN, or else the bank's own account number.
  var account = ""
  /// `Acct/Ccy`.
  var currency = ""
  /// `Acct/Nm`: what the account is called.
  var accountName = ""
  /// `Acct/Ownr/Nm`: whose it is.
  var owner = ""
  /// The servicing bank's BIC (`BIC`, `BICFI`, `AnyBIC`).
  var servicerBIC = ""
  /// The servicing bank's name.
  var servicerName = ""
  /// `Bal`, in document order.
  var balances: [CamtBalance] = []
  /// `TxsSummry`; nil when there is none.
  var summary: CamtSummary?
  /// `Ntry` elements so far: all of them at the end.
  var entryCount = 0
  /// Transactions delivered so far: all of them at the end.
  var transactionCount = 0
  /// Line of the statement's element, counted from 1.
  var line = 0
}

/// What receives a camt file, in document order.
///
/// `begin(document)`, then for each statement `begin(statement)`, its transactions,
/// `end(statement)`. A bank that writes an element out of the schema's order is read all the
/// same; only `begin` then knows less than `end`.
protocol CamtSink {
  /// A message begins: called once before its first statement, or at its end when it has none.
  mutating func begin(_ document: CamtDocument)
  /// A statement begins: what is known of it before its first entry.
  mutating func begin(_ statement: CamtStatement)
  /// One transaction; everything in it is valid during this call only.
  /// Returns whether reading shall go on.
  mutating func take(_ transaction: borrowing CamtTransaction) -> Bool
  /// A statement ends: all that is known of it.
  mutating func end(_ statement: CamtStatement)
}
