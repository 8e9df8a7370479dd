import Foundation
import Testing

/// The page on adding a bank says what really happens.
@Suite("The page on adding a bank")
struct ProfilePageTests {
  private static let page: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("Sources/cardrecon/cardrecon.docc/Profiles.md").path
    return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }()

  /// The page's fenced blocks of a language, in order.
  private func blocks(_ language: String) -> [String] {
    Self.page.components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0] + "\n"
    }
  }

  private func trial() throws -> (Scratch, statement: String, profile: String) {
    let scratch = try Scratch()
    let (csv, yaml) = (try #require(blocks("csv").first), try #require(blocks("yaml").first))
    let statement = try scratch.write(Array(csv.utf8), to: "cib.csv")
    let profile = try scratch.write(Array(yaml.utf8), to: "cib.yaml")
    return (scratch, statement, profile)
  }

  @Test("Without the profile the file is refused as the page says")
  func refused() async throws {
    let (scratch, _, _) = try trial()
    let run = try await Program.cardrecon(
      ["inspect", "cib.csv", "--lang", "en"], in: scratch.path)
    #expect(run.code == 2)
    #expect(run.out.contains(try #require(blocks("text").first)))
  }

  @Test("With it the program prints what the page quotes")
  func read() async throws {
    let (scratch, _, _) = try trial()
    let run = try await Program.cardrecon(
      ["inspect", "--profile", "cib.yaml", "cib.csv", "--lang", "en"], in: scratch.path)
    #expect(run.code == 0)
    #expect(run.out.contains(try #require(blocks("text").last)))
  }

  @Test("What the page says of a row taken out, a column renamed and a key misspelt is so")
  func broken() async throws {
    let (scratch, statement, profile) = try trial()
    func inspected() async throws -> String {
      let run = try await Program.cardrecon(
        ["inspect", "--profile", profile, statement, "--lang", "en"], in: scratch.path)
      return run.out + run.err
    }
    let csv = try String(contentsOfFile: statement, encoding: .utf8)
    let lines = csv.components(separatedBy: "\n")
    _ = try scratch.write(
      Array((lines[..<4] + lines[5...]).joined(separator: "\n").utf8), to: "cib.csv")
    #expect(try await inspected().contains("running-balance-break"))
    _ = try scratch.write(Array(csv.replacing("结余", with: "余额").utf8), to: "cib.csv")
    let renamed = try await inspected()
    #expect(renamed.contains("layout-changed"))
    #expect(renamed.contains("lacks 结余; appeared: 余额"))
    let yaml = try String(contentsOfFile: profile, encoding: .utf8)
    _ = try scratch.write(Array(yaml.replacing("columns:", with: "colums:").utf8), to: "cib.yaml")
    #expect(try await inspected().contains("cib.yaml:9:1"))
  }

  @Test("Every role and every key of a profile is on the page")
  func complete() throws {
    for word in [
      "separatorGuard", "signatureGroups", "requiredAnyOf", "requiredMoney", "midnightIsDay",
      "dayFromName", "timeLength", "feesAreNegative", "refundStatus", "channelWords", "verifies",
      "personalNumbers", "subMerchant", "sequence", "orderText", "refundSerial", "reversalIfKeyed",
      "manualCredit", "transferOut", "unreconciledChannel", "commentPrefix", "endMark", "shortRows",
    ] {
      #expect(Self.page.contains("`\(word)`"), "\(word) is not explained")
    }
  }
}
