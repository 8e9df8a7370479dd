/// How a school names people: what its ledger's rows and its bills say, and how they spell it.
///
/// Drawn from the seed by a generator of its own, so that a school that names people plainly is the
/// same with and without it.
struct Customs: Hashable, Sendable {
  /// What a ledger row of a top-up names.
  enum Ledger: String, Sendable {
    case both, card, student
  }

  /// Where it can be read which card and which student number are one person's.
  enum Links: String, Sendable {
    /// The ledger's own rows name both.
    case rows
    /// A list of accounts.
    case list
    /// Rows of spending name both.
    case spending
    case nothing
  }

  /// What a text export puts beside an order number so that no spreadsheet takes it for a number.
  enum Guard: String, CaseIterable, Sendable {
    case none, apostrophe, tab, hardSpace = "no-break space", zeroWidth = "zero-width space"
  }

  /// A side that writes people's numbers in its own way.
  enum Side: String, Sendable {
    case bills, ledger
  }

  var ledger = Ledger.both
  var links = Links.rows
  /// Whether the files hold a list of accounts.
  var hasList = false
  /// Whether staff numbers begin with a letter.
  var letteredStaff = false
  /// Who writes the letter small.
  var smallLetters: Side?
  /// Who still has the zeros student numbers begin with.
  var leadingZeros: Side?
  /// What stands beside some of the ledger's order numbers.
  var orderGuard = Guard.none
  /// The words of the bills.
  var words = NumberWords()
  /// What most people's rows name, by its place in ``BillStyle/certain``.
  var mainStyle = 0
  /// Whether anything of this differs from the plain school.
  var isMixed = false
  private var salt: UInt64 = 0

  /// The school in which everybody is named in full.
  static let plain = Customs()

  private init() {}

  /// Draws a school's customs.
  init(seed: UInt64) {
    var random = SplitMix64(seed: SplitMix64.mixed(seed ^ 0x3A3E_50F9_E091))
    let kinds: [(Ledger, Links, Bool)] = [
      (.both, .rows, false), (.both, .rows, true), (.card, .list, true), (.card, .nothing, false),
      (.student, .list, true), (.student, .nothing, false), (.card, .spending, false),
    ]
    (ledger, links, hasList) = random.pick(kinds)
    isMixed = true
    letteredStaff = random.chance(700)
    let letters: [Side?] = [nil, .bills, .ledger]
    smallLetters = letteredStaff ? random.pick(letters) : nil
    leadingZeros = random.pick([nil, nil, .bills, .ledger] as [Side?])
    orderGuard = random.pick(Guard.allCases)
    words = NumberWords(
      student: random.pick(["学号", "学工号"]), staff: random.pick(["工号", "学工号"]),
      card: random.pick(["卡号", "校园卡号", "一卡通号"]), after: random.pick(["", "", "：", ":"]))
    mainStyle = random.below(BillStyle.certain.count)
    salt = random.next()
  }

  /// Whether a person's card and student number are known to be one person's.
  var isLinked: Bool { links != .nothing }

  /// What a row says that names a person for certain; one day long a person's rows name the same
  /// kinds of numbers, as half of all people's do.
  func certainStyle(_ person: Int32, day: Int32) -> BillStyle {
    let bits = SplitMix64.mixed(salt &+ UInt64(person) &* 409 &+ UInt64(bitPattern: Int64(day)))
    let styles = BillStyle.certain
    return styles[bits % 2 == 0 ? mainStyle : Int((bits >> 8) % UInt64(styles.count))]
  }

  /// The kind of number that can be compared with what the ledger names, without any link.
  var tellingNaming: Naming { ledger == .student ? .student : .card }

  /// Whether a row that names people like this, for certain, can contradict a row of the ledger.
  func tells(_ naming: Naming) -> Bool {
    switch naming {
    case .nobody: false
    case .both: true
    case .student: isLinked || ledger != .card
    case .card: isLinked || ledger != .student
    }
  }

  /// Whether a ledger row names the student number.
  func ledgerNamesStudent(isSpending: Bool) -> Bool {
    ledger != .card || (links == .spending && isSpending)
  }

  /// Whether a ledger row names the card.
  var ledgerNamesCard: Bool { ledger != .student }

  /// Columns the ledger has at all.
  var ledgerHasStudents: Bool { ledgerNamesStudent(isSpending: true) }

  /// In words, for the answer sheet.
  var told: String {
    var parts = ["ledger: \(ledger.rawValue)", "links: \(links.rawValue)"]
    if hasList { parts.append("account list") }
    if letteredStaff { parts.append("lettered staff numbers") }
    if let smallLetters { parts.append("small letters in \(smallLetters.rawValue)") }
    if let leadingZeros { parts.append("leading zeros in \(leadingZeros.rawValue)") }
    if orderGuard != .none { parts.append("orders guarded by \(orderGuard.rawValue)") }
    return parts.joined(separator: "; ")
  }
}

/// What a bill calls people's numbers.
struct NumberWords: Hashable, Sendable {
  var student = "学号"
  var staff = "工号"
  var card = "卡号"
  /// What stands between the word and the number.
  var after = ""
}
