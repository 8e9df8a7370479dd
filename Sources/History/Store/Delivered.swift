internal import Foundation
internal import GRDB
public import Payments

/// What the nights were delivered: which book of which channel, and the days it speaks for.
///
/// The records of the statements say so too, one by one; a night of the tenth year asks for it of
/// thirty thousand statements. So each run has it in one piece beside them, ten bytes a statement, which
/// `verify` holds against the records.
extension HistoryStore {
  /// What the nights in force were delivered, read in one walk.
  public func delivered() throws(HistoryError) -> DeliveredStatements {
    try read { database in
      var found = DeliveredStatements()
      var shelves = DeliveryShelves()
      try HistoryStore.fillShelves(&shelves, database, before: nil)
      found.sources = shelves.sources
      found.coverage = shelves.coverage
      if shelves.isAnyHeld { found.held = try HistoryStore.held(database) }
      return found
    }
  }

  /// Which stretches the statements of the nights in force before `day` cover.
  ///
  /// - Parameter read: nights whose statements are read again, which say themselves what they cover.
  public func coverage(
    before day: BusinessDay, except read: Set<BusinessDay> = []
  ) throws(HistoryError) -> Coverage {
    try self.read { database in
      var shelves = DeliveryShelves()
      try HistoryStore.fillShelves(&shelves, database, before: day, except: read)
      return shelves.coverage
    }
  }

  /// Books of channels that came on at least six of the last seven days before `day` on which anything of
  /// their channel came: one of them that does not come is missed by name.
  public func learnedBooks(before day: BusinessDay) throws(HistoryError) -> [Book] {
    let nights = try self.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT d.statements FROM effective e JOIN delivered d ON d.run = e.id
          WHERE e.day < ? ORDER BY e.day DESC LIMIT 30
          """, arguments: [day.number]
      ).map { row in
        Set(
          Delivery.unpacked(try row.at(0)).filter { $0.covers && $0.book.side == .channel }.map {
            Book(side: .channel, channel: $0.book.channel, owner: $0.book.owner)
          })
      }
    }
    return Set(nights.joined()).filter { book in
      guard !book.owner.isEmpty else { return false }
      let week = nights.filter { $0.contains { $0.channel == book.channel } }.prefix(7)
      return week.count == 7 && week.count { $0.contains(book) } >= 6
    }.sorted()
  }

  private static func fillShelves(
    _ shelves: inout DeliveryShelves, _ database: Database, before day: BusinessDay?,
    except read: Set<BusinessDay> = []
  ) throws {
    let runs = try Row.fetchCursor(
      database,
      sql: """
        SELECT d.statements, e.id, e.day FROM effective e LEFT JOIN delivered d ON d.run = e.id
        WHERE e.day < ? ORDER BY e.day
        """, arguments: [day?.number ?? .max])
    while let run = try runs.next() {
      if !read.isEmpty, read.contains(BusinessDay(number: run[2])) { continue }
      let isPacked = try run.withUnsafeData(atIndex: 0) { packed in
        guard let packed else { return false }
        for delivery in Delivery.unpacked(packed) { shelves.add(delivery) }
        return true
      }
      if isPacked { continue }
      // A run of a program of before.
      for delivery in try Delivery.all(of: run[1], database) { shelves.add(delivery) }
    }
  }

  /// Every file none of whose rows was used, by day.
  private static func held(_ database: Database) throws -> [HeldFile] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT e.day, s.body FROM effective e
        JOIN statements s INDEXED BY statements_standing ON s.run = e.id AND s.covers = 0
        WHERE s.held ORDER BY e.day, s.ordinal
        """
    ).map { row in
      let record = try JSONDecoder().decode(StatementRecord.self, from: row.at(1))
      return HeldFile(
        day: BusinessDay(number: try row.at(0)), source: Delivery(record).source, name: record.file)
    }
  }
}

/// What was delivered over all nights, as far as a search must know of it.
public struct DeliveredStatements: Sendable {
  /// The sources that delivered anything.
  public var sources: [StatementSource] = []
  /// Files none of whose rows was used.
  public var held: [HeldFile] = []
  /// Which stretches the statements cover.
  public var coverage = Coverage()
}

/// A file none of whose rows was used.
public struct HeldFile: Hashable, Sendable {
  /// The night it was delivered for.
  public var day: BusinessDay
  /// The book it is.
  public var source: StatementSource
  /// Its name.
  public var name: String
}
