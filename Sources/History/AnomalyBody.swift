internal import Foundation
internal import Payments

/// An anomaly's JSON body, byte for byte what ``encoded(_:)`` gives.
///
/// A bad night records thousands, and the general encoder takes ten times as long for each. Where a text
/// has to be escaped in an unusual way it is left to that encoder; a test holds the two against each
/// other.
enum AnomalyBody {
  /// The body; nil when it is left to the general encoder.
  static func encoded(_ anomaly: ReportedAnomaly) -> Data? {
    var json = Writer()
    json.fields { json in
      json.field("account", anomaly.account)
      json.field("amountFen", anomaly.amountFen)
      json.field("basis", anomaly.basis.rawValue)
      json.field("channel", anomaly.channel?.rawValue)
      json.field("channelSerial", anomaly.channelSerial)
      json.field("closedDay", anomaly.closedDay)
      json.lines("closing", anomaly.closing)
      json.field("creditedFen", anomaly.creditedFen)
      json.field("delaySeconds", anomaly.delaySeconds)
      json.field("dueDay", anomaly.dueDay)
      json.lines("evidence", anomaly.evidence)
      json.field("explanation", anomaly.explanation?.rawValue)
      json.field("firstSeen", anomaly.firstSeen)
      json.field("id", anomaly.id)
      json.field("kind", anomaly.kind.rawValue)
      json.field("ledgerSerial", anomaly.ledgerSerial)
      json.field("merchantOrder", anomaly.merchantOrder)
      json.field("owedTo", anomaly.owedTo.rawValue)
      json.field("paidFen", anomaly.paidFen)
      json.list("places", anomaly.places) { json, place in json.text(place) }
      json.field("refundSerial", anomaly.refundSerial)
      json.field("severity", anomaly.severity.rawValue)
      json.field("status", anomaly.status.rawValue)
      if let time = anomaly.time {
        json.key("time")
        json.fields { $0.field("seconds", time.seconds) }
      }
    }
    return json.isUsual ? Data(json.bytes) : nil
  }
}

/// Compact JSON, keys in the order they are given.
private struct Writer {
  var bytes: [UInt8] = []
  /// Whether no text had anything but quotes and backslashes to escape.
  var isUsual = true
  private var isFirst = true

  init() { bytes.reserveCapacity(4_096) }

  mutating func fields(_ body: (inout Writer) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  mutating func list<Element>(
    _ key: String, _ elements: [Element], _ body: (inout Writer, Element) -> Void
  ) {
    self.key(key)
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      body(&self, element)
    }
    bytes.append(UInt8(ascii: "]"))
    isFirst = false
  }

  mutating func lines(_ key: String, _ lines: [EvidenceLine]) {
    list(key, lines) { json, line in
      json.fields { json in
        json.field("file", line.file)
        json.field("line", line.line)
        json.list("personal", line.personal) { json, span in
          json.fields { json in
            json.key("isName")
            json.bytes += Array((span.isName ? "true" : "false").utf8)
            json.list("utf8", [span.utf8.lowerBound, span.utf8.upperBound]) { json, bound in
              json.number(bound)
            }
          }
        }
        json.field("side", line.side.rawValue)
        json.field("text", line.text)
      }
    }
  }

  mutating func field(_ key: String, _ value: String?) {
    guard let value else { return }
    self.key(key)
    text(value)
  }

  mutating func field(_ key: String, _ value: (some BinaryInteger)?) {
    guard let value else { return }
    self.key(key)
    number(value)
  }

  mutating func field(_ key: String, _ day: BusinessDay?) {
    guard let day else { return }
    self.key(key)
    fields { $0.field("number", day.number) }
  }

  mutating func key(_ key: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(UInt8(ascii: "\""))
    bytes += key.utf8
    bytes += [UInt8(ascii: "\""), UInt8(ascii: ":")]
  }

  mutating func number(_ value: some BinaryInteger) { bytes += String(value).utf8 }

  mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var done = 0
      for (index, byte) in utf8.enumerated() {
        if byte < 0x20 || byte == 0x7F { isUsual = false }
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes += UnsafeBufferPointer(rebasing: utf8[done..<index])
        bytes.append(UInt8(ascii: "\\"))
        done = index
      }
      bytes += UnsafeBufferPointer(rebasing: utf8[done...])
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
