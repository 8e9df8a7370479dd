/// What the walk does with an element.
struct CamtState {
  /// The slot that keeps its text.
  var slot: UInt8 = 0
  /// The slot that keeps its `Ccy`.
  var currencySlot: UInt8 = 0
  /// What entering and leaving it mean besides.
  var scope = CamtScope.none

  /// Whether there is anything to do but to pass through.
  var isPlain: Bool { slot == 0 && scope == .none }
}

/// Which elements of a camt file are read, as a table of paths compiled into a state machine.
///
/// Elements go by local name, so any version, any namespace prefix and no namespace at all read
/// alike; whatever no path names is skipped whole. In a path `A|B` means either name. The same
/// text has moved between versions (`Dbtr/Nm`, `Dbtr/Pty/Nm`), so several paths fill one slot.
struct CamtLayout {
  /// State 0 skips an element and all below it; state 1 looks for the message's element.
  static let skip: UInt8 = 0
  /// See ``skip``.
  static let search: UInt8 = 1

  /// One for the whole program: it never changes.
  static let shared = CamtLayout()

  /// Every name in a path, by its code; code 0 is any other name.
  private(set) var names: [String] = [""]
  /// The next state, by state × ``width`` + name code.
  private(set) var transitions: [UInt8] = []
  /// What to do in each state.
  private(set) var states: [CamtState] = []
  /// Names' codes, rounded up to a power of two.
  let width = 128

  private var codes: [String: Int] = [:]

  private init() {
    _ = addState()
    let search = addState()
    // The first versions carried their version in the element's own name.
    let message = Self.messageNames.map { "\($0)|\($0)V01" }.joined(separator: "|")
    let statement = message + "/Rpt|Stmt|Ntfctn"
    add(message, from: search, .none, scope: .message)
    for (path, slot) in Self.messagePaths { add("\(message)/\(path)", from: search, slot) }
    let statementState = add(statement, from: search, .none, scope: .statement)
    for (path, slot) in Self.statementPaths { add(path, from: statementState, slot) }
    let balanceState = add("Bal", from: statementState, .none, scope: .balance)
    for (path, slot, currency) in Self.balancePaths {
      add(path, from: balanceState, slot, currency)
    }
    let entryState = add("Ntry", from: statementState, .none, scope: .entry)
    let detailState = add("NtryDtls/TxDtls", from: entryState, .none, scope: .detail)
    let batchState = add("NtryDtls/Btch", from: entryState, .none)
    // The first version has TxDtls and Btch straight in the entry.
    transitions[Int(entryState) * width + code(of: "TxDtls")] = detailState
    transitions[Int(entryState) * width + code(of: "Btch")] = batchState
    for (path, slot, currency) in Self.entryPaths { add(path, from: entryState, slot, currency) }
    add("RtrInf", from: detailState, .none, scope: .returned)
    for (path, slot, currency) in Self.detailPaths {
      add(path, from: detailState, slot, currency)
    }
    precondition(states.count <= 256, "a state must fit a byte")
    precondition(names.count <= width, "a name's code must fit the table's width")
  }

  private mutating func addState() -> UInt8 {
    let state = UInt8(states.count)
    transitions.append(contentsOf: repeatElement(Self.skip, count: width))
    states.append(CamtState())
    return state
  }

  private mutating func code(of name: String) -> Int {
    if let known = codes[name] { return known }
    let code = names.count
    codes[name] = code
    names.append(name)
    return code
  }

  /// Adds a path; names separated by `|` share one state. Returns the path's last state.
  @discardableResult
  private mutating func add(
    _ path: String, from start: UInt8, _ slot: CamtSlot, _ currency: CamtSlot = .none,
    scope: CamtScope = .none
  ) -> UInt8 {
    var state = start
    for segment in path.split(separator: "/") {
      let alternatives = segment.split(separator: "|").map { code(of: String($0)) }
      let known = transitions[Int(state) * width + alternatives[0]]
      let next = known == Self.skip ? addState() : known
      for alternative in alternatives {
        transitions[Int(state) * width + alternative] = next
      }
      state = next
    }
    if slot != .none { states[Int(state)].slot = slot.rawValue }
    if currency != .none { states[Int(state)].currencySlot = currency.rawValue }
    if scope != .none { states[Int(state)].scope = scope }
    return state
  }
}
