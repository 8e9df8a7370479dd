import Foundation
import Testing

/// `inspect` says what a file is; `formats` says what it could be; `--help` how to ask.
@Suite("inspect, formats and help")
struct InspectTests {
  /// Collected statement files of other projects; see its PROVENANCE.
  static let fixtures = ProcessInfo.processInfo.environment["CARDRECON_FIXTURES"]

  private static func fixtureFiles() -> [String] {
    guard let folder = fixtures,
      let names = try? FileManager.default.subpathsOfDirectory(atPath: folder)
    else { return [] }
    var isFolder: ObjCBool = false
    return names.map { folder + "/" + $0 }.sorted().filter {
      FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  private struct Inspected: Decodable {
    var file: String
    var format: String?
    var rows: Int
    var faults: [ReportFile.Fault]
  }

  private func expectSense(_ path: String) async throws -> Bool {
    let run = try await cardrecon("inspect", path, "--json", "--lang", "en")
    #expect([0, 2].contains(run.code), "\(path): \(run.code) \(run.err)")
    #expect(run.err == "", "\(path)")
    let found = try JSONDecoder().decode([Inspected].self, from: Data(run.outBytes))
    #expect(!found.isEmpty, "\(path): nothing is said")
    for part in found {
      #expect(part.format != nil || !part.faults.isEmpty, "\(path): neither format nor reason")
      for fault in part.faults {
        #expect(fault.detail.count > 20, "\(path): \(fault.detail)")
      }
    }
    #expect((run.code == 0) == found.allSatisfy { $0.faults.isEmpty }, "\(path)")
    return found.contains { $0.format != nil }
  }

  @Test(
    "Every collected file is a known format or refused for a named reason",
    .enabled(if: fixtures != nil, "CARDRECON_FIXTURES names no folder of statement files"))
  func collected() async throws {
    let files = Self.fixtureFiles()
    #expect(files.count > 50)
    var known = 0
    for file in files where try await expectSense(file) { known += 1 }
    print("inspect: \(known) of \(files.count) collected files have a known format")
    #expect(known >= 40)
  }

  @Test(
    "What is no statement at all is refused for a reason",
    arguments: [
      ("empty", ""), ("newline", "\n"), ("mark", "\u{FEFF}"), ("text", "hello\nworld\n"),
      ("zeros", "\0\0\0\0"), ("json", "{\"code\": 1}"), ("html", "<html><body>no</body></html>"),
      ("cut.xml", "<?xml version=\"1.0\"?><Document"), ("cut.zip", "PK\u{3}\u{4}"),
      ("cut.gz", "\u{1F}\u{8B}\u{8}"), ("quote", "\"a,b\nc"), ("commas", ",,,,\n,,,,\n"),
      (
        "none.xml",
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
          + "<GrpHdr><MsgId>1</MsgId></GrpHdr></BkToCstmrStmt></Document>"
      ),
    ])
  func noStatement(name: String, text: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.write(text, to: name)
    _ = try await expectSense(path)
    let check = try await cardrecon("check", path, "--json")
    #expect(check.code == 2, "\(check.err)")
    let statements = try ReportFile(check.outBytes).statements
    #expect(statements.first?.faults.isEmpty == false, "the file is listed with its fault")
  }

  @Test("The sample's files are explained in words, people masked, serials not")
  func sample() async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let names = [
      "alipay-trade 支付宝商户业务明细", "alipay-account 支付宝商户账务明细", "camt.053 ISO 20022 ",
      "card-ledger 一卡通台账",
      "ccb-corporate 建设银行对公账户明细", "wechat-trade 微信支付商户交易账单", "wechat-fundflow 微信支付资金账单",
    ]
    for (file, format) in zip(files, names) {
      let run = try await cardrecon("inspect", file, in: copy)
      #expect(run.code == 0)
      let first = file.contains("account") ? "2026-10-25" : "2026-11-02"
      for words in ["格式         " + format, "账期         " + first, "SHA-256 ", "依据 "] {
        #expect(run.out.contains(words), "\(file): \(words)")
      }
      #expect(!run.out.contains("没有符合的格式定义"), "\(file)")
    }
    let ledger = try await cardrecon(
      "inspect", "samples/incoming/card-ledger_2026-11-02.csv", "--rows", "1", in: copy)
    #expect(ledger.out.contains("2026110200000001") && !ledger.out.contains("何伟睿"))
    #expect(ledger.out.count(of: "\n第 ") == 1)
  }

  @Test("`formats` lists every layout, and `--describe` prints each one")
  func formats() async throws {
    let json = try await cardrecon("formats", "--json")
    #expect(json.code == 0)
    let list = try JSONSerialization.jsonObject(with: Data(json.outBytes)) as? [[String: Any]]
    let names = (list ?? []).compactMap { $0["name"] as? String }
    let expected = [
      "alipay-trade", "camt.052", "camt.053", "camt.054", "card-ledger", "ccb-corporate",
      "wechat-trade",
    ]
    #expect(Set(expected).subtracting(names) == [])
    #expect(names == names.sorted())
    let text = try await cardrecon("formats").out
    let listed = text.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    #expect(listed.map(String.init) == names)
    for name in names {
      let yaml = try await cardrecon("formats", "--describe", name)
      #expect(yaml.code == 0)
      #expect(yaml.out.contains(name) && yaml.out.count(of: "\n") > 9, "\(name)")
    }
  }

  @Test(
    "Help explains each command with its options",
    arguments: ["check", "run", "inspect", "formats"])
  func help(command: String) async throws {
    for arguments in [[command, "--help"], ["help", command]] {
      let run = try await cardrecon(arguments)
      #expect(run.code == 0)
      #expect(run.err == "")
      for words in ["USAGE: cardrecon \(command)", "--lang", "--json", "--unmask", "--threads"] {
        #expect(run.out.contains(words), "\(words)")
      }
    }
    #expect(try await cardrecon("--help").out.contains("\n  \(command) "))
  }
}

extension String {
  func count(of part: String) -> Int {
    components(separatedBy: part).count - 1
  }
}
