import CampusSimulator
import Foundation
import Testing

extension SchoolYearTests {
  @Test("A school's year with bad deliveries: nobody is accused early, and the end is the same")
  func badDeliveries() async throws {
    let nights = Self.setting("CARDRECON_DELIVERED_NIGHTS", 12)
    let payments = Self.setting("CARDRECON_YEAR_PAYMENTS", 100)
    async let bad = DeliveredYear.lived("bad", nights: nights, payments: payments)
    async let tidy = DeliveredYear.lived("tidy", nights: nights, payments: payments)
    let (year, undisturbed) = try await (bad, tidy)
    #expect(year.accusations == [])
    #expect(undisturbed.accusations == [])
    let (found, planted) = (try await year.found(), WhatIsLeft(year.truth))
    #expect(found == planted, "\(found.lines.difference(from: planted.lines))")
    #expect(try year.reportsUnlike(undisturbed) == [])
    let kinds = Dictionary(grouping: year.truth.deliveries ?? [], by: \.kind).mapValues(\.count)
    print(
      "school-year: bad deliveries:",
      kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
  }
}
