internal import Foundation
internal import GRDB
public import Payments

/// A book, and which channel's.
public struct StatementSource: Hashable, Sendable {
  /// The book.
  public var side: Side
  /// The channel it speaks for.
  public var channel: Channel
}

/// One statement of a run as far as coverage needs it.
struct Delivery: Hashable {
  var source: StatementSource
  var covers: Bool
  /// First and last day it speaks for, where it says.
  var days: (first: Int32, last: Int32)?

  private init(source: StatementSource, covers: Bool, days: (first: Int32, last: Int32)?) {
    (self.source, self.covers, self.days) = (source, covers, days)
  }

  init(_ record: StatementRecord) {
    source = StatementSource(side: record.side, channel: record.channel)
    covers = record.covers
    if let from = record.from, let to = record.to { days = (from.number, to.number) }
  }

  /// What a run was delivered, by the records of its statements.
  static func all(of run: Int64, _ database: Database) throws -> [Delivery] {
    let records: [StatementRecord] = try decoded(
      database, "SELECT body FROM statements WHERE run = ? ORDER BY ordinal", [run])
    return records.map { Delivery($0) }
  }

  static func == (left: Delivery, right: Delivery) -> Bool { left.packed == right.packed }

  func hash(into hasher: inout Hasher) { hasher.combine(packed) }

  // MARK: - Packed: a byte of flags, a channel, two days of four bytes, the lowest first; a school's own
  // channel by name, whose length stands in the channel's place and which follows.

  private static let size = 10
  private static let isLedger: UInt8 = 1
  private static let covers: UInt8 = 2
  private static let hasDays: UInt8 = 4
  private static let hasName: UInt8 = 8

  /// The statement in ten bytes, and its channel's name where the school gave it.
  var packed: [UInt8] {
    let name = source.channel.isOwn ? Array(source.channel.name.utf8.prefix(255)) : []
    let flags =
      (source.side == .ledger ? Delivery.isLedger : 0) | (covers ? Delivery.covers : 0)
      | (days == nil ? 0 : Delivery.hasDays) | (name.isEmpty ? 0 : Delivery.hasName)
    let (first, last) = days ?? (0, 0)
    return [flags, name.isEmpty ? source.channel.number : UInt8(name.count)]
      + [first, last].flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) } + name
  }

  /// Reads the first statement of some bytes.
  ///
  /// - Returns: how many bytes it took; the statement is nil where its channel is one this program does not
  ///   know.
  private static func first(
    of bytes: UnsafeRawBufferPointer
  ) -> (delivery: Delivery?, size: Int) {
    func day(_ offset: Int) -> Int32 {
      Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }
    let flags = bytes[0]
    let length = flags & hasName == 0 ? 0 : min(Int(bytes[1]), bytes.count - size)
    let channel: Channel?
    if flags & hasName == 0 {
      channel = Channel(known: bytes[1])
    } else {
      let name = String(decoding: bytes[size..<(size + length)], as: UTF8.self)
      channel = Channel(name: name) ?? OwnChannel.told(name: name).channel
    }
    guard let channel else { return (nil, size + length) }
    let source = StatementSource(
      side: flags & isLedger != 0 ? .ledger : .channel, channel: channel)
    return (
      Delivery(
        source: source, covers: flags & covers != 0,
        days: flags & hasDays != 0 ? (day(2), day(6)) : nil), size + length
    )
  }

  static func packed(_ deliveries: [Delivery]) -> Data { Data(deliveries.flatMap(\.packed)) }

  static func unpacked(_ packed: Data) -> [Delivery] {
    packed.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      var found: [Delivery] = []
      while rest.count >= size {
        let next = first(of: rest)
        if let delivery = next.delivery { found.append(delivery) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(next.size))
      }
      return found
    }
  }
}

/// Deliveries by source; what one speaks for is joined with what the one before does, night after night.
struct DeliveryShelves {
  /// By side and channel.
  private var spans = [[TimeSpan]?](repeating: nil, count: 512)
  private(set) var isAnyHeld = false

  mutating func add(_ delivery: Delivery) {
    let place = (delivery.source.side == .ledger ? 256 : 0) + Int(delivery.source.channel.number)
    if spans[place] == nil { spans[place] = [] }
    // What is held covers nothing.
    guard delivery.covers else {
      isAnyHeld = true
      return
    }
    guard let (first, last) = delivery.days, first <= last else { return }
    let span = TimeSpan(first: BusinessDay(number: first), last: BusinessDay(number: last))
    guard var last = spans[place]?.popLast() else {
      spans[place] = [span]
      return
    }
    if last.start <= span.start, span.start <= last.end {
      last.end = max(last.end, span.end)
      spans[place]?.append(last)
    } else {
      spans[place]? += [last, span]
    }
  }

  private func source(_ place: Int) -> StatementSource {
    let number = UInt8(truncatingIfNeeded: place)
    return StatementSource(
      side: place < 256 ? .channel : .ledger,
      channel: Channel.all.first { $0.number == number } ?? .unknown)
  }

  /// The sources that delivered anything.
  var sources: [StatementSource] { spans.indices.filter { spans[$0] != nil }.map(source) }

  /// Which stretches they cover.
  var coverage: Coverage {
    var ledger: [TimeSpan] = []
    var channels: [Channel: [TimeSpan]] = [:]
    for (place, spans) in spans.enumerated() {
      // A source that delivered nothing that covers is not one that a row must be covered by.
      guard let spans, !spans.isEmpty else { continue }
      let source = source(place)
      if source.side == .ledger {
        ledger += spans
      } else {
        channels[source.channel] = spans
      }
    }
    return Coverage(ledger: ledger, channels: channels)
  }
}
