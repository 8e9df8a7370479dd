/// Books and days: what has come, what is late, missing, held, doubted, and what a person accepted.
public struct BookGrid: Hashable, Sendable {
  /// How a book stands on a day.
  public enum Mark: String, Hashable, Sendable, CaseIterable {
    /// Its statements came with the day's first run.
    case inTime = "in-time"
    /// They came after the day was run without them.
    case late
    /// Nothing came of the day, or of some hours of it.
    case missing
    /// None of its rows is used.
    case held
    /// The other book doubts where one begins or ends.
    case doubted
    /// A person took a doubted file for whole, or a day for one without rows.
    case accepted
    /// The day is withdrawn.
    case withdrawn
    /// The day was not run, and should have been.
    case notRun = "not-run"
    /// It is not due yet.
    case awaited
    /// Nobody expected it that day.
    case none

    /// What it is called, in two characters or two short words.
    public var label: Wording {
      switch self {
      case .inTime: Wording(zh: "已到", en: "in")
      case .late: Wording(zh: "晚到", en: "late")
      case .missing: Wording(zh: "缺失", en: "missing")
      case .held: Wording(zh: "未用", en: "held")
      case .doubted: Wording(zh: "存疑", en: "doubted")
      case .accepted: Wording(zh: "认可", en: "accepted")
      case .withdrawn: Wording(zh: "撤回", en: "withdrawn")
      case .notRun: Wording(zh: "未对", en: "not run")
      case .awaited: Wording(zh: "未到期", en: "not due")
      case .none: Wording(zh: "—", en: "—")
      }
    }

    /// Whether somebody has to do something about it.
    public var needsSomebody: Bool {
      switch self {
      case .missing, .held, .doubted, .notRun: true
      default: false
      }
    }
  }

  /// A book on a day.
  public struct Cell: Hashable, Sendable {
    /// How it stands.
    public var mark: Mark
    /// Names of its files.
    public var files: [String]
    /// What is wrong with it, where something is.
    public var fault: FaultKind?
    /// Who accepted it.
    public var who: String?

    /// Describes a book on a day.
    public init(_ mark: Mark, files: [String] = [], fault: FaultKind? = nil, who: String? = nil) {
      (self.mark, self.files, self.fault, self.who) = (mark, files, fault, who)
    }
  }

  /// A book on all days.
  public struct Row: Hashable, Sendable {
    /// The book.
    public var book: Book
    /// How it stands, day by day.
    public var cells: [Cell]
    /// When its file of each day is due.
    public var due: [Timestamp]

    /// Describes a book.
    public init(_ book: Book, cells: [Cell], due: [Timestamp]) {
      (self.book, self.cells, self.due) = (book, cells, due)
    }
  }

  /// The days, in order.
  public var days: [BusinessDay]
  /// The books, in order.
  public var rows: [Row]
  /// When the last night's reports were laid down; nil when none was.
  public var lastRun: Timestamp?

  /// Puts books and days beside each other.
  public init(days: [BusinessDay], rows: [Row], lastRun: Timestamp? = nil) {
    (self.days, self.rows, self.lastRun) = (days, rows, lastRun)
  }
}
