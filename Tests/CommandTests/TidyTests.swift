import Foundation
import Testing

/// The rules of the code that a compiler does not check, read off the source tree.
@Suite("The source tree is tidy")
struct TidyTests {
  struct Source {
    var path: String
    var lines: [String]

    /// The room a file belongs to, `Sources/<room>/…`.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// Without comments and without what stands in quotes.
    var code: [String] {
      lines.map { line in
        let parts = line.components(separatedBy: "\"")
        let bare = parts.indices.filter { $0 % 2 == 0 }.map { parts[$0] }.joined(separator: "\"\"")
        return bare.components(separatedBy: "//")[0]
      }
    }
  }

  static func sources(_ folders: String...) throws -> [Source] {
    var found: [Source] = []
    for folder in folders {
      let root = Project.root.appendingPathComponent(folder)
      for name in try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
      where name.hasSuffix(".swift") {
        let path = folder + "/" + name
        found.append(
          Source(path: path, lines: try Project.text(path).components(separatedBy: "\n")))
      }
    }
    #expect(found.count > 20)
    return found
  }

  /// `path:line` of every line of code that satisfies `condition`.
  static func places(_ sources: [Source], _ condition: (String) -> Bool) -> [String] {
    sources.flatMap { source in
      source.code.enumerated().filter { condition($0.element) }.map {
        "\(source.path):\($0.offset + 1)"
      }
    }
  }

  static func words(_ line: String) -> Set<Substring> {
    Set(line.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
  }

  /// The one file that turns hundredths into what the workbook library takes.
  private static let libraryNumber = "Sources/Reports/Workbook/LibraryNumber.swift"

  @Test("No floating point anywhere in the product, but for one function at a library's door")
  func integers() throws {
    let rooms = [
      "Columns", "Files", "Payments", "Statements", "Reconciliation", "Reports", "Runs",
      "cardrecon",
    ]
    let floats: Set<Substring> = ["Double", "Float", "Float16", "CGFloat", "Decimal", "NSNumber"]
    let sources = try Self.sources("Sources").filter { rooms.contains($0.room) }
    let others = sources.filter { $0.path != Self.libraryNumber }
    #expect(others.count == sources.count - 1)
    #expect(Self.places(others) { !Self.words($0).isDisjoint(with: floats) } == [])
    let named = Self.places(sources) { !Self.words($0).isDisjoint(with: floats) }
    #expect(named.count == 2, "the declaration and the conversion, nothing else: \(named)")
  }

  @Test("The two words of opposite meaning are never written")
  func words() throws {
    // Spelled apart, so that this file may be read too.
    let forbidden = ["长" + "款", "短" + "款"]
    let found = try Self.sources("Sources", "Tests").filter { source in
      source.lines.contains { line in forbidden.contains { line.contains($0) } }
    }
    #expect(found.map(\.path) == [])
    let expected = try Project.text("samples/expected/report.txt")
    #expect(!forbidden.contains { expected.contains($0) })
  }

  @Test("Nothing is left for later, and nothing is forced")
  func promises() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    let sources = try Self.sources("Sources", "Tests")
    let notes = sources.filter { source in
      source.lines.contains { line in marks.contains { line.contains($0) } }
    }
    #expect(notes.map(\.path) == [])
    let traps = ["fatal" + "Error(", "try" + "! ", "as" + "! "]
    #expect(Self.places(sources) { line in traps.contains { line.contains($0) } } == [])
  }

  @Test("A target imports what stands before it, and the judge knows nothing but payments")
  func arrows() throws {
    let rooms: [String: Set<String>] = [
      "Columns": ["Dispatch", "Glibc", "Synchronization"],
      "Files": ["Crypto", "CryptoExtras", "Foundation", "Glibc", "Synchronization"],
      "Payments": ["Columns", "Synchronization"], "Reconciliation": ["Columns", "Payments"],
      "Reports": ["Columns", "Payments", "CXlsxWriter", "Glibc", "Mustache", "Synchronization"],
      "Statements": [
        "Columns", "Files", "Payments", "CDelimiters", "CLibXML2", "CLibZip", "Glibc",
        "Synchronization", "Yams",
      ],
      "History": ["Columns", "Files", "Payments", "Foundation", "GRDB", "Synchronization"],
      "CampusSimulator": ["Payments", "CLibZip", "FoundationEssentials", "Glibc"],
      "campus-simulator": ["ArgumentParser", "CampusSimulator", "Glibc"],
      "Runs": [
        "Columns", "Files", "Foundation", "Glibc", "History", "Payments", "Reconciliation",
        "Reports", "Statements", "Synchronization", "Yams",
      ],
      "cardrecon": [
        "ArgumentParser", "Columns", "Foundation", "History", "Payments", "Reports", "Runs",
        "Statements", "Synchronization",
      ],
    ]
    for source in try Self.sources("Sources") {
      let allowed = try #require(rooms[source.room], "\(source.path)")
      for line in source.code {
        let words = line.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(of: "import"), place <= 1, place + 1 < words.count
        else { continue }
        #expect(allowed.contains(words[place + 1]), "\(source.path): \(line)")
      }
    }
  }

  @Test("Files stay within 400 lines")
  func fileLengths() throws {
    let long = try Self.sources("Sources", "Tests").filter { $0.lines.count > 401 }.map(\.path)
    #expect(long == [])
  }

  @Test("Functions stay within 60 lines")
  func functionLengths() throws {
    var long: Set<String> = []
    for source in try Self.sources("Sources") {
      var open: (name: String, line: Int, indent: String)?
      for (number, line) in source.lines.enumerated() {
        if open == nil, let name = Self.functionName(line), !line.hasSuffix(" }") {
          open = (name, number, String(line.prefix { $0 == " " }))
        }
        guard let start = open, line.hasPrefix(start.indent + "}") else { continue }
        if number - start.line >= 60 { long.insert("\(source.path) \(start.name)") }
        open = nil
      }
    }
    #expect(long == [])
  }

  @Test("Files need each other one way: no circle of more than three; folders without any")
  func circles() throws {
    for (_, files) in Dictionary(grouping: try Self.sources("Sources"), by: \.room) {
      let graph = SourceGraph(files)
      #expect(graph.cycles.filter { $0.count > 3 } == [])
      #expect(graph.folders.cycles == [])
    }
  }

  @Test("A circle is seen")
  func circleSeen() {
    func source(_ path: String, _ lines: String...) -> Source { Source(path: path, lines: lines) }
    let graph = SourceGraph([
      source("Sources/R/A/One.swift", "struct One {", "  var two: Two?", "}"),
      source("Sources/R/B/Two.swift", "public final class Two {", "  func f() { three() }", "}"),
      source("Sources/R/B/Three.swift", "func three() { _ = Four.init }", "// One"),
      source("Sources/R/A/Four.swift", "enum Four {", "  static let one = Some.One.self", "}"),
    ])
    #expect(graph.cycles == [])
    #expect(graph.folders.cycles == [["Sources/R/A", "Sources/R/B"]])
    let more = SourceGraph([
      source("Sources/R/One.swift", "struct One { var two: Two? }"),
      source("Sources/R/Two.swift", "struct Two { var one: [One] }"),
    ])
    #expect(more.cycles == [["Sources/R/One.swift", "Sources/R/Two.swift"]])
  }

  @Test("Folders hold about nine files each")
  func folderSizes() throws {
    let folders = Dictionary(grouping: try Self.sources("Sources")) {
      ($0.path as NSString).deletingLastPathComponent
    }
    #expect(folders.filter { $0.value.count > 11 }.map(\.key) == [])
  }

  /// The function that is declared on a line, if one is.
  private static func functionName(_ line: String) -> String? {
    let words = line.split(separator: " ").prefix(5).map(String.init)
    if let place = words.firstIndex(of: "func"), place + 1 < words.count {
      return String(words[place + 1].prefix { $0.isLetter || $0.isNumber })
    }
    return words.contains { $0.hasPrefix("init(") } ? "init" : nil
  }
}
