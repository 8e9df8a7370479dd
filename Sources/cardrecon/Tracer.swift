import Columns
import Foundation
import History
import Payments
import Reconciliation
import Statements

/// Finds the whole life of a payment by any of its serials.
struct Tracer {
  let configuration: Configuration
  let store: HistoryStore
  let threads: Int
  /// What all nights were delivered.
  fileprivate let delivered: DeliveredStatements
  private let indexes: SerialIndexes
  /// Called with nights searched and nights in all, where every night has to be.
  var progress: ((Int, Int) -> Void)?

  init(configuration: Configuration, store: HistoryStore, threads: Int) throws {
    self.configuration = configuration
    self.store = store
    self.threads = threads
    delivered = try store.delivered()
    indexes = try store.serialIndexes()
  }

  /// Days read at most for one question.
  static let dayLimit = 60
  /// Serials named at most where only the end of one is known.
  static let candidateLimit = 20

  /// Traces a serial, an order number or an anomaly's id.
  ///
  /// - Parameter given: the serial; what exports put around one (a backtick, TABs, quotes, `="…"`) may
  ///   have been copied with it.
  func trace(_ given: String) async throws -> Trace {
    let query = given.trimmed(of: " \t\r\n`'\"=,，“”　")
    var trace = try blank(query)
    if let anomaly = try store.anomaly(query) {
      let keys = [
        anomaly.channelSerial, anomaly.merchantOrder, anomaly.ledgerSerial, anomaly.refundSerial,
      ].compactMap { $0.map { fingerprint($0) } }
      try await follow(Set(keys), into: &trace)
      return trace
    }
    try await follow([fingerprint(query)], into: &trace)
    if trace.groups.isEmpty { trace.candidates = try candidates(query) }
    return trace
  }

  /// Everything an account did, on one day or on all.
  func trace(account: String, on day: BusinessDay?) async throws -> Trace {
    var trace = try blank(account)
    let key = fingerprint(account)
    var days = try indexes.days(withAny: [key])
    if let day { days.removeAll { $0 != day } }
    try await follow([key], in: Set(days.suffix(Tracer.dayLimit)), isAccount: true, into: &trace)
    if let day {
      trace.groups.removeAll { group in
        !group.rows.contains { $0.time.day == day }
      }
    }
    return trace
  }

  private func blank(_ query: String) throws -> Trace {
    var trace = Trace(query: query)
    let days = indexes.days
    if let first = days.first, let last = days.last { trace.searched = first...last }
    func name(_ source: StatementSource) -> String {
      source.side == .ledger ? Side.ledger.rawValue : source.channel.name
    }
    for file in delivered.held {
      trace.missing.append(
        TraceGap(days: file.day...file.day, source: name(file.source), file: file.name))
    }
    let told = Set(trace.missing.map { [$0.source, "\($0.days.lowerBound)"] })
    trace.missing += absent(days).filter {
      !told.contains([$0.source, "\($0.days.lowerBound)"])
    }
    for (day, next) in zip(days, days.dropFirst()) where day.adding(1) < next {
      trace.missing.append(TraceGap(days: day.adding(1)...next.adding(-1)))
    }
    trace.missing.sort {
      ($0.days.lowerBound, $0.source ?? "") < ($1.days.lowerBound, $1.source ?? "")
    }
    trace.sources = Set(delivered.sources.map(name)).sorted()
    return trace
  }

  /// Nights for which a source that should have spoken did not, or not for the whole day.
  private func absent(_ days: [BusinessDay]) -> [TraceGap] {
    let coverage = delivered.coverage
    func gaps(_ source: String, _ covers: (_ from: Int64, _ to: Int64) -> Bool) -> [TraceGap] {
      func isCovered(_ days: ClosedRange<BusinessDay>) -> Bool {
        covers(days.lowerBound.start.seconds, days.upperBound.adding(1).start.seconds - 1)
      }
      // Mostly nothing is missing, and that is one question and not thousands.
      guard let first = days.first, let last = days.last, !isCovered(first...last) else {
        return []
      }
      return days.filter { !isCovered($0...$0) }.map { TraceGap(days: $0...$0, source: source) }
    }
    var found = configuration.sources.map(\.channel).flatMap { channel in
      gaps(channel.name) { coverage.channelCovers(channel, from: $0, to: $1) }
    }
    if !configuration.ledger.isEmpty {
      found += gaps(Side.ledger.rawValue) { coverage.ledgerCovers(from: $0, to: $1) }
    }
    return found
  }

  private func follow(_ keys: Set<KeyHash>, into trace: inout Trace) async throws {
    let days = try indexes.days(withAny: keys)
    try await follow(keys, in: Set(days), isAccount: false, into: &trace)
  }

  /// Reads the days a key occurs in, judges them, and goes on to the days of whatever shares a group
  /// with it, until nothing new turns up.
  private func follow(
    _ keys: Set<KeyHash>, in days: Set<BusinessDay>, isAccount: Bool, into trace: inout Trace
  ) async throws {
    guard !days.isEmpty else { return }
    var days = days
    var archive = ArchivedDays(options: options)
    while true {
      try await archive.read(days, from: store)
      let scene = Scene(archive, self)
      let rows = scene.rows(with: keys, isAccount: isAccount)
      let wanted = scene.groupKeys(of: rows)
      let more = Set(try indexes.days(withAny: wanted)).union(scene.neighbours(of: rows))
        .intersection(indexes.days).subtracting(days)
      guard !more.isEmpty, days.count + more.count <= Tracer.dayLimit else {
        trace.groups = try scene.groups(of: rows, store)
        try await noteReissues(days, &trace)
        return
      }
      days.formUnion(more)
    }
  }

  /// How the archived statements are read.
  private var options: Intake.Options {
    var options = Intake.Options()
    options.threads = threads
    options.profileFolder = configuration.profiles
    options.reconciled = Set(configuration.sources.map(\.channel))
    return options
  }

  /// Puts beside each group how its rows read in an issue before.
  private func noteReissues(_ days: Set<BusinessDay>, _ trace: inout Trace) async throws {
    for day in days.sorted() {
      let reissues = Reissues(store: store, day: day, options: options)
      for record in try store.statements(of: day) where !record.sha256.isEmpty {
        let reissue = try await reissues.compare(
          sha256: record.sha256, delivered: record.delivered, member: record.member,
          limit: .max)
        for change in reissue?.rows ?? [] {
          for index in trace.groups.indices
          where trace.groups[index].rows.contains(where: { $0.carries(change.key) }) {
            trace.groups[index].reissued.append(change)
          }
        }
      }
    }
  }

  /// Serials that end as the query does, from what was delivered, the newest first; at least eight
  /// characters.
  private func candidates(_ query: String) throws -> [String] {
    let wanted = Array(query.utf8)
    guard wanted.count >= Trace.shortestEnd else { return [] }
    var found: [String] = []
    var seen = Set<String>()
    let days = Array(indexes.days.reversed())
    // Some nights at a time: mostly the serial is one of the last.
    let some = 16
    for first in stride(from: 0, to: days.count, by: some) {
      progress?(first, days.count)
      let files = try days[first...].prefix(some).flatMap { try store.statements(of: $0) }
        .map(\.sha256).filter { !$0.isEmpty && seen.insert($0).inserted }
      let endings = concurrently(files.count) { index in
        var endings: [String] = []
        Intake.forEachContent(of: store.folder.archived(files[index])) { bytes in
          forEachWord(endingIn: wanted, in: bytes) { word in
            if !endings.contains(word) { endings.append(word) }
            return endings.count < Tracer.candidateLimit
          }
        }
        return endings
      }
      for serial in endings.joined() where !found.contains(serial) {
        found.append(serial)
        if found.count == Tracer.candidateLimit { return found }
      }
    }
    return found
  }

  /// Calls `body` with each word that ends so, for as long as it wants more.
  private func forEachWord(
    endingIn wanted: [UInt8], in bytes: UnsafeRawBufferPointer, _ body: (String) -> Bool
  ) {
    func isWord(_ byte: UInt8) -> Bool {
      (byte &- 0x30) <= 9 || ((byte | 0x20) &- 0x61) < 26 || byte == 0x2D || byte == 0x5F
    }
    // Eight bytes at a time: whoever asks has given at least eight.
    let start = wanted.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    for place in 0..<max(0, bytes.count - wanted.count + 1)
    where bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) == start {
      let end = place + wanted.count
      guard bytes[place..<end].elementsEqual(wanted), end == bytes.count || !isWord(bytes[end])
      else { continue }
      var low = place
      while low > 0, isWord(bytes[low - 1]) { low -= 1 }
      guard body(String(decoding: bytes[low..<end], as: UTF8.self)) else { return }
    }
  }
}

/// The statements of archived days, each read once.
private struct ArchivedDays {
  let options: Intake.Options
  private(set) var days = Set<BusinessDay>()
  private(set) var files = ReadFiles()
  private var seen = Set<String>()

  init(options: Intake.Options) { self.options = options }

  /// Reads those of the days that were not read yet.
  mutating func read(_ wanted: Set<BusinessDay>, from store: HistoryStore) async throws {
    var sources: [Intake.Source] = []
    for day in wanted.subtracting(days).sorted() {
      for record in try store.statements(of: day)
      where !record.isHeld && !record.sha256.isEmpty && seen.insert(record.sha256).inserted {
        sources.append(
          Intake.Source(
            path: store.folder.archived(record.sha256), name: record.delivered, isContext: true))
      }
    }
    days.formUnion(wanted)
    try await files.read(archived: sources, options: options)
  }
}

/// Some archived days, judged together.
private struct Scene {
  let intake: Intake
  let judgement: Judgement
  let focus: NightFocus
  let assembly: ReportAssembly

  init(_ archive: ArchivedDays, _ tracer: Tracer) {
    intake = Intake(archive.files, options: archive.options)
    let after = BusinessDay(number: .max - 400_000)
    let known = tracer.delivered.coverage
    judgement = reconcile(
      intake.entries, coverage: intake.coverage.joined(with: known),
      rules: tracer.configuration.rules)
    focus = NightFocus(
      day: archive.days.max() ?? after, intake: intake, judgement: judgement, prior: PriorState())
    assembly = ReportAssembly(
      intake: EvidenceIntake(intake), judgement: judgement, rules: tracer.configuration.rules)
  }

  /// Rows that carry one of the keys.
  func rows(with keys: Set<KeyHash>, isAccount: Bool) -> [Int] {
    let entries = intake.entries
    return (0..<entries.count).filter { row in
      isAccount
        ? keys.contains(entries.account[row]) || keys.contains(entries.student[row])
        : keys.contains(entries.order[row]) || keys.contains(entries.serial[row])
          || keys.contains(entries.own[row])
          || entries.original[Int32(row)].map(keys.contains) ?? false
    }
  }

  /// Every row in one group with these, or named by one anomaly with them: the other debit of the same
  /// payer, the candidates nobody can choose between.
  private func members(of rows: [Int]) -> [[Int]] {
    // A group by its label, a row that stands alone by its own number.
    let groups = judgement.groupOfRows()
    func node(_ row: Int) -> Int { groups[row] >= 0 ? Int(groups[row]) : -1 - row }
    var nodes = Set(rows.map(node))
    var leader: [Int: Int] = [:]
    func first(_ node: Int) -> Int {
      var node = node
      while let next = leader[node] { node = next }
      return node
    }
    let links =
      judgement.weakMatches.map { [Int($0.payment), Int($0.credit)] }
      + judgement.anomalies.map { $0.rows.map { Int($0) } }
    for link in links {
      let linked = link.map(node)
      guard let head = linked.first, !nodes.isDisjoint(with: linked) else { continue }
      nodes.formUnion(linked)
      for other in linked where first(other) != first(head) { leader[first(other)] = first(head) }
    }
    var found: [Int: [Int]] = [:]
    for row in groups.indices where nodes.contains(node(row)) {
      found[first(node(row)), default: []].append(row)
    }
    return found.values.sorted { left, right in
      (intake.entries.time[left[0]], left[0]) < (intake.entries.time[right[0]], right[0])
    }
  }

  /// Keys by which other days may hold more of these groups.
  func groupKeys(of rows: [Int]) -> Set<KeyHash> {
    let entries = intake.entries
    var keys = Set<KeyHash>()
    for row in members(of: rows).joined() {
      keys.formUnion([entries.order[row], entries.serial[row]])
      if !entries.kind[row].isChannelMoney { keys.insert(entries.own[row]) }
      if let original = entries.original[Int32(row)] { keys.insert(original) }
    }
    keys.remove(0)
    return keys
  }

  /// Days next to rows near midnight.
  func neighbours(of rows: [Int]) -> Set<BusinessDay> {
    var days = Set<BusinessDay>()
    for row in members(of: rows).joined() {
      let time = Timestamp(seconds: Int64(intake.entries.time[row]))
      if time.secondOfDay < Night.reach { days.insert(time.day.adding(-1)) }
      if time.secondOfDay >= 86_400 - Night.reach { days.insert(time.day.adding(1)) }
    }
    return days
  }

  /// The groups of these rows, told.
  func groups(of rows: [Int], _ store: HistoryStore) throws -> [TraceGroup] {
    try members(of: rows).map { members in
      let entries = intake.entries
      let ordered = members.sorted {
        (entries.time[$0], entries.kind[$0].isLedger ? 1 : 0, $0)
          < (entries.time[$1], entries.kind[$1].isLedger ? 1 : 0, $1)
      }
      let ids = try store.anomalies(at: ordered.map(focus.place))
      let anomalies = try ids.compactMap { try store.anomaly($0) }
      let inside = Set(ordered)
      let waiting = judgement.pending.filter { inside.contains(Int($0.row)) }
      let isWeak = judgement.weakMatches.contains { inside.contains(Int($0.payment)) }
      let hasOrder = ordered.contains { entries.order[$0] != 0 }
      return TraceGroup(
        basis: isWeak ? .weak : ordered.count == 1 ? .single : hasOrder ? .order : .serial,
        rows: try ordered.map(tell), anomalies: anomalies,
        pending: try waiting.map(assembly.describe),
        decisions: try ids.flatMap { try store.decisions(of: $0) }.map { TraceDecision($0) })
    }
  }

  private func tell(_ row: Int) throws -> TraceRow {
    let entries = intake.entries
    let evidence = try intake.evidence(row)
    let channel = entries.channel[row]
    var told = TraceRow(
      time: Timestamp(seconds: Int64(entries.time[row])), kind: entries.kind[row],
      channel: channel == .unknown ? nil : channel, amountFen: entries.fen[row],
      bucket: judgement.buckets[row], evidence: evidence.line,
      sha256: intake.statements[Int(entries.statement[row])].statement.sha256)
    told.channelSerial = evidence.serial
    told.merchantOrder = evidence.order
    told.ledgerSerial = evidence.ledgerSerial
    told.refundSerial = evidence.refundSerial
    told.account = evidence.account
    return told
  }
}

extension TraceRow {
  /// Whether a serial is one of the row's.
  fileprivate func carries(_ serial: String) -> Bool {
    [channelSerial, merchantOrder, ledgerSerial, refundSerial].contains(serial)
  }
}

extension String {
  /// Without any of these characters at either end; whole when nothing would be left.
  fileprivate func trimmed(of characters: String) -> String {
    let kept = drop { characters.contains($0) }
    let end = kept.lastIndex { !characters.contains($0) }
    return end.map { String(kept[...$0]) } ?? self
  }
}
