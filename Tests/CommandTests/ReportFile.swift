import Foundation
import Reports
import TestSupport
import Testing

/// `report.json` as a program that knows only its schema reads it.
struct ReportFile: Decodable {
  var schema: String
  var verdict: String
  var statements: [Statement]
  var conservation: [Conservation]
  var anomalies: [Anomaly]
  var pending: [Pending]
  var rejections: [Rejection]

  struct Tally: Decodable, Hashable {
    var rows: Int
    var fen: Int
  }

  struct Statement: Decodable {
    var file: String?
    var format: String?
    var source: String
    var side: String
    var rows: Int
    var accepted: Int
    var faults: [Fault]
    var buckets: [String: Tally]
  }

  struct Fault: Decodable {
    var kind: String
    var line: Int?
    var detail: String
  }

  struct Conservation: Decodable {
    var side: String
    var source: String
    var rowsRead: Int
    var fenRead: Int
    var buckets: [String: Tally]
    var balanced: Bool
  }

  struct Party: Decodable {
    var account: String?
    var fen: Int
  }

  struct Anomaly: Decodable {
    var id: String
    var kind: String
    var severity: String
    var status: String
    var amountFen: Int
    var owedTo: String
    var channel: String?
    var channelSerial: String?
    var merchantOrder: String?
    var ledgerSerial: String?
    var refundSerial: String?
    var account: String?
    var parties: [Party]
    var explanation: String?
    var evidence: [Evidence]
  }

  struct Evidence: Decodable {
    var file: String
    var line: Int
    var text: String
  }

  struct Pending: Decodable {
    var channelSerial: String?
    var merchantOrder: String?
    var ledgerSerial: String?
    var amountFen: Int
    var time: String
  }

  struct Rejection: Decodable {
    var file: String
    var line: Int
    var text: String
  }

  init(_ json: [UInt8]) throws {
    self = try JSONDecoder().decode(ReportFile.self, from: Data(json))
  }
}

/// Expects that bytes are one JSON value and satisfy the published schema.
func expectSchema(_ json: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
  let value = try JSONSerialization.jsonObject(with: Data(json))
  let faults = try SchemaCheck(JSONReport.schema).faults(in: value)
  #expect(faults == [], sourceLocation: sourceLocation)
}
