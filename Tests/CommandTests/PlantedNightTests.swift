import CLibZip
import Foundation
import Testing

@testable import Statements

/// Whoever stands in a night's statements stays hidden in everything that is published and printed of it.
@Suite("People planted in a night", .serialized)
struct PlantedNightTests {
  private static let configuration = """
    school: 云山大学
    incoming: in
    output: out
    state: state
    sources:
      wechat: { files: ["wechat.csv"] }
      alipay: { files: ["alipay.csv"] }
      ccb: { files: ["ccb.csv"] }
      boc: { files: ["camt.xml"] }
    ledger: { files: ["ledger.csv"] }

    """

  private static func sheet(_ name: String) throws -> PlantedSheet {
    PlantedSheet(try #require(try Profile.builtIn().first { $0.name == name }))
  }

  /// Every value in the columns of texts, of kinds and of times, of names and of strangers.
  private static func text(_ layout: String) throws -> String {
    let sheet = try sheet(layout)
    let all = PlantedPeople.numbers + PlantedPeople.rooms + PlantedPeople.labelled
    var plants = [PlantedSheet.Plant(column: "", value: "")]
    for column in sheet.columns {
      let isUnread = column.use == .kind || column.use == .time || column.use == .status
      guard column.use == .text || column.use == .stranger || column.use == .name || isUnread
      else { continue }
      plants += all.enumerated().filter { !isUnread || $0.offset % 3 == 0 }
        .map { .init(column: column.name, value: $0.element) }
      plants += PlantedPeople.names.map {
        .init(column: column.name, value: sheet.hasNames ? $0 : "姓名：\($0)", name: $0)
      }
    }
    return sheet.file(plants)
  }

  /// A camt statement with somebody in every element that is text.
  static func camt() -> String {
    let all =
      PlantedPeople.numbers + PlantedPeople.rooms + PlantedPeople.labelled
      + PlantedPeople.names.map { "姓名：\($0)" }
    let elements: [(String) -> String] = [
      { "<AddtlNtryInf>校园卡充值 \($0)</AddtlNtryInf>" },
      { "<NtryDtls><TxDtls><RmtInf><Ustrd>校园卡充值 给\($0)充</Ustrd></RmtInf></TxDtls></NtryDtls>" },
      {
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>\($0)</Nm></Dbtr></RltdPties>"
          + "<AddtlTxInf>校园卡充值</AddtlTxInf></TxDtls></NtryDtls>"
      },
      { "<BkTxCd><Prtry><Cd>\($0)</Cd></Prtry></BkTxCd><AddtlNtryInf>校园卡充值</AddtlNtryInf>" },
    ]
    var entries = ""
    var count = 0
    func entry(_ inner: String, status: String = "BOOK", amount: String = "50.00") {
      count += 1
      entries +=
        "<Ntry><Amt Ccy=\"CNY\">\(amount)</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>\(status)</Cd></Sts>"
        + "<BookgDt><DtTm>2026-11-02T\(PlantedSheet.clock(count))</DtTm></BookgDt>"
        + "<AcctSvcrRef>B\(count)</AcctSvcrRef>\(inner)</Ntry>\n"
    }
    for value in all {
      for element in elements { entry(element(value)) }
      entry("<AddtlNtryInf>校园卡充值</AddtlNtryInf>", status: value)
      let isDigits = value.allSatisfy { $0.isNumber || " .".contains($0) }
      if !isDigits { entry("<AddtlNtryInf>校园卡充值</AddtlNtryInf>", amount: value) }
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
      <Id>1</Id><FrToDt><FrDtTm>2026-11-02T00:00:00+08:00</FrDtTm><ToDtTm>2026-11-02T23:59:59+08:00</ToDtTm>
      </FrToDt><Acct><Id><Othr><Id>7453</Id></Othr></Id></Acct>
      \(entries)</Stmt></BkToCstmrStmt></Document>

      """
  }

  private static func school() throws -> Scratch {
    let folder = try Scratch()
    try folder.write(configuration, to: "cardrecon.yaml")
    try folder.write(text("wechat-trade"), to: "in/wechat.csv")
    try folder.write(text("alipay-trade"), to: "in/alipay.csv")
    try folder.write(text("ccb-corporate"), to: "in/ccb.csv")
    try folder.write(text("card-ledger"), to: "in/ledger.csv")
    try folder.write(camt(), to: "in/camt.xml")
    return folder
  }

  /// Everything below a folder that people read, workbooks unpacked.
  private static func published(_ folder: Scratch) throws -> [(String, [UInt8])] {
    var files: [(String, [UInt8])] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder["out"]).sorted() {
      guard let bytes = try? folder.read("out/" + name), !bytes.isEmpty else { continue }
      files.append((name, bytes))
      if name.hasSuffix(".xlsx") { files += try unzipped(folder["out/" + name], name) }
    }
    return files
  }

  private static func unzipped(_ path: String, _ name: String) throws -> [(String, [UInt8])] {
    let archive = try #require(zip_open(path, ZIP_RDONLY, nil))
    defer { zip_discard(archive) }
    return try (0..<UInt64(zip_get_num_entries(archive, 0))).map { index in
      let member = String(cString: try #require(zip_get_name(archive, index, 0)))
      let file = try #require(zip_fopen_index(archive, index, 0))
      defer { zip_fclose(file) }
      var (bytes, room) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
      while true {
        let count = zip_fread(file, &room, UInt64(room.count))
        if count <= 0 { break }
        bytes += room.prefix(Int(count))
      }
      return ("\(name)/\(member)", bytes)
    }
  }

  @Test("Nobody is readable in any file or any command's words", arguments: ["zh", "en"])
  func night(language: String) async throws {
    let folder = try Self.school()
    let lang = ["--lang", language]
    let run = try await cardrecon(["run", "--date", "2026-11-02"] + lang, in: folder)
    #expect(run.code <= 2, "\(run.err)")
    var said = [("run", run.outBytes), ("run, stderr", run.errBytes)]
    let commands: [[String]] = [
      ["anomalies", "--all"], ["anomalies", "--all", "--json"], ["status"], ["verify"],
      ["trace", "CK202611021000007"], ["trace", "CK202611021000007", "--json"],
      ["trace", "CK202611021000009", "--html", "out/trace.html"], ["trace", "13912345678"],
      ["run", "--date", "2026-11-02", "--dry-run", "--mail"],
    ]
    for command in commands {
      let done = try await cardrecon(command + lang, in: folder)
      // What is asked for by its number is named in the answer that nothing was found.
      let asked = command.contains("13912345678")
      said.append((command.joined(separator: " "), asked ? [] : done.outBytes))
      said.append(("stderr of \(command[0])", asked ? [] : done.errBytes))
    }
    said += try Self.published(folder)
    #expect(said.contains { $0.0.hasSuffix("report.html") && $0.1.count > 100_000 })
    for (what, bytes) in said where !what.hasSuffix(".png") {
      #expect(PlantedPeople.readable(in: bytes) == [], "\(what)")
    }
  }

  @Test("Nobody is readable in what is said of a bank's message", arguments: ["zh", "en"])
  func message(language: String) async throws {
    let folder = try Scratch()
    try folder.write(Self.camt(), to: "camt.xml")
    for run in [
      ["check", "camt.xml"], ["check", "camt.xml", "--json"],
      ["inspect", "camt.xml", "--rows", "900"],
    ] {
      let done = try await cardrecon(run + ["--lang", language], in: folder)
      #expect(PlantedPeople.readable(in: done.outBytes + done.errBytes) == [], "\(run)")
    }
    let full = try await cardrecon(
      ["inspect", "camt.xml", "--rows", "900", "--unmask"], in: folder)
    #expect(PlantedPeople.readable(in: full.outBytes).count > 30)
  }
}
