import CLibXML2
import Payments

/// Where the walk delivers while the caller lends it a sink.
struct CamtDelivery {
  var document: (CamtDocument) -> Void
  var begin: (CamtStatement) -> Void
  var take: (borrowing CamtTransaction) -> Bool
  var end: (CamtStatement) -> Void
}

// MARK: - Messages, statements, balances, entries, details

extension CamtWalk {
  mutating func enter(_ scope: CamtScope, _ name: Name, _ namespace: Name?) {
    switch scope {
    case .none: break
    case .message: beginMessage(name, namespace)
    case .statement: beginStatement()
    case .balance:
      clear(CamtSlot.balances)
      balanceBase = used
      balanceLine = line
    case .entry: beginEntry()
    case .detail:
      clear(CamtSlot.details)
      place.isReturn = false
      place.detailLine = line
    case .returned: place.isReturn = true
    }
  }

  mutating func leave(_ scope: CamtScope) {
    switch scope {
    case .none, .returned: break
    case .message:
      announceDocument()
      used = 0
    case .statement: endStatement()
    case .balance: endBalance()
    case .entry: endEntry()
    case .detail:
      guard detailPlaces.count < Self.detailLimit else { return failTooLarge() }
      let first = pieces + CamtSlot.details.lowerBound
      let count = CamtSlot.details.count
      detailPieces.append(contentsOf: UnsafeBufferPointer(start: first, count: count))
      detailPlaces.append((place.detailLine, place.isReturn))
    }
  }

  private mutating func beginMessage(_ name: Name, _ namespace: Name?) {
    // BkToCstmr Acct…, Stmt…, Dbt…: the tenth letter tells.
    let kind: CamtKind =
      switch name[9] {
      case UInt8(ascii: "A"): .report
      case UInt8(ascii: "S"): .statement
      default: .notification
      }
    clear(CamtSlot.messages)
    used = 0
    let version = namespace.flatMap { camtVersion(ofNamespace: String(cString: $0)) }
    document = CamtDocument(kind: kind, version: version, messageID: "", created: "")
    documentAnnounced = false
  }

  private mutating func announceDocument() {
    guard !documentAnnounced, var document else { return }
    document.messageID = string(.messageID)
    document.created = string(.messageCreated)
    documentAnnounced = true
    self.document = document
    delivery?.document(document)
  }

  private mutating func beginStatement() {
    announceDocument()
    clear(CamtSlot.statements)
    statementBase = used
    statement = CamtStatement()
    statement.line = line
    statementAnnounced = false
  }

  /// Reads the statement's texts as far as they are known.
  private mutating func fillStatement() {
    statement.id = string(.statementID)
    statement.electronicSequence = string(.electronicSequence)
    statement.legalSequence = string(.legalSequence)
    statement.created = string(.statementCreated)
    statement.copyIndicator = string(.copyIndicator)
    statement.from = string(.periodFrom)
    statement.to = string(.periodTo)
    statement.account = string(.accountID)
    statement.currency = string(.accountCurrency)
    statement.accountName = string(.accountName)
    statement.owner = string(.ownerName)
    statement.servicerBIC = string(.servicerBIC)
    statement.servicerName = string(.servicerName)
    let summary = CamtSummary(
      entries: string(.summaryEntries), sum: string(.summarySum), net: string(.summaryNet),
      netIndicator: string(.summaryNetIndicator), creditEntries: string(.summaryCreditEntries),
      creditSum: string(.summaryCreditSum), debitEntries: string(.summaryDebitEntries),
      debitSum: string(.summaryDebitSum))
    statement.summary = summary == CamtSummary() ? nil : summary
  }

  private mutating func announceStatement() {
    guard !statementAnnounced else { return }
    statementAnnounced = true
    fillStatement()
    delivery?.begin(statement)
  }

  private mutating func endStatement() {
    announceStatement()
    fillStatement()
    delivery?.end(statement)
    used = statementBase
  }

  private mutating func endBalance() {
    guard statement.balances.count < Self.balanceLimit else { return failTooLarge() }
    statement.balances.append(
      CamtBalance(
        code: string(.balanceCode), amount: string(.balanceAmount),
        currency: string(.balanceCurrency), indicator: string(.balanceIndicator),
        date: string(.balanceDate), line: balanceLine))
    used = balanceBase
  }

  private mutating func beginEntry() {
    announceStatement()
    clear(CamtSlot.entries)
    detailPieces.removeAll(keepingCapacity: true)
    detailPlaces.removeAll(keepingCapacity: true)
    entryBase = used
    place.line = line
    place.offset = offsetOfTag
    place.length = nil
    place.entryIndex = statement.entryCount
    place.detailLine = place.line
    place.isReturn = false
  }

  private mutating func endEntry() {
    statement.entryCount += 1
    if let start = place.offset, let end = offset(of: context?.pointee.input?.pointee.cur) {
      place.length = end - start
    }
    let count = detailPlaces.count
    place.detailCount = count
    if count == 0 {
      clear(CamtSlot.details)
      place.detailIndex = 0
      deliver(pieces + CamtSlot.details.lowerBound)
    } else {
      let details = detailPieces
      details.withUnsafeBufferPointer { all in
        guard let first = all.baseAddress else { return }
        for index in 0..<count where !stopped {
          place.detailIndex = index
          place.detailLine = detailPlaces[index].line
          place.isReturn = detailPlaces[index].isReturn
          deliver(first + index * CamtSlot.details.count)
        }
      }
    }
    used = entryBase
  }

  private mutating func deliver(_ detail: UnsafePointer<CamtPiece>) {
    statement.transactionCount += 1
    let transaction = CamtTransaction(
      place: place, buffer: buffer, entry: pieces, detail: detail)
    guard let delivery, !delivery.take(transaction) else { return }
    stopped = true
    xmlStopParser(context)
  }
}

/// The version in `…:camt.053.001.02`; nil for another namespace.
func camtVersion(ofNamespace namespace: String) -> String? {
  guard let start = namespace.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
  let name = namespace[namespace.utf8.index(after: start)...].split(separator: ".")
  guard name.count == 4, name[0] == "camt", name[3].utf8.count == 2 else { return nil }
  return String(name[3])
}

// MARK: - Places and failures

extension CamtWalk {
  /// The line libxml2 is on, counted from 1.
  var line: Int {
    guard let input = context?.pointee.input else { return 1 }
    var line = Int(input.pointee.line) + skippedLines
    // The callback comes at the tag's end: count back over a tag of several lines.
    guard var byte = input.pointee.cur, let base = input.pointee.base else { return line }
    while byte > base, byte[-1] != UInt8(ascii: "<") {
      byte -= 1
      if byte.pointee == UInt8(ascii: "\n") { line -= 1 }
    }
    return line
  }

  /// The column libxml2 is on, counted from 1.
  var column: Int { Int(context?.pointee.input?.pointee.col ?? 1) }

  /// The file's offset of `<` of the tag just read; nil when offsets are not the file's.
  private var offsetOfTag: Int? {
    guard let input = context?.pointee.input, var byte = input.pointee.cur,
      let base = input.pointee.base
    else { return nil }
    while byte > base, byte.pointee != UInt8(ascii: "<") { byte -= 1 }
    return byte.pointee == UInt8(ascii: "<") ? offset(of: byte) : nil
  }

  private func offset(of byte: UnsafePointer<xmlChar>?) -> Int? {
    guard positionsKnown, let byte, let input = context?.pointee.input,
      let base = input.pointee.base
    else { return nil }
    return Int(input.pointee.consumed) + (byte - base) + skippedBytes
  }

  /// Ends the walk; the first failure stands.
  mutating func fail(_ error: XMLReadError) {
    if failure == nil { failure = error }
    xmlStopParser(context)
  }

  mutating func failTooDeep() {
    fail(.tooDeep(line: line, column: column, limit: Self.depthLimit))
  }

  mutating func failTooLarge() {
    let what = Wording(
      zh: "第 \(line) 行附近的一段文字或一笔分录过大，不是正常的对账文件",
      en: "a text or an entry near line \(line) is larger than any statement's")
    fail(.tooLarge(line: line, column: column, what: what))
  }
}
