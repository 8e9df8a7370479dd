import Glibc

@testable import Statements

/// The collected statements; their tests are skipped when the variable is absent.
enum CollectedFiles {
  static let folder = getenv("CARDRECON_FIXTURES").map { String(cString: $0) }
  static var areHere: Bool { folder != nil }

  /// A whole file; empty when it cannot be read.
  static func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen("\(folder ?? "")/\(name)", "rb") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = fread(buffer.baseAddress, 1, count, file)
    }
  }
}

/// A transaction copied out of the reader.
struct KeptCamtTransaction: Equatable {
  var line = 0
  var offset: Int?
  var length: Int?
  var index = 0
  var details = 0
  var isReturn = false
  var amount = ""
  var currency = ""
  var entryAmount = ""
  var indicator = ""
  var status = ""
  var booked = ""
  var valued = ""
  var servicerReference = ""
  var endToEndID = ""
  var remittance = ""
  var debtor = ""
  var texts: [CamtSlot: String] = [:]
}

/// Keeps everything a camt file delivers.
struct KeepingCamtSink: CamtSink {
  var documents: [CamtDocument] = []
  var begun: [CamtStatement] = []
  var statements: [CamtStatement] = []
  var transactions: [KeptCamtTransaction] = []
  var limit = Int.max

  mutating func begin(_ document: CamtDocument) { documents.append(document) }
  mutating func begin(_ statement: CamtStatement) { begun.append(statement) }
  mutating func end(_ statement: CamtStatement) { statements.append(statement) }

  mutating func take(_ transaction: borrowing CamtTransaction) -> Bool {
    var kept = KeptCamtTransaction()
    kept.line = transaction.line
    kept.offset = transaction.offset
    kept.length = transaction.length
    kept.index = transaction.detailIndex
    kept.details = transaction.detailCount
    kept.isReturn = transaction.isReturn
    kept.amount = String(transaction.amount)
    kept.currency = String(transaction.currency)
    kept.entryAmount = String(transaction.entryAmount)
    kept.indicator = String(transaction.indicator)
    kept.status = String(transaction.status)
    kept.booked = String(transaction.bookingDate)
    kept.valued = String(transaction.valueDate)
    kept.servicerReference = String(transaction.servicerReference)
    kept.endToEndID = String(transaction.endToEndID)
    kept.remittance = String(transaction.remittance)
    kept.debtor = String(transaction.debtorName)
    for slot in CamtSlot.allCases where !transaction[slot].isEmpty {
      kept.texts[slot] = String(transaction[slot])
    }
    transactions.append(kept)
    return transactions.count < limit
  }
}

/// Reads a document in chunks of a size.
func readingCamt(_ bytes: [UInt8], chunk: Int = Int.max) throws(XMLReadError) -> KeepingCamtSink {
  var sink = KeepingCamtSink()
  var reader = CamtReader()
  var start = 0
  while start < bytes.count {
    let end = chunk > bytes.count - start ? bytes.count : start + chunk
    var failure: XMLReadError?
    bytes[start..<end].withUnsafeBytes { part in
      do throws(XMLReadError) {
        _ = try reader.feed(part, into: &sink)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    start = end
  }
  if sink.transactions.count < sink.limit { try reader.finish(into: &sink) }
  return sink
}

/// Reads a document written in the test.
func readingCamt(_ text: String, chunk: Int = Int.max) throws(XMLReadError) -> KeepingCamtSink {
  try readingCamt(Array(text.utf8), chunk: chunk)
}

/// A statement around some entries.
func camtText(_ entries: String, declaration: String = "", version: String = "08") -> String {
  """
  \(declaration)<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.\(version)">
  <BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T01:00:00</CreDtTm></GrpHdr>
  <Stmt><Id>S1</Id><Acct><Id><Othr><Id>6222</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
  \(entries)
  </Stmt></BkToCstmrStmt></Document>

  """
}

/// SplitMix64: the same numbers on every machine.
struct XMLRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
