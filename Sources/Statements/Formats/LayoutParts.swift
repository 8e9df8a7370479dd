/// Finds a profile's columns in a header, and its words in an encoding.
struct ColumnFinder {
  let profile: Profile
  let header: [String]
  let encoding: TextEncoding
  /// The columns that hold amounts, with their units.
  let amounts: [(field: Int, unit: Profile.AmountUnit)]

  init(_ profile: Profile, _ header: [String], _ encoding: TextEncoding) {
    self.profile = profile
    self.header = header
    self.encoding = encoding
    amounts = header.indices.compactMap { field in
      profile.amounts[header[field]].map { (field: field, unit: $0) }
    }
  }

  /// The first of some names that the file has; −1 for none.
  func first(_ names: [String]?) -> Int {
    (names ?? []).lazy.compactMap(header.firstIndex).first ?? -1
  }

  /// All of some names that the file has.
  func all(_ names: [String]?) -> [Int] { (names ?? []).compactMap(header.firstIndex) }

  /// All columns of a role.
  func all(_ role: Role) -> [Int] { all(profile.columns[role.name]) }

  /// The columns in which the words of top-ups stand: those the layout names, else every text.
  func topUpFields(_ words: [String]) -> [Int] {
    if let columns = profile.topUpWords?.columns { return all(columns) }
    return words.isEmpty ? [] : Array(Set(all(.accountText) + all(.orderText))).sorted()
  }

  /// Index into ``amounts`` of the column of a name.
  func amount(_ name: String) -> Int? { amounts.firstIndex { header[$0.field] == name } }

  /// Index into ``amounts`` of the first of some names that the file has; −1 for none.
  func firstAmount(_ names: [String]?) -> Int { (names ?? []).compactMap(amount).first ?? -1 }

  /// Words as the file spells them.
  func words(_ words: [String]?) -> [[UInt8]] { (words ?? []).map(encoding.encode) }
}

extension Layout {
  /// One word of the kind column.
  struct KindRule: Sendable {
    var word: [UInt8]
    var meaning: Profile.Kind.Meaning
    /// Indices into ``amounts``, to be tried in order; nil where the direction columns tell.
    var amounts: [Int]?
    var orNonZero: Bool
    var moves: Profile.Kind.Move?

    init(_ word: String, _ kind: Profile.Kind, _ finder: ColumnFinder) {
      self.word = finder.encoding.encode(word)
      meaning = kind.is
      amounts = kind.amount?.compactMap(finder.amount)
      orNonZero = kind.orNonZero ?? false
      moves = kind.moves
    }
  }

  /// The column whose word tells what a row is.
  struct Kinds: Sendable {
    let field: Int
    /// Longest first, so that a word wins over its own beginning.
    let rules: [KindRule]
    let match: Profile.Kinds.Match
    /// What a word that is not listed means.
    let others: KindRule?
    /// The amount column all kinds share: it holds also for a word nobody listed. Nil where they
    /// differ.
    let sharedAmount: Int?

    init(_ kinds: Profile.Kinds?, _ finder: ColumnFinder) {
      let values = kinds?.values ?? [:]
      field = finder.first(kinds?.column)
      rules = values.sorted { ($1.key.utf8.count, $0.key) < ($0.key.utf8.count, $1.key) }
        .map { KindRule($0.key, $0.value, finder) }
      match = kinds?.match ?? .exact
      others = kinds?.others.map { KindRule("", $0, finder) }
      let amounts = Set(values.values.map(\.amount))
      sharedAmount = amounts.count == 1 ? amounts.first??.compactMap(finder.amount).first : nil
    }
  }

  /// The column that says whether a row came to anything.
  struct Status: Sendable {
    let field: Int
    let success: [[UInt8]]
    let unposted: [[UInt8]]
    let person: [[UInt8]]

    init(_ status: Profile.Status?, _ finder: ColumnFinder) {
      field = finder.first(status?.column)
      success = finder.words(status?.success)
      unposted = finder.words(status?.unposted)
      person = finder.words(status?.person)
    }
  }

  /// The same for refunds, where they have a column of their own.
  struct RefundStatus: Sendable {
    let field: Int
    let done: [[UInt8]]
    let failed: [[UInt8]]

    init(_ status: Profile.RefundStatus?, _ finder: ColumnFinder) {
      field = finder.first(status?.column)
      done = finder.words(status?.done)
      failed = finder.words(status?.failed)
    }
  }

  /// The columns that tell which way money went.
  struct Direction: Sendable {
    /// Indices into ``amounts`` of the two direction columns, or −1.
    let moneyIn: Int
    let moneyOut: Int
    /// Index into ``amounts`` of the one column that tells the direction by sign or flag, or −1.
    let moneyBoth: Int
    let flag: Int
    let flagIn: [[UInt8]]
    let flagOut: [[UInt8]]

    init(_ direction: Profile.Direction?, _ finder: ColumnFinder) {
      moneyIn = finder.firstAmount(direction?.moneyIn)
      moneyOut = finder.firstAmount(direction?.moneyOut)
      moneyBoth = finder.firstAmount(direction?.amount)
      flag = finder.first(direction?.flag?.column)
      flagIn = finder.words(direction?.flag?.moneyIn)
      flagOut = finder.words(direction?.flag?.moneyOut)
    }
  }

  /// One control total: which amount column, over which rows; a count when there is no column.
  struct SumRule: Sendable {
    var amount: Int?
    var rows: Profile.Trailer.Rows
  }
}

extension Profile.Kind {
  /// Whether a row of this kind moves the account's balance in a known direction, or not at all.
  var tellsMovement: Bool { moves != nil || [.payment, .refund, .failed].contains(self.is) }
}

extension Profile {
  /// Whether every row says what it moved, so that balances can be held against each other.
  var tellsMovement: Bool {
    let listed = Array((kinds?.values ?? [:]).values) + [kinds?.others].compactMap { $0 }
    return direction != nil || listed.allSatisfy { $0.tellsMovement }
  }

  /// Every control total of the trailer, whichever way it is written.
  var controlTotals: [(name: String, sum: String?, rows: Trailer.Rows)] {
    let totals = trailer?.totals ?? []
    let lines = trailer?.lines ?? []
    return totals.map { ($0.name, $0.sum, $0.count ?? $0.of ?? .all) }
      + lines.map { ($0.name, $0.sum, $0.count ?? $0.of ?? .all) }
  }
}
