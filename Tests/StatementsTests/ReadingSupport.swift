import Payments

@testable import Statements

/// Reads bytes as a file delivered under `name`, with the built-in layouts unless told.
func readings(
  of bytes: [UInt8], as name: String = "statement.csv", profiles: [Profile]? = nil
) async throws -> [Reading] {
  var options = Intake.Options()
  options.threads = 1
  let reader = StatementReader(
    profiles: profiles ?? builtInProfiles, options: options)
  return try await reader.read([StatementFile(path: name, bytes: bytes)], names: [name])
}

func readings(
  of text: String, as name: String = "statement.csv", profiles: [Profile]? = nil
) async throws -> [Reading] {
  try await readings(of: Array(text.utf8), as: name, profiles: profiles)
}

extension Reading {
  var kinds: [FaultKind] { statement.faults.map(\.kind) }

  /// Every row read is an entry or is counted as lost, with its money.
  var isConserved: Bool {
    table.count + unkeyed.rows == statement.read.rows
      && table.fen.reduce(Int128(0)) { $0 + Int128($1) } + unkeyed.fen == statement.read.fen
  }
}
