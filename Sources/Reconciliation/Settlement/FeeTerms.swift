internal import Columns
internal import Payments

/// What a channel may take of a payment: by contract, else by what its bill states.
struct FeeTerms: Hashable {
  /// In 1/100,000 of the amount.
  let rate: UInt32
  /// How a fee may become whole fen; the first is the usual way.
  let roundings: [FeeContract.Rounding]
  let isContract: Bool
  let returnsFees: Bool
}

/// Finds the terms of a payment.
struct ContractFinder {
  private let contracts: [FeeContract]
  private let terms: [FeeTerms]

  init(_ contracts: [FeeContract]) {
    self.contracts = contracts
    terms = contracts.map {
      FeeTerms(
        rate: $0.rate, roundings: [$0.rounding], isContract: true, returnsFees: $0.returnsFees)
    }
  }

  /// The terms of a row of the bill; nil where nothing states any.
  func terms(of row: Int, _ table: EntryTable) -> FeeTerms? {
    if !contracts.isEmpty {
      let day = Timestamp(seconds: Int64(table.time[row])).day
      if let place = contracts.lastIndex(where: { ($0.from ?? day) <= day }) { return terms[place] }
    }
    let rate = table.rate[row]
    guard rate != 0 else { return nil }
    // The bill does not state how it rounds.
    return FeeTerms(
      rate: rate, roundings: [.halfUp, .down, .up], isContract: false, returnsFees: true)
  }
}

/// Fees added up by day and terms.
struct FeeLines {
  private struct Key: Hashable {
    let day: BusinessDay
    let rate: UInt32
    let isContract: Bool
  }

  private var places: [Key: Int] = [:]
  private var found: [FeeLine] = []
  private var last = 0
  private var lastKey: Key?

  /// By day, then by rate.
  var lines: [FeeLine] {
    found.sorted {
      ($0.day.number, $0.rate, $0.isContract ? 0 : 1) < (
        $1.day.number, $1.rate, $1.isContract ? 0 : 1
      )
    }
  }

  mutating func add(
    _ day: BusinessDay, _ terms: FeeTerms, rows: Int, gross: Int64, expected: Int64, actual: Int64
  ) {
    let key = Key(day: day, rate: terms.rate, isContract: terms.isContract)
    if key != lastKey {
      last = places[key] ?? found.count
      if last == found.count {
        places[key] = last
        found.append(FeeLine(day: day, rate: terms.rate, isContract: terms.isContract))
      }
      lastKey = key
    }
    found[last].rows += rows
    found[last].grossFen += Int128(gross)
    found[last].expectedFen += Int128(expected)
    found[last].actualFen += Int128(actual)
  }
}
