import CLibXML2

/// The layout's names, known by their addresses in the parser's dictionary.
///
/// libxml2 hands out every local name as the one copy in its dictionary, so two equal names are
/// one address: finding a name's code is one multiplication and, nearly always, one comparison.
struct CamtNames: ~Copyable {
  private struct Cell {
    var name: UnsafePointer<xmlChar>?
    var code: UInt8
  }

  private static let bits = 10
  private let cells: UnsafeMutablePointer<Cell>
  /// The attribute `Ccy`.
  private(set) var currency: UnsafePointer<xmlChar>?

  init() {
    cells = .allocate(capacity: 1 << Self.bits)
    cells.initialize(repeating: Cell(name: nil, code: 0), count: 1 << Self.bits)
  }

  deinit {
    cells.deallocate()
  }

  /// Puts the names into the dictionary and remembers where they are.
  mutating func intern(_ names: [String], in dictionary: xmlDictPtr?) {
    for (code, name) in names.enumerated().dropFirst() {
      guard let known = xmlDictLookup(dictionary, name, -1) else { continue }
      var cell = Self.cell(of: known)
      while cells[cell].name != nil { cell = (cell + 1) & ((1 << Self.bits) - 1) }
      cells[cell] = Cell(name: known, code: UInt8(code))
    }
    currency = xmlDictLookup(dictionary, "Ccy", -1)
  }

  /// The name's code in the layout; 0 when no path has it.
  @inline(__always)
  func code(of name: UnsafePointer<xmlChar>) -> UInt8 {
    var cell = Self.cell(of: name)
    while true {
      let found = cells[cell]
      if found.name == name { return found.code }
      if found.name == nil { return 0 }
      cell = (cell + 1) & ((1 << Self.bits) - 1)
    }
  }

  @inline(__always)
  private static func cell(of name: UnsafePointer<xmlChar>) -> Int {
    Int((UInt64(UInt(bitPattern: name)) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }
}
