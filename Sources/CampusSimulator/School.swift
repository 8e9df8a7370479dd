public import Payments

/// A simulated school: top-ups that balance, anomalies that were planted, statements in the real
/// layouts, and an answer sheet.
///
/// The same configuration and days always give the same bytes.
public struct School: Sendable {
  /// How the school is made.
  public let configuration: SchoolConfiguration

  /// Opens a school.
  public init(_ configuration: SchoolConfiguration) {
    self.configuration = configuration
  }

  /// One day, with nothing known of the day before but what is planted as `carried-in`.
  public func day(_ day: BusinessDay) -> SimulatedDay {
    let span = days(from: day, count: 1)
    return span.days[0]
  }

  /// Days in a row: what crosses midnight lands in the next day's statements.
  ///
  /// - Parameters:
  ///   - first: The first business day.
  ///   - count: How many days, at least one.
  public func days(from first: BusinessDay, count: Int) -> SimulatedSpan {
    precondition(count >= 1, "a span has at least one day")
    let last = first.adding(Int32(count) - 1)
    var simulation = Simulation(configuration, span: first...last)
    var desk = ExportDesk(configuration, people: simulation.people)
    var days: [SimulatedDay] = []
    var totals: [[SourceTotals]] = []
    while true {
      simulation.live()
      let today = simulation.today
      let files = desk.files(&simulation)
      totals.append(simulation.totals())
      days.append(
        SimulatedDay(
          day: today, files: files, truth: Truth(seed: configuration.seed, days: [today])))
      if today == last { break }
      simulation.sleep()
    }
    var writer = TruthWriter(simulation)
    if let kind = configuration.fault {
      let spoiler = Spoiler(configuration: configuration, simulation: simulation, desk: desk)
      writer.fault = spoiler.spoil(&days[count - 1].files, by: kind)
    }
    for place in days.indices {
      days[place].truth = writer.truth([days[place].day], totals: [totals[place]])
    }
    return SimulatedSpan(days: days, truth: writer.truth(days.map(\.day), totals: totals))
  }
}
