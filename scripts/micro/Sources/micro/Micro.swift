import CDelimiters
import CLibXML2
import Foundation
@testable import History
import Columns
import Payments
@testable import Reconciliation
@testable import Statements

/// Times the parts of the hot path, each alone, over the files of a simulated day: `micro FOLDER`.
///
/// Every figure is the best of several turns: what the machine can do, with the least of what else it does.
@main
enum Micro {
  static func main() async throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: micro FOLDER")
      exit(64)
    }
    let folder = CommandLine.arguments[1]
    let wechat = try bytes(folder, "wechat")
    let lines = wechat.count { $0 == 0x0A }
    print("of \(lines) lines, \(wechat.count / 1_000_000) MB of a WeChat bill")
    scanner(wechat)
    encodings(wechat, try bytes(folder, "alipay-gb18030"))
    fields()
    join(lines)
    try index(folder, lines)
    try await readers(folder)
  }

  // MARK: - Parts

  private static func scanner(_ text: [UInt8]) {
    let places = UnsafeMutablePointer<UInt32>.allocate(capacity: PlainPass.block + 64)
    let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: PlainPass.block + 64)
    defer {
      places.deallocate()
      ends.deallocate()
    }
    func pass(
      _ index: (
        UnsafePointer<UInt8>, Int, UInt8, UInt8, UnsafeMutablePointer<UInt32>,
        UnsafeMutablePointer<UInt32>
      )
        -> cardrecon_delimiters
    ) -> Double {
      best {
        text.withUnsafeBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          var offset = 0
          while offset < buffer.count {
            let length = min(PlainPass.block, buffer.count - offset)
            _ = index(base + offset, length, 0x2C, 0, places, ends)
            offset += length
          }
        }
      }
    }
    tell("delimiter index, widest instructions", pass(cardrecon_index), bytes: text.count)
    tell("delimiter index, plain instructions", pass(cardrecon_index_plain), bytes: text.count)
  }

  private static func encodings(_ utf8: [UInt8], _ gb18030: [UInt8]) {
    tell("UTF-8 checked", best { _ = utf8.withUnsafeBytes(firstInvalidUTF8) }, bytes: utf8.count)
    tell(
      "GB18030 checked", best { _ = gb18030.withUnsafeBytes(firstInvalidGB18030) },
      bytes: gb18030.count)
    tell("GB18030 decoded", best { _ = decodeGB18030(gb18030) }, bytes: gb18030.count)
  }

  private static func fields() {
    let count = 1_000_000
    let amounts = (0..<count).map { Array("\($0 % 500).\($0 % 90 + 10)".utf8) }
    var sum: Int64 = 0
    tell(
      "amount",
      best {
        for text in amounts {
          let value = text.withUnsafeBytes { parseAmount($0, decimals: 2, encoding: .utf8) }
          if case .value(let fen) = value { sum &+= fen }
        }
      }, times: count)
    let moments = (0..<count).map { number in
      Array("2026-11-02 \(10 + number % 14):\(10 + number % 50):\(10 + number / 7 % 50)".utf8)
    }
    var parser = MomentParser()
    tell(
      "time",
      best {
        for text in moments {
          let moment = text.withUnsafeBytes { parser.parse($0, encoding: .utf8) }
          sum &+= moment.seconds ?? 0
        }
      }, times: count)
    let serials = (0..<count).map { Array("42000021392025091000\(10_000_000 + $0)".utf8) }
    tell(
      "fingerprint of a serial",
      best { for text in serials { sum &+= Int64(bitPattern: text.withUnsafeBytes(fingerprint)) } },
      times: count)
    if sum == 42 { print("") }
  }

  private static func join(_ rows: Int) {
    let count = rows * 2
    let keys = (0..<count).map { mixed(UInt64($0 % rows), 7) }
    var pairs = 0
    var partitions = KeyPartitions()
    tell(
      "join of two books by key",
      best {
        pairs = 0
        partitions.cut(count: count) { keys[$0] }
        partitions.forEachCluster { pairs += $0.count / 2 }
      }, times: rows)
    precondition(pairs == rows)
  }

  private static func index(_ folder: String, _ rows: Int) throws {
    var table = EntryTable()
    for row in 0..<rows {
      table.append(
        Entry(
          kind: .payment, channel: .wechat, fen: 1, time: 1, order: mixed(UInt64(row), 1),
          serial: mixed(UInt64(row), 2), line: UInt32(row)))
    }
    var keys: Column<KeyHash> = []
    tell(
      "serial index built",
      best { keys = KeyIndexFile.keys(table) { _ in true } }, times: rows)
    let file = KeyIndexFile(path: folder + "/micro.keys")
    try file.write(keys)
    defer { unlink(file.path) }
    let asked = 10_000
    tell(
      "serial index asked, the file opened each time",
      try best {
        for number in 0..<asked {
          _ = try file.containsAny(of: SortedKeys([mixed(UInt64(number * 31 % rows), 2)]))
        }
      }, times: asked)
  }

  // MARK: - Whole files

  private static func readers(_ folder: String) async throws {
    let camt = try path(folder, "boc_camt053")
    let text = try bytes(folder, "boc_camt053")
    let bare = bareSAX(text)
    tell("camt.053, libxml2's SAX2 doing nothing", bare, bytes: text.count)
    let ours = try await reading(camt)
    tell("camt.053, read on one core", ours, bytes: text.count, against: bare)
    let shared = try await reading(camt, threads: 2)
    tell("camt.053, read on two", shared, bytes: text.count, against: bare)
    let (utf8, gb18030) = (try path(folder, "alipay-utf8"), try path(folder, "alipay-gb18030"))
    let plain = try await reading(utf8)
    tell("Alipay bill in UTF-8, read", plain, bytes: try bytes(folder, "alipay-utf8").count)
    tell(
      "the same in GB18030, read", try await reading(gb18030),
      bytes: try bytes(folder, "alipay-gb18030").count, against: plain)
  }

  /// Seconds it takes to read a file, its SHA-256 among them.
  private static func reading(_ path: String, threads: Int = 1) async throws -> Double {
    var options = Intake.Options()
    options.threads = threads
    var least = Double.infinity
    for _ in 0..<turns {
      let start = ContinuousClock.now
      let intake = try await Intake(paths: [path], options: options)
      precondition(intake.entries.count > 0, "\(path): \(intake.statements)")
      least = min(least, (ContinuousClock.now - start).seconds)
    }
    return least
  }

  /// libxml2 walking a file whose elements nobody asks for.
  private static func bareSAX(_ text: [UInt8]) -> Double {
    best {
      var handler = xmlSAXHandler()
      handler.initialized = UInt32(XML_SAX2_MAGIC)
      handler.startElementNs = { _, _, _, _, _, _, _, _, _ in }
      handler.endElementNs = { _, _, _, _ in }
      handler.characters = { _, _, _ in }
      guard let context = xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else { return }
      defer { xmlFreeParserCtxt(context) }
      text.withUnsafeBytes { raw in
        var offset = 0
        while offset < raw.count {
          let length = min(1 << 18, raw.count - offset)
          let part = raw.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) }
          xmlParseChunk(context, part, Int32(length), 0)
          offset += length
        }
      }
      xmlParseChunk(context, nil, 0, 1)
    }
  }

  // MARK: - Measuring

  private static let turns = 5

  private static func best(_ body: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<turns {
      let start = ContinuousClock.now
      try body()
      least = min(least, (ContinuousClock.now - start).seconds)
    }
    return least
  }

  private static func tell(
    _ name: String, _ seconds: Double, bytes: Int, against other: Double? = nil
  ) {
    let rate = Int(Double(bytes) / seconds / 1_000_000)
    let ratio = other.map { String(format: "   %.2f ×", seconds / $0) } ?? ""
    print(name.padding(toLength: 48, withPad: " ", startingAt: 0), "\(rate) MB/s\(ratio)")
  }

  private static func tell(_ name: String, _ seconds: Double, times: Int) {
    print(
      name.padding(toLength: 48, withPad: " ", startingAt: 0),
      String(format: "%.1f ns", seconds / Double(times) * 1e9))
  }

  private static func path(_ folder: String, _ prefix: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    guard let name = names.sorted().first(where: { $0.hasPrefix(prefix) }) else {
      print("micro: \(folder) has no file \(prefix)*")
      exit(66)
    }
    return folder + "/" + name
  }

  private static func bytes(_ folder: String, _ prefix: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: try path(folder, prefix))))
  }
}

extension Duration {
  /// As a floating-point number of seconds.
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
