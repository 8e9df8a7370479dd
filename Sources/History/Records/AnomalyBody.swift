internal import Columns
internal import Foundation
internal import Payments

/// An anomaly's JSON body, byte for byte what ``encoded(_:)`` gives, and read back.
///
/// A bad night records thousands, and every night after it reads those nobody has dealt with; the general
/// encoder and decoder take ten times as long for each. Where a text has to be escaped in an unusual way
/// it is left to those; tests hold them against each other.
enum AnomalyBody {
  /// The anomaly of a body that ``encoded(_:)`` wrote; nil when it is left to the general decoder.
  ///
  /// - Returns: only what gives the same body again: nothing in it was passed over.
  static func decoded(_ body: Data) -> ReportedAnomaly? {
    let anomaly = body.withUnsafeBytes { bytes -> ReportedAnomaly? in
      var json = Reader(bytes)
      let anomaly = json.anomaly()
      return json.isRead ? anomaly : nil
    }
    guard let anomaly, encoded(anomaly) == body else { return nil }
    return anomaly
  }

  /// The body; nil when it is left to the general encoder.
  static func encoded(_ anomaly: ReportedAnomaly) -> Data? {
    // A school's own channel is written by name, as few are.
    guard anomaly.channel?.isOwn != true else { return nil }
    var json = Writer()
    json.fields { json in
      json.field("account", anomaly.account)
      json.field("amountFen", anomaly.amountFen)
      json.field("basis", anomaly.basis.rawValue)
      json.field("channel", anomaly.channel?.number)
      json.field("channelSerial", anomaly.channelSerial)
      json.field("closedDay", anomaly.closedDay)
      json.lines("closing", anomaly.closing)
      json.field("creditedFen", anomaly.creditedFen)
      json.field("delaySeconds", anomaly.delaySeconds)
      json.field("dueDay", anomaly.dueDay)
      json.lines("evidence", anomaly.evidence)
      json.field("explanation", anomaly.explanation?.rawValue)
      json.field("firstSeen", anomaly.firstSeen)
      json.field("gap", anomaly.gap)
      json.field("id", anomaly.id)
      json.field("kind", anomaly.kind.rawValue)
      json.field("ledgerSerial", anomaly.ledgerSerial)
      json.field("leg", anomaly.leg)
      json.field("merchantOrder", anomaly.merchantOrder)
      json.field("owedTo", anomaly.owedTo.rawValue)
      json.field("paidFen", anomaly.paidFen)
      if let parties = anomaly.parties {
        json.list("parties", parties) { json, party in
          json.fields { json in
            json.field("account", party.account)
            json.field("fen", party.fen)
          }
        }
      }
      json.list("places", anomaly.places) { json, place in json.text(place) }
      json.field("refundSerial", anomaly.refundSerial)
      json.field("severity", anomaly.severity.rawValue)
      json.field("status", anomaly.status.rawValue)
      json.field("subject", anomaly.subject)
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

/// Reads what ``Writer`` wrote; anything else makes it give up.
private struct Reader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  private var isFirst = true
  private var isUsual = true

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether all was read, and as expected.
  var isRead: Bool { isUsual && place == bytes.count }

  mutating func anomaly() -> ReportedAnomaly? {
    take("{")
    isFirst = true
    let account = optionalText("account")
    let amountFen: Int64? = optionalNumber("amountFen")
    let basis = optionalText("basis").flatMap(Basis.init)
    let channel: UInt8? = optionalNumber("channel")
    let channelSerial = optionalText("channelSerial")
    let closedDay = optionalDay("closedDay")
    let closing = lines("closing")
    let creditedFen: Int64? = optionalNumber("creditedFen")
    let delaySeconds: Int64? = optionalNumber("delaySeconds")
    let dueDay = optionalDay("dueDay")
    let evidence = lines("evidence")
    let explanation = optionalText("explanation")
    let (firstSeen, gap) = (optionalDay("firstSeen"), optionalNumber("gap") as Int64?)
    let id = optionalText("id")
    let kind = optionalText("kind").flatMap(AnomalyKind.init)
    let (ledgerSerial, leg) = (optionalText("ledgerSerial"), optionalNumber("leg") as Int?)
    let merchantOrder = optionalText("merchantOrder")
    let owedTo = optionalText("owedTo").flatMap(OwedTo.init)
    let paidFen: Int64? = optionalNumber("paidFen")
    let parties = parties()
    let places = list("places") { $0.text() }
    let refundSerial = optionalText("refundSerial")
    let severity = optionalText("severity").flatMap(Severity.init)
    let status = optionalText("status").flatMap(AnomalyStatus.init)
    let subject = optionalText("subject")
    var time: Timestamp?
    if key("time") {
      take("{\"seconds\":")
      time = Timestamp(seconds: number())
      take("}")
    }
    take("}")
    guard let id, let kind, let severity, let amountFen, let owedTo, let basis, let firstSeen,
      let status
    else { return nil }
    var anomaly = ReportedAnomaly(
      id: id, kind: kind, severity: severity, amountFen: amountFen, owedTo: owedTo, basis: basis,
      firstSeen: firstSeen)
    anomaly.account = account
    anomaly.channel = channel.flatMap { Channel(known: $0) }
    anomaly.channelSerial = channelSerial
    (anomaly.closedDay, anomaly.closing) = (closedDay, closing)
    anomaly.creditedFen = creditedFen
    anomaly.delaySeconds = delaySeconds
    anomaly.dueDay = dueDay
    anomaly.evidence = evidence
    anomaly.explanation = explanation.flatMap(Explanation.init)
    (anomaly.ledgerSerial, anomaly.leg) = (ledgerSerial, leg)
    (anomaly.merchantOrder, anomaly.gap) = (merchantOrder, gap)
    anomaly.paidFen = paidFen
    (anomaly.parties, anomaly.places) = (parties, places)
    (anomaly.refundSerial, anomaly.status) = (refundSerial, status)
    anomaly.subject = subject
    anomaly.time = time
    return anomaly
  }

  private mutating func parties() -> [ReportedParty]? {
    let before = place
    guard key("parties") else { return nil }
    place = before
    return list("parties") { json in
      json.take("{")
      json.isFirst = true
      let account = json.optionalText("account")
      let fen: Int64 = json.optionalNumber("fen") ?? 0
      json.take("}")
      return ReportedParty(account: account, fen: fen)
    }
  }

  private mutating func lines(_ key: String) -> [EvidenceLine] {
    list(key) { json in
      json.take("{")
      json.isFirst = true
      let file = json.optionalText("file") ?? ""
      let line: Int = json.optionalNumber("line") ?? 0
      let personal = json.list("personal") { json in
        json.take("{\"isName\":")
        let isName = json.takes("true")
        if !isName { json.take("false") }
        json.take(",\"utf8\":[")
        let low: Int = json.number()
        json.take(",")
        let high: Int = json.number()
        json.take("]}")
        if low > high { json.isUsual = false }
        return PersonalSpan(utf8: min(low, high)..<high, isName: isName)
      }
      let side = json.optionalText("side").flatMap(Side.init)
      let text = json.optionalText("text") ?? ""
      json.take("}")
      if side == nil { json.isUsual = false }
      return EvidenceLine(
        side: side ?? .channel, file: file, line: line, text: text, personal: personal)
    }
  }

  private mutating func list<Element>(
    _ key: String, _ element: (inout Reader) -> Element
  ) -> [Element] {
    var elements: [Element] = []
    guard self.key(key) else { return elements }
    take("[")
    while isUsual, !takes("]") {
      if !elements.isEmpty { take(",") }
      elements.append(element(&self))
    }
    isFirst = false
    return elements
  }

  private mutating func optionalText(_ key: String) -> String? { self.key(key) ? text() : nil }

  private mutating func optionalNumber<Number: FixedWidthInteger>(_ key: String) -> Number? {
    self.key(key) ? number() : nil
  }

  private mutating func optionalDay(_ key: String) -> BusinessDay? {
    guard self.key(key) else { return nil }
    take("{\"number\":")
    let number: Int32 = number()
    take("}")
    return BusinessDay(number: number)
  }

  /// Whether this key comes next; it is taken then.
  private mutating func key(_ key: String) -> Bool {
    let before = place
    if (isFirst || takes(",")) && takes("\"") && takes(key) && takes("\":") {
      isFirst = false
      return true
    }
    place = before
    return false
  }

  private mutating func take(_ text: String) {
    if !takes(text) { isUsual = false }
  }

  /// Whether this comes next; it is taken then.
  private mutating func takes(_ text: String) -> Bool {
    let rest = bytes[place...]
    guard rest.starts(with: text.utf8) else { return false }
    place += text.utf8.count
    return true
  }

  private mutating func number<Number: FixedWidthInteger>() -> Number {
    let start = place
    while place < bytes.count, (bytes[place] &- 0x30) <= 9 || bytes[place] == UInt8(ascii: "-") {
      place += 1
    }
    guard let number = Number(String(decoding: bytes[start..<place], as: UTF8.self)) else {
      isUsual = false
      return 0
    }
    return number
  }

  private mutating func text() -> String {
    take("\"")
    let start = place
    var hasEscapes = false
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") {
        hasEscapes = true
        place += 1
      }
      place += 1
    }
    guard place < bytes.count else {
      (place, isUsual) = (bytes.count, false)
      return ""
    }
    defer { place += 1 }
    guard hasEscapes else { return String(decoding: bytes[start..<place], as: UTF8.self) }
    // A quote or a backslash behind a backslash; of any other the body will not be the same again.
    var plain: [UInt8] = []
    var isEscaped = false
    for byte in bytes[start..<place] {
      if byte == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
      } else {
        plain.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

/// The bodies of many anomalies, several at once: JSON with its keys in one order.
func encodedAll(_ anomalies: [ReportedAnomaly]) throws -> [Data] {
  try concurrently(anomalies.count) { index in
    Result { try AnomalyBody.encoded(anomalies[index]) ?? encoded(anomalies[index]) }
  }.map { try $0.get() }
}

/// Decodes the bodies of many anomalies, several at once.
func decodedAnomalies(_ bodies: [Data]) throws -> [ReportedAnomaly] {
  try concurrently(bodies.count) { index in
    Result {
      try AnomalyBody.decoded(bodies[index])
        ?? JSONDecoder().decode(ReportedAnomaly.self, from: bodies[index])
    }
  }.map { try $0.get() }
}
