import Foundation
import Testing

/// What the README shows is what happens.
@Suite("README")
struct ReadmeTests {
  /// A command of a console block, and the lines shown below it.
  struct Shown: Sendable, CustomTestStringConvertible {
    var command: String
    var lines: [String]

    var testDescription: String { command }
  }

  static func blocks() throws -> [Shown] {
    var found: [Shown] = []
    var isConsole = false
    for line in try Project.text("README.md").components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isConsole = line == "```console"
      } else if isConsole, line.hasPrefix("$ ") {
        found.append(Shown(command: String(line.dropFirst(2)), lines: []))
      } else if isConsole, !found.isEmpty {
        found[found.count - 1].lines.append(line)
      }
    }
    return found
  }

  @Test("Every command of the program is written down")
  func commands() async throws {
    let readme = try Project.text("README.md")
    let help = try await cardrecon("--help").out
    let section = help.components(separatedBy: "SUBCOMMANDS:").last ?? ""
    let names = section.components(separatedBy: "\n")
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '") }
      .compactMap { $0.split(separator: " ").first }
    #expect(names.count >= 4)
    for name in names { #expect(readme.contains("cardrecon \(name)"), "\(name)") }
  }

  @Test("`check`, `formats` and `inspect` print what their console blocks show")
  func consoleBlocks() async throws {
    let copy = try Sample.copy()
    let samples = ["cardrecon check samples/", "cardrecon formats", "cardrecon inspect samples/"]
    for shown in try Self.blocks() where samples.contains(where: shown.command.hasPrefix) {
      let program = Program.cardrecon.path
      let call = "'\(program)'" + shown.command.dropFirst("cardrecon".count)
      let run = try await Program.shell("-c", call, in: copy.path)
      #expect(run.code <= 2, "\(shown.command): \(run.err)")
      var rest = run.out.components(separatedBy: "\n")[...]
      for line in shown.lines
      where !["…", "..."].contains(line.trimmingCharacters(in: .whitespaces)) {
        let place = rest.firstIndex(of: line)
        #expect(place != nil, "\(shown.command) does not print: \(line)")
        if let place { rest = rest[(place + 1)...] }
      }
    }
  }

  @Test("The exit codes it lists are the ones the program uses")
  func exitCodes() throws {
    let readme = try Project.text("README.md")
    for code in ["| 0 |", "| 1 |", "| 2 |", "64", "66", "70", "73", "78"] {
      #expect(readme.contains(code), "\(code)")
    }
  }
}
