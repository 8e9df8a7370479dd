public import Payments

extension Intake {
  /// How a run's statements are read.
  public struct Options: Sendable {
    /// How many stretches of a file are read at once.
    public var threads = 2
    /// The days the run is about; nil to learn them from the files.
    public var days: ClosedRange<BusinessDay>?
    /// Channels whose absence is a fault, besides those the ledger's rows name.
    public var expected: Set<Channel> = []
    /// The books a configuration names; nil to learn from the files which there are.
    public var books: [ExpectedBook]?
    /// Whether every list that is expected has come.
    public var hasLists = true
    /// Channels that are not reconciled: ledger rows that name them are excluded. Nil for none.
    public var reconciled: Set<Channel>?
    /// The merchant or account numbers each channel's statements must carry; empty: any.
    public var merchants: [Channel: [String]] = [:]
    /// Where the days of channels end, where the school says so; others end where their layout says.
    public var cutoffs: [Channel: DayCut] = [:]
    /// What the school says about the words in its statements.
    public var words = SchoolWords()
    /// Folder of the school's own layouts; they go before the built-in ones.
    public var profileFolder: String?
    /// A layout file that alone is tried, for seeing what it would read.
    public var onlyProfile: String?
    /// Files, by SHA-256, that are held because they replace another issue and a person must look first.
    public var heldFiles: Set<String> = []
    /// Files, by SHA-256, that a person took for whole, and the days: their ends are not doubted.
    public var accepted: [String: Set<BusinessDay>] = [:]
    /// Books that have no rows on a day, because a person said so.
    public var emptyDays: [(book: Book, day: BusinessDay)] = []
    /// Files that were delivered and cannot be read.
    public var unreadable: [UnreadableFile] = []
    /// Passwords of zip files, tried in order (``PasswordFile``).
    public var passwords: [String] = []
    /// Called with bytes done and bytes in all, from any thread.
    public var progress: (@Sendable (Int, Int) -> Void)?

    /// Creates the defaults.
    public init() {}
  }

  /// A file that was delivered and cannot be read at all.
  public struct UnreadableFile: Hashable, Sendable {
    /// What reports call it.
    public var name: String
    /// Why, in the system's words.
    public var problem: String
    /// The book of the configuration's entry that named it; nil for a list.
    public var entry: Book?

    /// Names a file.
    public init(name: String, problem: String, entry: Book?) {
      (self.name, self.problem, self.entry) = (name, problem, entry)
    }
  }

  /// A file to read: where it lies, what it is called, and whether it is here for its rows' sake
  /// only — a statement of another day, judged before, that this run's rows may belong with.
  public struct Source: Hashable, Sendable {
    /// Where its bytes lie.
    public var path: String
    /// What reports call it; nil for its own name.
    public var name: String?
    /// Whether it is context: it may be of any day and none of its own faults is this run's.
    public var isContext: Bool
    /// SHA-256 of its bytes, where the caller has just taken it; nil to have it taken.
    public var sha256: String?
    /// The book of the configuration's entry that named it, or that it was recorded under.
    public var entry: Book?
    /// The day its name tells by the configured pattern; nil where it tells none.
    public var day: BusinessDay?
    /// How many files of its merchant the configuration has a day.
    public var billsADay = 1

    /// Names a file.
    public init(
      path: String, name: String? = nil, isContext: Bool = false, sha256: String? = nil,
      entry: Book? = nil, day: BusinessDay? = nil, billsADay: Int = 1
    ) {
      (self.day, self.billsADay) = (day, billsADay)
      self.entry = entry
      self.path = path
      self.name = name
      self.isContext = isContext
      self.sha256 = sha256
    }
  }

  /// What reports call files: their own names, with the folder where two share one.
  public static func displayNames(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    let last = parts.map { $0.last ?? "" }
    let counts = last.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    return zip(parts, last).map { parts, name in
      counts[name, default: 0] > 1 ? parts.suffix(2).joined(separator: "/") : name
    }
  }

  /// The files of a school's own layouts, by path; none without a folder.
  public static func profileFiles(in folder: String?) throws(StatementError) -> [String] {
    guard let folder else { return [] }
    return try ProfileFile.all(in: folder).map(\.name)
  }

  /// Reads the built-in layouts, which every reading of a file waits for: for a command that has
  /// something else to do first.
  public static func prepareLayouts() async { _ = try? Profile.builtIn() }
}

extension Intake.Options {
  /// Where the built-in layout of a channel ends its day, of those that end it elsewhere than at midnight.
  var layoutCuts: [Channel: DayCut] {
    let profiles = (try? Profile.known(self)) ?? []
    return Dictionary(
      profiles.filter { $0.cut != .midnight }.compactMap { profile in
        Channel(name: profile.channel).map { ($0, profile.cut) }
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension Profile {
  /// The layouts a run knows: the school's own first, then the built-in ones.
  static func known(_ options: Intake.Options) throws(StatementError) -> [Profile] {
    try known(folder: options.profileFolder, only: options.onlyProfile)
  }
}
