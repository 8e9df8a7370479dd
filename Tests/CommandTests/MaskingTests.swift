import CampusSimulator
import Foundation
import Testing

/// Names and numbers of people stay in; serials never hide.
@Suite("Masking")
struct MaskingTests {
  private func outputs(_ options: [String]) async throws -> [String] {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let check = ["check"] + files + options
    let text = try await cardrecon(check + ["--csv", "found.csv"], in: copy).out
    let json = try await cardrecon(check + ["--json"], in: copy).out
    return [text, json, try copy.text("found.csv")]
  }

  /// Names, student and card numbers of the sample's ledger.
  private func people() throws -> (names: Set<String>, numbers: Set<String>) {
    let ledger = try Project.text("samples/incoming/card-ledger_2026-11-02.csv")
    var (names, numbers) = (Set<String>(), Set<String>())
    for line in ledger.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      numbers.formUnion([fields[5], fields[6]])
      names.insert(fields[7])
    }
    return (names.filter { $0.count > 1 }, numbers.filter { !$0.isEmpty })
  }

  @Test("No name, student number or card number is shown in full")
  func masked() async throws {
    let people = try people()
    #expect(people.names.count > 50 && people.numbers.count > 100)
    for output in try await outputs([]) {
      #expect(people.names.filter { output.contains($0) } == [])
      #expect(people.numbers.filter { output.contains($0) } == [])
    }
  }

  @Test("`--unmask` shows the accounts of every case in full")
  func unmasked() async throws {
    let truth = try Truth(json: Project.read("samples/truth.json"))
    let shown = try await outputs(["--unmask"])
    // Behind the bill rows need not name anybody.
    for anomaly in truth.anomalies where Plant(rawValue: anomaly.plant)?.needsFunds != true {
      let isShown = shown[1].contains(anomaly.account) || shown[1].contains(anomaly.card)
      #expect(isShown, "\(anomaly.kind) of \(anomaly.account)")
    }
    let names = try people().names.filter { shown[1].contains($0) }
    #expect(names.count > 10)
  }

  @Test("Serials are whole in every output, masked or not", arguments: [[], ["--unmask"]])
  func serials(options: [String]) async throws {
    let truth = try Truth(json: Project.read("samples/truth.json"))
    let json = try await outputs(options)[1]
    for anomaly in truth.anomalies {
      let serials =
        anomaly.ledgerSerials
        + [anomaly.channelSerial, anomaly.merchantOrder, anomaly.refundSerial].compactMap { $0 }
      let hidden = serials.filter { !json.contains($0) }
      #expect(hidden == [], "\(anomaly.kind)")
    }
  }
}
