internal import Payments

/// Writes a bank's end-of-day statement as ISO 20022 camt.053.001.02 or .08.
struct CamtStatement {
  let people: People
  let accounts: SchoolAccounts
  let version: CamtVersion
  let day: BusinessDay
  /// Booked balance before the first entry, in fen.
  let opening: Int64
  /// The first second of the day the statement no longer covers, when it was made before its end.
  var end: Timestamp?

  /// The statement of one day; `rows` in the order they are listed.
  func bytes(_ rows: [ChannelRow]) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.reserve(2_048 + rows.count * 1_400)
    let date = day.description
    let created = end.map(moment) ?? day.adding(1).description + "T06:15:00+08:00"
    let last = end.map { moment($0.adding(seconds: -1)) } ?? date + "T23:59:59+08:00"
    sheet.text(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.\(version.rawValue)">
        <BkToCstmrStmt>
          <GrpHdr>
            <MsgId>BOC\(day.number)STMT</MsgId>
            <CreDtTm>\(created)</CreDtTm>
          </GrpHdr>
          <Stmt>
            <Id>STMT-\(date)</Id>
            <ElctrncSeqNb>\(day.number)</ElctrncSeqNb>
            <CreDtTm>\(created)</CreDtTm>
            <FrToDt>
              <FrDtTm>\(date)T00:00:00+08:00</FrDtTm>
              <ToDtTm>\(last)</ToDtTm>
            </FrToDt>
            <Acct>
              <Id><Othr><Id>\(accounts.bocAccount)</Id></Othr></Id>
              <Ccy>CNY</Ccy>
              <Ownr><Nm>\(accounts.owner)</Nm></Ownr>
              <Svcr><FinInstnId>\(agent("BKCHCNBJ110"))<Nm>中国银行</Nm></FinInstnId></Svcr>
            </Acct>

      """)
    writeBalance("OPBD", opening, to: &sheet)
    writeBalance("CLBD", opening + rows.reduce(0) { $0 + $1.bankMovement }, to: &sheet)
    var place = 0
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, !rows[start].batch.isNone, rows[end].batch == rows[start].batch {
        end += 1
      }
      place += 1
      write(rows[start..<end], place: place, to: &sheet)
      start = end
    }
    sheet.text("    </Stmt>\n  </BkToCstmrStmt>\n</Document>\n")
    return sheet.bytes
  }

  private func moment(_ time: Timestamp) -> String {
    var sheet = ByteSheet()
    sheet.moment(time, between: 0x54)
    return String(decoding: sheet.bytes, as: UTF8.self) + "+08:00"
  }

  private func agent(_ code: String) -> String {
    version == .two ? "<BIC>\(code)</BIC>" : "<BICFI>\(code)</BICFI>"
  }

  private func writeBalance(_ code: String, _ fen: Int64, to sheet: inout ByteSheet) {
    sheet.text(
      "      <Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">")
    sheet.yuan(abs(fen))
    sheet.text("</Amt><CdtDbtInd>\(fen < 0 ? "DBIT" : "CRDT")</CdtDbtInd>")
    sheet.text("<Dt><Dt>\(day)</Dt></Dt></Bal>\n")
  }

  /// One entry: a movement, or the movements booked as one batch.
  private func write(_ rows: ArraySlice<ChannelRow>, place: Int, to sheet: inout ByteSheet) {
    guard let first = rows.first else { return }
    let direction = first.kind == .refund || first.kind == .otherOut ? "DBIT" : "CRDT"
    let status = first.kind == .unbooked ? "PDNG" : "BOOK"
    let family = direction == "CRDT" ? "RCDT" : "ICDT"
    sheet.text("      <Ntry>\n        <NtryRef>\(place)</NtryRef>\n")
    sheet.text("        <Amt Ccy=\"CNY\">")
    sheet.yuan(rows.reduce(0) { $0 + $1.fen })
    sheet.text("</Amt>\n        <CdtDbtInd>\(direction)</CdtDbtInd>\n")
    sheet.text(
      version == .two
        ? "        <Sts>\(status)</Sts>\n" : "        <Sts><Cd>\(status)</Cd></Sts>\n")
    sheet.text("        <BookgDt><DtTm>")
    sheet.moment(Timestamp(seconds: first.time), between: 0x54)
    sheet.text("+08:00</DtTm></BookgDt>\n        <ValDt><Dt>\(day)</Dt></ValDt>\n")
    sheet.text("        <AcctSvcrRef>")
    (first.batch.isNone ? first.serial : first.batch).write(to: &sheet)
    sheet.text("</AcctSvcrRef>\n        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>\(family)</Cd>")
    sheet.text("<SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n")
    sheet.text("        <NtryDtls>\n")
    if !first.batch.isNone {
      sheet.text("          <Btch><NbOfTxs>\(rows.count)</NbOfTxs></Btch>\n")
    }
    for row in rows { writeDetails(row, direction: direction, to: &sheet) }
    sheet.text("        </NtryDtls>\n      </Ntry>\n")
  }

  private func writeDetails(_ row: ChannelRow, direction: String, to sheet: inout ByteSheet) {
    sheet.text("          <TxDtls>\n            <Refs><AcctSvcrRef>")
    row.serial.write(to: &sheet)
    sheet.text("</AcctSvcrRef><EndToEndId>")
    if row.order.isNone { sheet.text("NOTPROVIDED") } else { row.order.write(to: &sheet) }
    sheet.text("</EndToEndId></Refs>\n")
    writeAmount(row, direction: direction, to: &sheet)
    writeParty(row, isIn: direction == "CRDT", to: &sheet)
    sheet.text("            <RmtInf><Ustrd>")
    if row.kind == .otherIn || row.kind == .otherOut {
      let other = OtherParty.of(row)
      sheet.text("\(other.summary) \(other.note)")
    } else {
      sheet.text(row.kind == .refund ? "校园卡退款 " : "校园卡充值 ")
      row.writeAccount(people, marked: true, to: &sheet)
    }
    sheet.text("</Ustrd></RmtInf>\n          </TxDtls>\n")
  }

  private func writeAmount(_ row: ChannelRow, direction: String, to sheet: inout ByteSheet) {
    let inside = "<Amt Ccy=\"CNY\">"
    sheet.text("            ")
    sheet.text(version == .two ? "<AmtDtls><TxAmt>\(inside)" : inside)
    sheet.yuan(row.fen)
    sheet.text(
      version == .two
        ? "</Amt></TxAmt></AmtDtls>\n" : "</Amt><CdtDbtInd>\(direction)</CdtDbtInd>\n")
  }

  private func writeParty(_ row: ChannelRow, isIn: Bool, to sheet: inout ByteSheet) {
    let (role, account) = isIn ? ("Dbtr", "DbtrAcct") : ("Cdtr", "CdtrAcct")
    let (open, close) = version == .two ? ("<Nm>", "</Nm>") : ("<Pty><Nm>", "</Nm></Pty>")
    sheet.text("            <RltdPties><\(role)>\(open)")
    if row.kind == .otherIn || row.kind == .otherOut {
      let other = OtherParty.of(row)
      sheet.text(other.name)
      sheet.text("\(close)</\(role)><\(account)><Id><Othr><Id>\(other.account)")
    } else {
      people.writeName(row.payer, to: &sheet)
      sheet.text("\(close)</\(role)><\(account)><Id><Othr><Id>")
      people.writeBankCard(row.payer, to: &sheet)
    }
    sheet.text("</Id></Othr></Id></\(account)></RltdPties>\n")
  }
}
