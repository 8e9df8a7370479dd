public import Payments

extension School {
  /// The day benchmarks are run on: one WeChat bill and one ledger, of every thousand payments
  /// five never credited, five paid twice and five credited with another amount.
  ///
  /// - Parameters:
  ///   - payments: Ordinary payments; the duplicates come on top.
  ///   - seed: Every choice follows from it.
  ///   - day: The business day.
  public static func reference(payments: Int, seed: UInt64, day: BusinessDay) -> SimulatedDay {
    var configuration = SchoolConfiguration()
    configuration.seed = seed
    configuration.students = max(1, payments)
    configuration.staff = 0
    configuration.mix.alipay = 0
    configuration.mix.ccb = 0
    configuration.mix.boc = 0
    configuration.ledgerBalances = false
    var simulation = Simulation(configuration, span: day...day)
    simulation.liveReference(payments: payments)
    var desk = ExportDesk(configuration, people: simulation.people)
    let files = desk.files(&simulation)
    let truth = TruthWriter(simulation).truth([day], totals: [simulation.totals()])
    return SimulatedDay(day: day, files: files, truth: truth)
  }
}

extension Simulation {
  mutating func liveReference(payments: Int) {
    diary.reserve(channelRows: payments + payments / 100, ledgerRows: payments)
    for person in 0..<Int32(payments) {
      let time = moment(10...1_395)
      var paid = payment(person, anyFen(), on: .wechat, at: time)
      name(&paid)
      switch person % 200 {
      case 17:
        diary.enter(paid)
        diary.note(
          finding(.debitedNotCredited, .creditAbsent, about: paid, basis: .single, note: "absent"))
      case 83:
        diary.enter(paid)
        referenceDuplicate(paid, sameOrder: person % 400 == 83)
      case 149:
        paid.fen = 10_000
        diary.enter(paid)
        let posted = credit(paid, at: time + delay(.wechat), fen: 9_000, quoting: true)
        var found = finding(
          .amountMismatch, .creditedShort, about: paid, fen: 1_000, ledger: [posted],
          note: "paid 10000 fen, credited 9000 fen")
        found.explanation = Explanation.none
        diary.note(found)
      default:
        diary.enter(paid)
        credit(paid, at: time + delay(.wechat), quoting: random.chance(600))
      }
    }
    diary.close()
  }

  private mutating func referenceDuplicate(_ paid: ChannelRow, sameOrder: Bool) {
    var again = paid
    again.time += random.within(30...540)
    again.serial = serials.next(.wechat, on: today)
    if !sameOrder { again.order = serials.next(.order, on: today) }
    // An extra payment that names nobody would be a duplicate by its payer alone.
    diary.enter(again)
    credit(paid, at: paid.time + random.within(1...20), quoting: true)
    diary.note(
      finding(
        .duplicateDebit, sameOrder ? .sameOrderQuoted : .twoOrders, about: again,
        basis: sameOrder ? .order : paid.naming == .nobody ? .payer : .account,
        note: "paid a second time"))
  }
}
