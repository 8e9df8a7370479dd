import ArgumentParser
import CampusSimulator

/// Writes the statements of a simulated school, and the answer sheet beside them.
@main
struct CampusSimulatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campus-simulator",
    abstract: "Write the statements of a simulated school, with anomalies planted on purpose.",
    discussion: """
      The folder receives the day's files in the layouts of WeChat Pay, Alipay, CCB, BOC \
      (camt.053) and the card system, and truth.json, which says what was planted. The same \
      options always give the same bytes.

      With --people mixed the school names people in its own way, drawn from the seed: its ledger \
      names card and student number or one of them; a list of accounts \
      (card-accounts_yyyy-MM-dd.csv), rows of spending or nothing links the two; bills name the \
      one, the other, both or nobody, after a label, in JSON, in a query string or bare; numbers \
      and orders are spelled differently on the two sides. Cases of who is who are lived and \
      planted: orders and bank references several people share, refunds and reversals without a \
      number, reversals of somebody else, credits in parts. truth.json then also says owedTo, \
      parties, and under people how the school names them.

      With --funds the channels' own accounts are written too (wxfund_*, alipay-account_*): what the \
      bills moved on them, fees, what they send to the bank and when it arrives there; and what \
      goes wrong behind the bill is planted.

      With --deliveries bad the same days are delivered as real schools get them: each morning's \
      files lie in a folder of its date and replace those of the same name; some come late, cut, \
      half or damaged and are put right at most five mornings later. --deliveries tidy delivers \
      the same files whole and in time. truth.json then lists the bad deliveries, and which files \
      a person takes away again. cardrecon needs for them, under sources, \
      wechat: {files: "wechat_*_{yyyy-MM-dd}.csv", merchants: ["1601959334", "1605550218"]}, \
      alipay: {files: "2088*_{yyyyMMdd}*"}, ccb: {files: "ccb_{yyyy-MM-dd}.csv"}, \
      boc: {files: "boc_*_{yyyy-MM-dd}.xml"}, and \
      ledger: {files: ["card-ledger_north_{yyyy-MM-dd}.csv", "card-ledger_south_{yyyy-MM-dd}.csv"]}.
      """)

  enum Preset: String, ExpressibleByArgument {
    case sample
  }

  @Option(help: "Every choice follows from it.")
  var seed: UInt64 = 7

  @Option(help: "Number of students.")
  var students: Int?

  @Option(help: "Ordinary payments a day.")
  var payments: Int?

  @Option(help: "First business day.")
  var day = "2026-11-02"

  @Option(help: "Number of days; each day's own answer sheet is then truth-<day>.json.")
  var days = 1

  @Option(help: "all, none, or anomaly kinds with commas between; pending for the edges of days.")
  var kinds = "all"

  @Option(help: "How often each of them is planted a day; one to three times unless told.")
  var each: Int?

  @Option(help: "Spoil one file of the last day, e.g. statement-truncated.")
  var fault: String?

  @Option(help: "The source whose file is spoiled: wechat, alipay, ccb, boc or ledger.")
  var faultSource: String?

  @Flag(help: "Deliver Alipay's bill as plain CSV instead of its zip.")
  var plainAlipay = false

  @Option(help: "plain, or mixed: ways of naming people and cases of who is who.")
  var people = "plain"

  @Flag(help: "Write the channels' own accounts too, and what they send to the bank.")
  var funds = false

  @Flag(
    help:
      "Plant wrong fees of Alipay too: whoever judges knows its contract, 0.6 %, kept on refunds.")
  var contracts = false

  @Option(help: "Days banks do not settle on, e.g. 2025-10-01/2025-10-08.")
  var holidays = ""

  @Option(help: "Days worked in their place, e.g. 2025-09-28,2025-10-11.")
  var workdays = ""

  @Option(help: "The version of camt.053.001: 02 or 08.")
  var camt = "08"

  @Option(help: "sample: one small day with every plant once.")
  var preset: Preset?

  @Option(help: "Write the reference day of this many payments instead: WeChat and ledger.")
  var reference: Int?

  @Option(
    help: """
      bad or tidy: a folder for each morning with what arrives on it, of two WeChat merchants \
      and two campuses.
      """)
  var deliveries: String?

  @Option(help: "Folder the files are written to.")
  var out: String

  func run() throws {
    var request = SimulationRequest()
    request.seed = seed
    request.students = students
    request.payments = payments
    request.day = day
    request.days = days
    request.kinds = kinds
    request.each = each
    request.fault = fault
    request.faultSource = faultSource
    request.isAlipayPlain = plainAlipay
    request.camtVersion = camt
    request.people = people
    request.hasFunds = funds
    request.hasContracts = contracts
    (request.holidays, request.workdays) = (holidays, workdays)
    request.isSample = preset == .sample
    request.reference = reference
    request.deliveries = deliveries
    do {
      if deliveries == nil {
        try write(try request.run())
      } else {
        try write(try request.runDeliveries())
      }
    } catch let error as SimulationRequestError {
      throw ValidationError(error.description)
    }
  }

  private func write(_ span: DeliveredSpan) throws {
    let folder = try OutputFolder(out)
    for morning in span.mornings {
      let incoming = try OutputFolder("\(out)/\(morning.day)")
      for file in morning.files { try incoming.write(file.bytes, to: file.name) }
    }
    for day in span.days {
      try folder.write(try day.truth.json(), to: "truth-\(day.day).json")
    }
    try folder.write(try span.truth.json(), to: "truth.json")
    let files = span.mornings.flatMap(\.files)
    let payments = span.truth.totals.reduce(0) { $0 + $1.payments }
    print(
      "\(span.mornings.count) mornings: \(files.count) files,",
      "\(files.reduce(0) { $0 + $1.bytes.count }) bytes, \(payments) payments,",
      "\(span.truth.anomalies.count) anomalies, \(span.truth.pending.count) pending,",
      "\(span.truth.deliveries?.count ?? 0) bad deliveries")
  }

  private func write(_ span: SimulatedSpan) throws {
    let folder = try OutputFolder(out)
    var (files, bytes) = (0, 0)
    for day in span.days {
      for file in day.files {
        try folder.write(file.bytes, to: file.name)
        files += 1
        bytes += file.bytes.count
      }
      if span.days.count > 1, let name = day.truth.days.first {
        try folder.write(try day.truth.json(), to: "truth-\(name).json")
      }
    }
    try folder.write(try span.truth.json(), to: "truth.json")
    let payments = span.truth.totals.reduce(0) { $0 + $1.payments }
    var days = span.truth.days.joined(separator: " ")
    if let first = span.truth.days.first, let last = span.truth.days.last, days.count > 30 {
      days = "\(first) — \(last)"
    }
    print(
      "\(days): \(files) files, \(bytes) bytes,",
      "\(payments) payments, \(span.truth.anomalies.count) anomalies,",
      "\(span.truth.pending.count) pending, \(span.truth.faults.count) faults")
  }
}
