internal import Foundation
internal import GRDB
public import Payments

/// A link of the chain, as it is written down elsewhere.
public struct ChainLink: Hashable, Sendable {
  /// Counted from 1.
  public var number: Int64
  /// SHA-256 over the link before and what this one says, in lower-case hexadecimal.
  public var hash: String

  /// Names a link.
  public init(number: Int64, hash: String) { (self.number, self.hash) = (number, hash) }

  /// Fewer digits than these tell no link from another.
  public static let fewestDigits = 16

  /// The link as it stands in mails, on pages and in what `verify` prints.
  public func sentence(_ language: Language) -> String {
    language == .zh ? "链头：第 \(number) 环 \(hash)" : "head: link \(number) \(hash)"
  }
}

/// A file that is published beside the days, as the chain has it: the calendar, a month's manifest.
public struct PublishedPage: Codable, Hashable, Sendable {
  /// Where it lies in the output folder, e.g. `index.html`, `2026-11/manifest.sha256`.
  public var path: String
  /// SHA-256 of its bytes in lower-case hexadecimal.
  public var sha256: String

  /// Describes a page.
  public init(path: String, sha256: String) { (self.path, self.sha256) = (path, sha256) }
}

/// What is written on the outside of a day: the link its run is, the manifest that link is about.
public struct DayAnchor: Hashable, Sendable {
  /// The link of the run in force.
  public var link: ChainLink
  /// SHA-256 of its manifest in lower-case hexadecimal.
  public var manifest: String
  /// Public key of whoever signs it, in base64; empty for nobody, nil for runs of before anchors were.
  public var signer: String?
}

extension HistoryStore {
  /// The last link of the chain; nil before the first.
  ///
  /// Kept elsewhere it proves later that nothing up to it was rewritten or cut off (``verifyHead(_:)``).
  public func head() throws(HistoryError) -> ChainLink? { try link("") }

  /// The last link that is about more than how it is shown: what a page can say of the chain it is itself a
  /// link of.
  public func headBesidePages() throws(HistoryError) -> ChainLink? {
    try link("WHERE kind <> 'page'")
  }

  private func link(_ condition: String) throws(HistoryError) -> ChainLink? {
    try read { database in
      try Row.fetchOne(
        database, sql: "SELECT seq, hash FROM chain \(condition) ORDER BY seq DESC LIMIT 1"
      ).map { ChainLink(number: try $0.at(0), hash: try $0.at(1)) }
    }
  }

  /// Whether a head of earlier, or at least the first 16 digits of it, is still in the chain.
  ///
  /// - Throws: ``HistoryError/refused(_:)`` when it is no hash.
  public func verifyHead(_ hash: String) throws(HistoryError) -> [Discrepancy] {
    let hash = hash.lowercased()
    guard (ChainLink.fewestDigits...64).contains(hash.utf8.count), hash.allSatisfy(\.isHexDigit)
    else {
      throw .refused(
        Wording(
          zh: "--head：应为链头哈希的前 16 至 64 位十六进制数字。",
          en: "--head: expected 16 to 64 hexadecimal digits of a head."))
    }
    let isThere = try read { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM chain WHERE hash LIKE ?)",
        arguments: [hash + "%"]) ?? false
    }
    if isThere { return [] }
    return [
      Discrepancy(
        "chain \(hash)", zh: "这个链头不在哈希链中：它之前的记录被改写、删去，或这是另一份历史。",
        en:
          "no link has this hash: what was before it was rewritten or cut off, or it is another history's."
      )
    ]
  }

  // MARK: - What is published

  /// What is written on the outside of a day; nil when the day has not been run.
  public func anchor(of day: BusinessDay) throws(HistoryError) -> DayAnchor? {
    guard let run = try run(of: day), let manifest = run.reports["manifest.sha256"] else {
      return nil
    }
    return try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT seq, hash FROM chain WHERE kind = 'run'
            AND json_extract(CAST(body AS TEXT), '$.run') = ?
          """, arguments: [run.run]
      ).map {
        DayAnchor(
          link: ChainLink(number: try $0.at(0), hash: try $0.at(1)), manifest: manifest,
          signer: run.anchoredBy)
      }
    }
  }

  /// Records what was published beside the days, unless it is what was published there last.
  public func record(_ page: PublishedPage) throws(HistoryError) {
    guard try pages()[page.path] != page.sha256 else { return }
    do {
      _ = try database.write { database in
        try HistoryStore.append("page", try encoded(page), database)
      }
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// Whether everything published beside the days is recorded: histories that began before pages were may show
  /// some that are not.
  public func recordsPages() throws(HistoryError) -> Bool {
    let body = try read { database in
      try Data.fetchOne(
        database, sql: "SELECT body FROM chain WHERE kind = 'run' ORDER BY seq LIMIT 1")
    }
    return body.flatMap { try? JSONDecoder().decode(ChainedRun.self, from: $0) }?.anchoredBy != nil
  }

  /// SHA-256 of what was published last beside the days, by where it lies in the output folder.
  public func pages() throws(HistoryError) -> [String: String] {
    let pages: [PublishedPage] = try read { database in
      // One that cannot be read any more is told where the chain is checked.
      try Data.fetchAll(database, sql: "SELECT body FROM chain WHERE kind = 'page' ORDER BY seq")
        .compactMap { try? JSONDecoder().decode(PublishedPage.self, from: $0) }
    }
    return Dictionary(pages.map { ($0.path, $0.sha256) }, uniquingKeysWith: { $1 })
  }
}
