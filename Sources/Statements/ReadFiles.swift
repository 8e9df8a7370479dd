public import Payments

/// Files that were read, each by itself, and not yet put beside each other.
///
/// What stands in them may say which other days belong to the run; those are then read too, and nothing
/// twice.
public struct ReadFiles: Sendable {
  private var readings: [Reading] = []

  /// Has read none.
  public init() {}

  /// Reads files.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all.
  public init(_ sources: [Intake.Source], options: Intake.Options) async throws(StatementError) {
    try await read(sources, options: options)
  }

  /// Reads more files.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all.
  public mutating func read(
    _ sources: [Intake.Source], options: Intake.Options
  ) async throws(StatementError) {
    let reader = StatementReader(profiles: try Profile.known(options), options: options)
    readings += try await reader.read(sources)
  }

  /// SHA-256 of every file, as read.
  public var hashes: Set<String> { Set(readings.map(\.statement.sha256)) }

  /// The rows of the run's own statements, as far as they can be used.
  ///
  /// - Parameter held: files, by SHA-256, that are not used this time.
  public func ownRows(except held: Set<String>) -> [EntryTable] {
    readings.filter {
      !$0.isContext && !$0.statement.isHeld && !held.contains($0.statement.sha256)
    }.map(\.table)
  }

  /// Hands the readings over, so that nobody keeps a second copy of their rows.
  mutating func takeReadings() -> [Reading] {
    defer { readings = [] }
    return readings
  }
}
