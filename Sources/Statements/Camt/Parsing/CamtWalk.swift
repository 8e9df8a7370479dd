import CLibXML2
import Glibc

/// The state of one walk through a camt file, behind the pointer libxml2 hands to its callbacks.
///
/// The states, texts and scopes are ``CamtLayout``'s, copied into memory of its own: a callback
/// touches no global, no class and no array. Kept texts go to one growing buffer that falls back
/// at the end of each entry, so the whole file costs the memory of its largest entry.
struct CamtWalk: ~Copyable {
  /// Deepest nesting; libxml2's own limit for trees.
  static let depthLimit = 256
  /// Longest text of one element.
  static let textLimit = 64 << 10
  /// All texts of one entry with its details.
  static let bufferLimit = 1 << 30
  /// Details of one entry.
  static let detailLimit = 1_000_000
  /// Balances of one statement.
  static let balanceLimit = 10_000
  /// Elements before the message's own: an application header has some dozens.
  static let searchLimit = 10_000

  /// libxml2's context, for positions and for stopping.
  var context: xmlParserCtxtPtr?
  /// Where results go during a call.
  var delivery: CamtDelivery?
  /// The first thing that went wrong.
  var failure: XMLReadError?
  /// Whether the sink has had enough.
  var stopped = false
  /// Whether the root element has ended.
  var rootClosed = false
  /// Whether libxml2's positions are the file's.
  var positionsKnown = true
  /// Bytes and lines before the first byte libxml2 saw.
  var skippedBytes = 0
  var skippedLines = 0

  // The machine.
  private let transitions: UnsafeMutablePointer<UInt8>
  private let states: UnsafeMutablePointer<CamtState>
  private let stack: UnsafeMutablePointer<UInt8>
  private var names = CamtNames()
  private var state = CamtLayout.search
  private var current = CamtState()
  private var depth = 0
  private var skipped = 0

  // Kept texts.
  var buffer: UnsafeMutablePointer<UInt8>
  var used = 0
  private var capacity = 64 << 10
  private var textStart = 0
  let pieces: UnsafeMutablePointer<CamtPiece>

  // What is being read.
  var searched = 0
  var rootName = ""
  var rootNamespace = ""
  var document: CamtDocument?
  var documentAnnounced = false
  var statement = CamtStatement()
  var statementAnnounced = false
  var statementBase = 0
  var balanceBase = 0
  var balanceLine = 0
  var entryBase = 0
  var place = CamtPlace()
  var detailPieces: [CamtPiece] = []
  var detailPlaces: [(line: Int, isReturn: Bool)] = []

  init() {
    let layout = CamtLayout.shared
    transitions = .allocate(capacity: layout.transitions.count)
    transitions.initialize(from: layout.transitions, count: layout.transitions.count)
    states = .allocate(capacity: layout.states.count)
    states.initialize(from: layout.states, count: layout.states.count)
    stack = .allocate(capacity: Self.depthLimit)
    stack.initialize(repeating: 0, count: Self.depthLimit)
    buffer = .allocate(capacity: capacity)
    pieces = .allocate(capacity: CamtSlot.allCases.count)
    pieces.initialize(repeating: CamtPiece(), count: CamtSlot.allCases.count)
  }

  deinit {
    transitions.deallocate()
    states.deallocate()
    stack.deallocate()
    buffer.deallocate()
    pieces.deallocate()
  }

  /// Binds the walk to the parser whose names and positions it uses.
  mutating func bind(_ context: xmlParserCtxtPtr) {
    self.context = context
    names.intern(CamtLayout.shared.names, in: context.pointee.dict)
  }
}

// MARK: - The callbacks' side

extension CamtWalk {
  typealias Name = UnsafePointer<xmlChar>
  typealias Attributes = UnsafeMutablePointer<UnsafePointer<xmlChar>?>

  /// An element begins.
  @inline(__always)
  mutating func enter(
    _ name: Name, namespace: Name?, attributes: Attributes?, count attributeCount: Int32
  ) {
    if skipped != 0 {
      skipped += 1
      if skipped + depth > Self.depthLimit { failTooDeep() }
      return
    }
    let next = transitions[Int(state) << 7 | Int(names.code(of: name))]
    if next == CamtLayout.skip, state != CamtLayout.search || !look(name, namespace) {
      skipped = 1
      return
    }
    // Only a search gets this deep: no path is half as long.
    guard depth < Self.depthLimit - 1 else { return failTooDeep() }
    if current.slot != 0 { keepText(current.slot) }
    stack[depth] = state
    depth += 1
    guard next != CamtLayout.skip else { return }
    state = next
    current = states[Int(next)]
    if current.isPlain { return }
    if current.scope != .none { enter(current.scope, name, namespace) }
    if attributeCount > 0, current.currencySlot != 0 {
      keepCurrency(attributes, Int(attributeCount), slot: current.currencySlot)
    }
    textStart = used
  }

  /// An element ends.
  @inline(__always)
  mutating func leave() {
    if skipped != 0 {
      skipped -= 1
      return
    }
    guard depth > 0 else { return }
    if current.slot != 0 { keepText(current.slot) }
    if current.scope != .none { leave(current.scope) }
    depth -= 1
    state = stack[depth]
    current = states[Int(state)]
    textStart = used
    if depth == 0 { rootClosed = true }
  }

  /// Text of the element we are in, or a part of it.
  @inline(__always)
  mutating func text(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
    guard skipped == 0, current.slot != 0 else { return }
    guard used - textStart + count <= Self.textLimit else { return failTooLarge() }
    append(bytes, count)
  }

  /// Looks for the message's element: below the root, in whatever wraps it.
  /// Returns whether to look inside this element as well.
  @inline(never)
  private mutating func look(_ name: Name, _ namespace: Name?) -> Bool {
    if depth == 0 {
      rootName = String(cString: name)
      rootNamespace = namespace.map { String(cString: $0) } ?? ""
    }
    searched += 1
    if searched > Self.searchLimit, document == nil {
      fail(.notCamt(root: rootName, namespace: rootNamespace))
    }
    return depth < 16
  }
}

// MARK: - Keeping texts

extension CamtWalk {
  /// Appends to the buffer.
  @inline(__always)
  private mutating func append(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
    if used + count > capacity, !grow(by: count) { return }
    (buffer + used).update(from: bytes, count: count)
    used += count
  }

  /// Makes room; false when that would pass the limit.
  private mutating func grow(by count: Int) -> Bool {
    var wanted = capacity
    while wanted < used + count { wanted *= 2 }
    guard wanted <= Self.bufferLimit else {
      failTooLarge()
      return false
    }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    larger.update(from: buffer, count: used)
    buffer.deallocate()
    buffer = larger
    capacity = wanted
    return true
  }

  /// Trims what came since the element began and keeps it; joins it to an earlier one.
  private mutating func keepText(_ slot: UInt8) {
    var start = textStart
    var end = used
    while start < end, buffer[start] <= 0x20 { start += 1 }
    while end > start, buffer[end - 1] <= 0x20 { end -= 1 }
    used = end
    guard end > start else {
      used = textStart
      return
    }
    keep(start, end - start, slot)
    textStart = used
  }

  private mutating func keep(_ start: Int, _ count: Int, _ slot: UInt8) {
    let known = pieces[Int(slot)]
    guard !known.isEmpty else {
      pieces[Int(slot)] = CamtPiece(start: UInt32(start), length: UInt32(count))
      return
    }
    let joined = Int(known.length) + 1 + count
    guard joined <= Self.textLimit else { return failTooLarge() }
    guard used + joined <= capacity || grow(by: joined) else { return }
    let target = used
    (buffer + target).update(from: buffer + Int(known.start), count: Int(known.length))
    buffer[target + Int(known.length)] = UInt8(ascii: " ")
    (buffer + target + Int(known.length) + 1).update(from: buffer + start, count: count)
    used += joined
    pieces[Int(slot)] = CamtPiece(start: UInt32(target), length: UInt32(joined))
  }

  /// Keeps the `Ccy` attribute. Attributes come in fives: name, prefix, namespace, value, end.
  private mutating func keepCurrency(_ attributes: Attributes?, _ count: Int, slot: UInt8) {
    guard let attributes else { return }
    for index in 0..<count {
      guard attributes[index * 5] == names.currency, let value = attributes[index * 5 + 3],
        let end = attributes[index * 5 + 4]
      else { continue }
      let length = end - value
      guard length <= Self.textLimit else { return failTooLarge() }
      textStart = used
      append(value, length)
      keepText(slot)
      return
    }
  }

  /// Forgets the texts of a scope that begins.
  mutating func clear(_ range: ClosedRange<Int>) {
    (pieces + range.lowerBound).update(repeating: CamtPiece(), count: range.count)
  }

  /// A kept text.
  func string(_ slot: CamtSlot) -> String {
    let piece = pieces[slot.index]
    let bytes = UnsafeBufferPointer(start: buffer + Int(piece.start), count: Int(piece.length))
    return String(decoding: bytes, as: UTF8.self)
  }
}
