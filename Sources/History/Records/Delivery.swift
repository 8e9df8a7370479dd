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
  var book: Book
  var covers: Bool
  /// The stretch it covers; nil where it covers none.
  var span: TimeSpan?
  /// Whether ``span`` is days and nothing is known of the book but its channel, as in runs of before.
  private var isOfBefore: Bool

  var source: StatementSource { StatementSource(side: book.side, channel: book.channel) }

  private init(book: Book, covers: Bool, span: TimeSpan?, isOfBefore: Bool) {
    (self.book, self.covers, self.span, self.isOfBefore) = (book, covers, span, isOfBefore)
  }

  init(_ record: StatementRecord) {
    (book, covers) = (record.book, record.covers)
    isOfBefore = record.owner == nil
    span = record.span
    if isOfBefore, let from = record.from, let to = record.to {
      span = TimeSpan(first: from, last: to)
    }
  }

  /// What a run was delivered, by the records of its statements.
  static func all(of run: Int64, _ database: Database) throws -> [Delivery] {
    let records: [StatementRecord] = try decoded(
      database, "SELECT body FROM statements WHERE run = ? ORDER BY ordinal", [run])
    return records.map { Delivery($0) }
  }

  // MARK: - Packed: a byte of flags, a channel, two days of four bytes, the lowest first; a school's own
  // channel by name, whose length stands in the channel's place and which follows; then, where the book is
  // known, its content, its owner with its length, and two seconds of eight bytes in place of the days.

  private static let size = 10
  private static let isLedger: UInt8 = 1
  private static let covers: UInt8 = 2
  private static let hasDays: UInt8 = 4
  private static let hasName: UInt8 = 8
  private static let hasBook: UInt8 = 16

  /// The statement in ten bytes, with its channel's name where the school gave it and its book where that is
  /// known.
  var packed: [UInt8] {
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian, Array.init)
    }
    let name = book.channel.isOwn ? Array(book.channel.name.utf8.prefix(255)) : []
    let flags =
      (book.side == .ledger ? Delivery.isLedger : 0) | (covers ? Delivery.covers : 0)
      | (span == nil ? 0 : Delivery.hasDays) | (name.isEmpty ? 0 : Delivery.hasName)
      | (isOfBefore ? 0 : Delivery.hasBook)
    let days = isOfBefore ? span.map { ($0.start.day.number, $0.end.day.number - 1) } : nil
    let head =
      [flags, name.isEmpty ? book.channel.number : UInt8(name.count)]
      + bytes(days?.0 ?? 0) + bytes(days?.1 ?? 0) + name
    if isOfBefore { return head }
    let owner = Array(book.owner.utf8.prefix(255))
    return head + [book.content.rawValue, UInt8(owner.count)] + owner
      + bytes(span?.start.seconds ?? 0) + bytes(span?.end.seconds ?? 0)
  }

  /// Reads the first statement of some bytes.
  ///
  /// - Returns: how many bytes it took; the statement is nil where its channel is one this program does not
  ///   know, or where the bytes end within it.
  private static func first(
    of bytes: UnsafeRawBufferPointer
  ) -> (delivery: Delivery?, size: Int) {
    func number<Number: FixedWidthInteger>(_ offset: Int) -> Number {
      Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
    func text(_ offset: Int, _ length: Int) -> String {
      String(decoding: bytes[offset..<(offset + length)], as: UTF8.self)
    }
    let flags = bytes[0]
    var end = size
    let channel: Channel?
    if flags & hasName == 0 {
      channel = Channel(known: bytes[1])
    } else {
      end += Int(bytes[1])
      guard end <= bytes.count else { return (nil, bytes.count) }
      let name = text(size, Int(bytes[1]))
      channel = Channel(name: name) ?? OwnChannel.told(name: name).channel
    }
    var book = Book(side: flags & isLedger != 0 ? .ledger : .channel, channel: channel ?? .unknown)
    var span: TimeSpan?
    if flags & hasBook == 0 {
      let (first, last): (Int32, Int32) = (number(2), number(6))
      if flags & hasDays != 0 {
        span = TimeSpan(first: BusinessDay(number: first), last: BusinessDay(number: last))
      }
    } else {
      guard end + 2 <= bytes.count, end + 18 + Int(bytes[end + 1]) <= bytes.count else {
        return (nil, bytes.count)
      }
      book.content = BookContent(rawValue: bytes[end])
      let length = Int(bytes[end + 1])
      book.owner = text(end + 2, length)
      end += 2 + length
      if flags & hasDays != 0 {
        span = TimeSpan(
          start: Timestamp(seconds: number(end)), end: Timestamp(seconds: number(end + 8)))
      }
      end += 16
    }
    let delivery = Delivery(
      book: book, covers: flags & covers != 0, span: span, isOfBefore: flags & hasBook == 0)
    return (channel == nil ? nil : delivery, end)
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

/// Deliveries by book; what one speaks for is joined with what the one before does, night after night.
struct DeliveryShelves {
  private var shelves: [(book: Book, spans: [TimeSpan])] = []
  private(set) var isAnyHeld = false

  mutating func add(_ delivery: Delivery) {
    // There are a handful of books, and mostly the same ones in the same order.
    let place = shelves.firstIndex { $0.book == delivery.book } ?? shelves.count
    if place == shelves.count { shelves.append((delivery.book, [])) }
    // What is held covers nothing.
    guard delivery.covers else {
      isAnyHeld = true
      return
    }
    guard let span = delivery.span, span.start < span.end else { return }
    guard let last = shelves[place].spans.last, last.start <= span.start, span.start <= last.end
    else {
      shelves[place].spans.append(span)
      return
    }
    shelves[place].spans[shelves[place].spans.count - 1].end = max(last.end, span.end)
  }

  /// The sources that delivered anything.
  var sources: [StatementSource] {
    Set(shelves.map { StatementSource(side: $0.book.side, channel: $0.book.channel) }).sorted {
      ($0.side, $0.channel) < ($1.side, $1.channel)
    }
  }

  /// Which stretches they cover.
  var coverage: Coverage {
    // A book that delivered nothing that covers is not one that a row must be covered by.
    Coverage(
      books: shelves.filter { !$0.spans.isEmpty }.map { BookCoverage($0.book, spans: $0.spans) })
  }
}
