import Foundation
import Payments
import Testing

@testable import History

/// Anomalies are written into the history as the general encoder writes them.
@Suite("Anomaly bodies")
struct AnomalyBodyTests {
  private static let texts = [
    "", "plain", "\"quoted\"", "a\\b", "https://x/y", "重复扣款 ¥50.00", "é\u{301}😀",
    "\u{2028}\u{202E}",
    "tab\there", "line\nend", "\u{0}\u{1F}\u{7F}", "\u{85}", "</script>",
    String(repeating: "长", count: 3_000),
  ]

  private func text(_ random: inout some RandomNumberGenerator) -> String? {
    Bool.random(using: &random)
      ? (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
        Self.texts.randomElement(using: &random)
      }.joined() : nil
  }

  private func lines(_ random: inout some RandomNumberGenerator) -> [EvidenceLine] {
    (0..<Int.random(in: 0...3, using: &random)).map { number in
      EvidenceLine(
        side: Bool.random(using: &random) ? .channel : .ledger, file: text(&random) ?? "f",
        line: Int.random(in: 0...(.max), using: &random), text: text(&random) ?? "",
        personal: (0..<number).map {
          PersonalSpan(utf8: $0..<($0 + 4), isName: Bool.random(using: &random))
        })
    }
  }

  @Test("Byte for byte, whatever they hold")
  func alike() throws {
    var random = SystemRandomNumberGenerator()
    var own = 0
    for _ in 0..<3_000 {
      var anomaly = ReportedAnomaly(
        id: text(&random) ?? "id",
        kind: AnomalyKind.allCases.randomElement(using: &random) ?? .unexplained,
        severity: Severity.allCases.randomElement(using: &random) ?? .loss,
        amountFen: Int64.random(in: .min...(.max), using: &random), owedTo: .student,
        basis: .order, firstSeen: BusinessDay(number: Int32.random(in: -9...30_000, using: &random))
      )
      anomaly.channel = Bool.random(using: &random) ? .wechat : nil
      anomaly.channelSerial = text(&random)
      anomaly.merchantOrder = text(&random)
      anomaly.ledgerSerial = text(&random)
      anomaly.refundSerial = text(&random)
      anomaly.account = text(&random)
      anomaly.parties =
        Bool.random(using: &random)
        ? nil
        : (0..<Int.random(in: 0...2, using: &random)).map { _ in
          ReportedParty(account: text(&random), fen: Int64.random(in: -9...9, using: &random))
        }
      anomaly.time = Bool.random(using: &random) ? Timestamp(seconds: 1_793_000_000) : nil
      anomaly.explanation = Bool.random(using: &random) ? .surcharge : nil
      anomaly.paidFen = Bool.random(using: &random) ? 5_000 : nil
      anomaly.creditedFen = Bool.random(using: &random) ? -1 : nil
      anomaly.delaySeconds = Bool.random(using: &random) ? 40 : nil
      anomaly.evidence = lines(&random)
      anomaly.dueDay = Bool.random(using: &random) ? BusinessDay(number: 20_000) : nil
      anomaly.status = .reopened
      anomaly.closedDay = Bool.random(using: &random) ? BusinessDay(number: 20_001) : nil
      anomaly.closing = lines(&random)
      anomaly.places = (0..<Int.random(in: 0...3, using: &random)).map { _ in text(&random) ?? "p" }
      let general = try encoded(anomaly)
      guard let body = AnomalyBody.encoded(anomaly) else { continue }
      own += 1
      #expect(body == general, "\(String(decoding: general, as: UTF8.self))")
      #expect(AnomalyBody.decoded(body) == anomaly)
    }
    #expect(own > 30, "too few are written without the general encoder: \(own)")
    #expect(try encodedAll([]) == [])
  }

  @Test("A body that was changed is read as the general decoder reads it, or left to it")
  func changed() throws {
    let span = PersonalSpan(utf8: 0..<4, isName: true)
    var anomaly = ReportedAnomaly(
      id: "id", kind: .unexplained, severity: .loss, amountFen: 1, owedTo: .student, basis: .order,
      firstSeen: BusinessDay(number: 20_000))
    anomaly.evidence = [
      EvidenceLine(side: .channel, file: "f", line: 1, text: "\"a\\b\"", personal: [span])
    ]
    anomaly.time = Timestamp(seconds: 1)
    anomaly.places = ["p", "q"]
    anomaly.parties = [ReportedParty(account: "a", fen: -1)]
    let body = try encoded(anomaly)
    #expect(AnomalyBody.decoded(body) == anomaly)
    var read = 0
    for place in body.indices {
      #expect(AnomalyBody.decoded(body[..<place]) == nil)
      for byte in Array("\"\\,:{}[]01-a ".utf8) + [0, 0xFF] {
        var other = body
        other[place] = byte
        guard let found = AnomalyBody.decoded(other) else { continue }
        read += 1
        let general = try JSONDecoder().decode(ReportedAnomaly.self, from: other)
        #expect(found == general, "\(String(decoding: other, as: UTF8.self))")
      }
    }
    // Another letter or digit is read without the general decoder.
    #expect(read > 100)
  }

  /// A field that is added later and absent above would be left out by both encoders alike.
  @Test("No field is forgotten")
  func complete() throws {
    let span = PersonalSpan(utf8: 0..<4, isName: true)
    let line = EvidenceLine(side: .channel, file: "f", line: 1, text: "text", personal: [span])
    var anomaly = ReportedAnomaly(
      id: "id", kind: .unexplained, severity: .loss, amountFen: 1, owedTo: .student, basis: .order,
      firstSeen: BusinessDay(number: 20_000))
    anomaly.channel = .wechat
    anomaly.channelSerial = "serial"
    anomaly.merchantOrder = "order"
    anomaly.ledgerSerial = "ledger"
    anomaly.refundSerial = "refund"
    anomaly.account = "account"
    anomaly.parties = [ReportedParty(account: "account", fen: 5)]
    anomaly.time = Timestamp(seconds: 1_793_000_000)
    anomaly.explanation = .surcharge
    anomaly.paidFen = 2
    anomaly.creditedFen = 3
    anomaly.delaySeconds = 4
    anomaly.evidence = [line]
    anomaly.dueDay = BusinessDay(number: 20_001)
    anomaly.closedDay = BusinessDay(number: 20_002)
    anomaly.closing = [line]
    anomaly.places = ["place"]
    anomaly.subject = "reversal"
    (anomaly.leg, anomaly.gap) = (3, 7)

    let body = try #require(AnomalyBody.encoded(anomaly))
    let json = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    // What people did is told beside it.
    #expect(Set(json.keys) == fields(of: anomaly).subtracting(["progress"]))
    for key in ["evidence", "closing"] {
      let written = try #require((json[key] as? [[String: Any]])?.first)
      #expect(Set(written.keys) == fields(of: line))
      let personal = try #require((written["personal"] as? [[String: Any]])?.first)
      #expect(Set(personal.keys) == fields(of: span))
    }
  }

  /// The names of all stored fields, absent or not.
  private func fields(of value: Any) -> Set<String> {
    Set(Mirror(reflecting: value).children.compactMap(\.label))
  }
}
