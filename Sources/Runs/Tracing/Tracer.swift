package import History
package import Payments
internal import Statements

/// Finds the whole life of a payment by any of its serials.
package struct Tracer {
  private let configuration: Configuration
  private let store: HistoryStore
  private let threads: Int
  /// What all nights were delivered.
  private let delivered: DeliveredStatements
  private let indexes: SerialIndexes
  /// Called with nights searched and nights in all, where every night has to be.
  package var progress: ((Int, Int) -> Void)?

  /// Prepares questions about a history.
  package init(configuration: Configuration, store: HistoryStore, threads: Int) throws {
    self.configuration = configuration
    self.store = store
    self.threads = threads
    delivered = try store.delivered()
    indexes = try store.serialIndexes()
  }

  /// Days read at most for one question.
  static let dayLimit = 60

  /// Traces a serial, an order number or an anomaly's id.
  ///
  /// - Parameter given: the serial; what exports put around one (a backtick, TABs, quotes, `="…"`) may
  ///   have been copied with it.
  package func trace(_ given: String) async throws -> Trace {
    let query = bareKey(given.trimmed(of: " \t\r\n`'\"=,，“”　"))
    var trace = try blank(query)
    if let anomaly = try store.anomaly(query) {
      let keys = [
        anomaly.channelSerial, anomaly.merchantOrder, anomaly.ledgerSerial, anomaly.refundSerial,
      ].compactMap { $0.map { soughtKeys($0) } }
      try await follow(keys.reduce(into: []) { $0.formUnion($1) }, into: &trace)
      return trace
    }
    try await follow(soughtKeys(query), into: &trace)
    if trace.groups.isEmpty {
      trace.candidates = try SerialSearch(days: indexes.days, store: store, progress: progress)
        .serials(endingIn: query)
    }
    return trace
  }

  /// Everything an account did, on one day or on all.
  package func trace(account: String, on day: BusinessDay?) async throws -> Trace {
    var trace = try blank(account)
    let keys = soughtKeys(account, isPerson: true)
    var days = try indexes.days(withAny: keys)
    if let day { days.removeAll { $0 != day } }
    try await follow(keys, in: Set(days.suffix(Tracer.dayLimit)), isAccount: true, into: &trace)
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
    var found = configuration.sources.map(\.channel).flatMap { channel -> [TraceGap] in
      let books = coverage.united { $0.mayHold(channel, .both) }
      return gaps(channel.name) { books.covers(from: $0, to: $1) }
    }
    if !configuration.ledger.isEmpty {
      let books = coverage.united { $0.side == .ledger }
      found += gaps(Side.ledger.rawValue) { books.covers(from: $0, to: $1) }
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
      let scene = Scene(
        archive, known: delivered.coverage, rules: configuration.rules, followsMoney: !isAccount)
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
