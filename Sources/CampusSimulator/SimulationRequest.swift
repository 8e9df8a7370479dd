internal import Payments

/// A request in words, as a command line makes it: checked, and turned into days of a school.
public struct SimulationRequest: Sendable {
  /// Every choice follows from it.
  public var seed: UInt64 = 7
  /// Number of students.
  public var students: Int?
  /// Ordinary payments a day.
  public var payments: Int?
  /// First business day, `yyyy-MM-dd`.
  public var day = "2026-11-02"
  /// Number of days.
  public var days = 1
  /// `all`, `none`, or anomaly kinds with commas between; `pending` stands for the edges of days.
  public var kinds = "all"
  /// How often each plant is planted a day; one to three times unless told.
  public var each: Int?
  /// A statement fault by its public name.
  public var fault: String?
  /// The source whose file the fault happens to: `wechat`, …, `ledger`.
  public var faultSource: String?
  /// Whether Alipay's bill comes as plain CSV.
  public var isAlipayPlain = false
  /// `02` or `08`.
  public var camtVersion = "08"
  /// `plain`, or `mixed` for a school whose naming of people is drawn from the seed, with cases of who
  /// is who.
  public var people = "plain"
  /// Whether the channels' own accounts and what they send to the bank are simulated.
  public var hasFunds = false
  /// Whether whoever judges knows what Alipay takes by contract.
  public var hasContracts = false
  /// Days off that would be worked: `2025-10-01/2025-10-08`, with commas between.
  public var holidays = ""
  /// Days worked that would be off.
  public var workdays = ""
  /// Whether the small sample day is wanted.
  public var isSample = false
  /// Payments of the reference day, when that is wanted instead of a school.
  public var reference: Int?
  /// `bad` or `tidy`, when the files are to come morning by morning.
  public var deliveries: String?

  /// Creates the default request.
  public init() {}

  /// Simulates what is asked for.
  public func run() throws(SimulationRequestError) -> SimulatedSpan {
    guard let first = BusinessDay(day) else {
      throw SimulationRequestError("--day \(day): no such day; expected yyyy-MM-dd")
    }
    guard (1...3_660).contains(days) else {
      throw SimulationRequestError("--days \(days): expected 1 to 3660")
    }
    if let reference {
      guard people == "plain" else {
        throw SimulationRequestError("--people \(people): not together with --reference")
      }
      guard (200...50_000_000).contains(reference) else {
        throw SimulationRequestError("--reference \(reference): expected 200 to 50000000")
      }
      let day = School.reference(payments: reference, seed: seed, day: first)
      return SimulatedSpan(days: [day], truth: day.truth)
    }
    let span = try School(configuration()).days(from: first, count: days)
    if let fault, span.truth.faults.isEmpty {
      throw SimulationRequestError(
        "--fault \(fault): cannot happen to that source\(days == 1 ? ", or needs --days 2" : "")")
    }
    return span
  }

  /// Simulates what is asked for with the files coming morning by morning.
  public func runDeliveries() throws(SimulationRequestError) -> DeliveredSpan {
    guard let first = BusinessDay(day) else {
      throw SimulationRequestError("--day \(day): no such day; expected yyyy-MM-dd")
    }
    guard let kind = deliveries.flatMap(School.Deliveries.init(rawValue:)) else {
      throw SimulationRequestError("--deliveries \(deliveries ?? ""): expected bad or tidy")
    }
    let shortest = DeliveryKind.longest + 2
    guard (shortest...3_660).contains(days) else {
      throw SimulationRequestError("--deliveries: needs --days \(shortest) to 3660")
    }
    guard fault == nil, reference == nil, people == "plain" else {
      throw SimulationRequestError(
        "--deliveries: not together with --fault, --reference or --people")
    }
    return try School(configuration()).deliveries(from: first, count: days, kind)
  }

  private func configuration() throws(SimulationRequestError) -> SchoolConfiguration {
    var configuration = isSample ? SchoolConfiguration.sample(seed: seed) : SchoolConfiguration()
    configuration.seed = seed
    if let students { configuration.students = students }
    if let payments { configuration.paymentsPerDay = payments }
    guard (1...20_000_000).contains(configuration.students) else {
      throw SimulationRequestError("--students: expected 1 to 20000000")
    }
    guard (0...20_000_000).contains(configuration.paymentsPerDay) else {
      throw SimulationRequestError("--payments: expected 0 to 20000000")
    }
    let holders = configuration.students + configuration.staff
    guard configuration.paymentsPerDay / 4 <= holders else {
      throw SimulationRequestError("--payments: at most four a day for each student")
    }
    guard let naming = PeopleNaming(rawValue: people) else {
      throw SimulationRequestError("--people \(people): expected plain or mixed")
    }
    configuration.people = naming
    if hasFunds {
      var funds = configuration.funds ?? FundSettings()
      funds.hasContracts = hasContracts
      (funds.holidays, funds.workdays) = (try days(holidays), try days(workdays))
      configuration.funds = funds
    }
    let wanted = SchoolConfiguration.planting(try planting())
    configuration.plants = configuration.plants.filter { wanted[$0.key] != nil }
    if let each {
      // Each planted case takes people nobody else uses that day.
      let share = naming == .mixed ? 180 : 120
      guard (0...100_000).contains(each), each <= holders / share else {
        throw SimulationRequestError("--each \(each): that needs \(each * share) students")
      }
      configuration.plants = configuration.plants.mapValues { _ in each...each }
    }
    configuration.alipayZipped = !isAlipayPlain
    guard let version = CamtVersion(rawValue: camtVersion) else {
      throw SimulationRequestError("--camt \(camtVersion): expected 02 or 08")
    }
    configuration.camtVersion = version
    if let fault {
      guard let kind = FaultKind(rawValue: fault) else {
        throw SimulationRequestError(
          "--fault \(fault): expected one of \(SimulationRequest.faultNames)")
      }
      configuration.fault = kind
      configuration.faultSource = faultSource
    }
    return configuration
  }

  private func days(_ text: String) throws(SimulationRequestError) -> Set<BusinessDay> {
    var days = Set<BusinessDay>()
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "/").map { BusinessDay(String($0)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        throw SimulationRequestError("--holidays \(part): expected 2025-10-01/2025-10-08")
      }
      days.formUnion((first.number...last.number).map(BusinessDay.init(number:)))
    }
    return days
  }

  private func planting() throws(SimulationRequestError) -> SchoolConfiguration.Planting {
    if kinds == "all" { return .allKinds }
    if kinds == "none" { return .nothing }
    var edges = false
    var wanted: [AnomalyKind] = []
    for name in kinds.split(separator: ",") {
      if name == "pending" {
        edges = true
      } else if let kind = AnomalyKind(rawValue: String(name)) {
        wanted.append(kind)
      } else {
        throw SimulationRequestError(
          "--kinds \(name): expected all, none, pending or anomaly kinds, e.g. duplicate-debit")
      }
    }
    return .only(wanted, edges: edges)
  }

  /// Every fault's name, for messages.
  public static var faultNames: String {
    FaultKind.ofOneFile.map(\.rawValue).joined(separator: ", ")
  }
}

/// A request that cannot be fulfilled.
public struct SimulationRequestError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked, and what was expected.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
