internal import Payments

/// Delivers the files of closed days morning by morning.
struct DeliveryDesk: Sendable {
  let writer: BookWriter
  let books: [DeliveredBook]
  /// All days in a row.
  let days: [DayBooks]

  /// The mornings, and what is bad about them; without `plans` every file comes right and in time.
  func deliver(
    _ plans: [DeliverySchedule.Plan]
  ) -> (mornings: [DeliveryMorning], deliveries: [PlantedDelivery]) {
    var mornings = days.map { books in
      DeliveryMorning(day: books.day.adding(1), files: [], withdrawn: [])
    }
    var deliveries: [PlantedDelivery] = []
    // By day: what was due earlier is delivered first each morning.
    for place in days.indices {
      let today = plans.filter { $0.day == days[place].day }
      for book in books {
        let right = writer.file(book, days[place])
        guard let plan = today.first(where: { $0.book == book }) else {
          mornings[place].files.append(right)
          continue
        }
        let bad = BadFile(
          plan, days[place], before: place > 0 ? days[place - 1] : nil, writer: writer)
        let withdrawn = bad.files.map(\.name).filter { $0 != right.name }
        mornings[place].files += bad.files
        mornings[place + Int(plan.rightAfter)].files.append(right)
        mornings[place + Int(plan.rightAfter)].withdrawn += withdrawn
        deliveries.append(planted(plan, bad, right.name, withdrawn, at: place))
      }
    }
    return (mornings, deliveries)
  }

  private func planted(
    _ plan: DeliverySchedule.Plan, _ bad: BadFile, _ file: String, _ withdrawn: [String],
    at place: Int
  ) -> PlantedDelivery {
    let due = plan.day.adding(1)
    let right = due.adding(plan.rightAfter).description
    return PlantedDelivery(
      kind: plan.kind.rawValue, file: file, source: plan.book.source,
      owner: plan.book.owner(writer.configuration.accounts), day: plan.day.description,
      arrives: due.adding(plan.arrivesAfter).description, right: right, withdrawn: withdrawn,
      waits: waits(plan.book, bad.missing, at: place, until: right), note: bad.note)
  }

  /// Rows of the other side that name what is missing; they are of the day itself or a day beside it.
  private func waits(
    _ book: DeliveredBook, _ missing: [Int], at place: Int, until: String
  ) -> DeliveryWaits {
    var waits = DeliveryWaits(until: until)
    let near = days[max(0, place - 1)...min(days.count - 1, place + 1)]
    if case .ledger(let campus) = book {
      let places = writer.ledgerPlaces(campus, days[place])
      let rows = missing.map { days[place].ledgerRows[places[$0]] }
      let numbers = Set(rows.flatMap { [$0.order, $0.quoted] }).subtracting([.none])
      waits.channelSerials = Set(
        near.flatMap(\.channelRows).filter {
          numbers.contains($0.order) || numbers.contains($0.serial)
        }.compactMap { ($0.refund.isNone ? $0.serial : $0.refund).text }
      ).sorted()
    } else {
      let all = writer.channelRows(book, days[place])
      let numbers = Set(missing.flatMap { [all[$0].order, all[$0].serial] }).subtracting([.none])
      waits.ledgerSerials = Set(
        near.flatMap(\.ledgerRows).filter {
          numbers.contains($0.order) || numbers.contains($0.quoted)
        }.compactMap { writer.serials[$0.id].text }
      ).sorted()
    }
    return waits
  }
}
