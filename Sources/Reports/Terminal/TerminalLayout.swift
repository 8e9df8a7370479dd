/// How much room a terminal report has.
public struct TerminalLayout: Hashable, Sendable {
  /// Columns of a line. Numbers are never cut: a table may be wider when they need it.
  public var width: Int
  /// Whether to use ANSI colours.
  public var color: Bool
  /// Items shown of each list, and of each severity; what is left out is counted.
  public var limit: Int
  /// Rows quoted for each anomaly.
  public var evidenceLimit: Int
  /// Where everything is listed, named where something is left out.
  public var fullListing: String

  /// Creates a layout.
  public init(
    width: Int = 100, color: Bool = false, limit: Int = 40, evidenceLimit: Int = 12,
    fullListing: String = "report.json"
  ) {
    self.width = width
    self.color = color
    self.limit = limit
    self.evidenceLimit = evidenceLimit
    self.fullListing = fullListing
  }
}

/// The colours a terminal report uses.
enum Ink: String {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case yellow = "33"
  case boldRed = "1;31"
  case boldGreen = "1;32"
  case boldYellow = "1;33"
}

/// Lines of text being laid out: sections, paragraphs, tables.
struct TextPage {
  /// The room there is.
  let layout: TerminalLayout
  /// The lines so far.
  private(set) var text = ""

  init(_ layout: TerminalLayout) {
    self.layout = layout
  }

  /// An empty line and a heading.
  mutating func section(_ title: String) {
    text += "\n"
    line(title, .bold)
  }

  /// One line, as it is.
  mutating func line(_ line: String, _ ink: Ink? = nil) {
    text += inked(line, ink) + "\n"
  }

  /// A text over as many lines as it needs; lines after the first stand under the text.
  ///
  /// `label` stands before the first line and sets the indentation of the others.
  mutating func paragraph(_ label: String = "", _ text: String, _ ink: Ink? = nil) {
    let indent = DisplayWidth.of(label)
    let room = max(20, layout.width - indent)
    for (index, line) in DisplayWidth.wrapped(text, to: room).enumerated() {
      let start = index == 0 ? label : String(repeating: " ", count: indent)
      self.text += start + inked(line, ink) + "\n"
    }
  }

  /// A table, indented by two.
  mutating func table(_ table: TextTable) {
    let lines = table.lines(width: layout.width - 2)
    line("  " + lines.heading, .dim)
    for row in lines.rows { line("  " + row) }
  }

  private func inked(_ text: String, _ ink: Ink?) -> String {
    guard layout.color, let ink else { return text }
    return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
  }
}
