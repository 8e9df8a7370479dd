public import Payments

extension School {
  /// How a school's files come.
  public enum Deliveries: String, Hashable, Sendable, CaseIterable {
    /// As real schools get them: late, halved, garbled, saved again, and put right in the end.
    case bad
    /// The same files, each whole and on its own morning.
    case tidy
  }

  /// Days in a row whose files come morning by morning: WeChat's of two merchant numbers, the
  /// ledger of two campuses.
  ///
  /// What happens on these days is what ``days(from:count:)`` tells, and the same for both kinds of
  /// deliveries; only on days on which a terminal uploads late the ledger numbers its rows in
  /// another order. No bad delivery is of the last ``DeliveryKind/longest`` days.
  ///
  /// - Parameters:
  ///   - first: The first business day.
  ///   - count: How many days, at least one.
  public func deliveries(
    from first: BusinessDay, count: Int, _ deliveries: Deliveries
  ) -> DeliveredSpan {
    precondition(count >= 1, "a span has at least one day")
    let all = (0..<Int32(count)).map { first.adding($0) }
    let books = DeliveredBook.all(configuration)
    let schedule = DeliverySchedule(seed: configuration.seed, days: all, books: books)
    var simulation = Simulation(
      configuration, span: first...all[count - 1], hasTwoMerchants: true)
    var desk = ExportDesk(configuration, people: simulation.people)
    var days: [DayBooks] = []
    var totals: [[SourceTotals]] = []
    for day in all {
      if day > first { simulation.sleep() }
      simulation.live(late: schedule.terminals(day))
      days.append(desk.books(&simulation))
      totals.append(simulation.totals())
    }
    let bookWriter = BookWriter(
      configuration: configuration, people: simulation.people,
      serials: simulation.diary.ledgerSerials)
    let delivered = DeliveryDesk(writer: bookWriter, books: books, days: days).deliver(
      schedule.plans.filter { deliveries == .bad || $0.kind == .lateTerminal })
    let truths = TruthWriter(simulation)
    var truth = truths.truth(all, totals: totals)
    truth.deliveries = delivered.deliveries
    return DeliveredSpan(
      days: zip(days, totals).map { day, totals in
        SimulatedDay(
          day: day.day, files: books.map { bookWriter.file($0, day) },
          truth: truths.truth([day.day], totals: [totals]))
      },
      mornings: delivered.mornings, truth: truth)
  }
}
