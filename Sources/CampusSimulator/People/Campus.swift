/// Where somebody lives: each campus exports a ledger of its own.
enum Campus: String, Hashable, Sendable, CaseIterable {
  case north, south

  /// The campus of a person, the same for life: three of five live in the north.
  init(of person: Int32) {
    self = SplitMix64.mixed(UInt64(person) &+ 0xCA) % 5 < 3 ? .north : .south
  }
}
