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
    try Intake.check(statements: readings.count)
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
  fileprivate mutating func takeReadings() -> [Reading] {
    defer { readings = [] }
    return readings
  }
}

extension Intake {
  /// Reads the files at `paths`.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all; what is wrong inside a file is
  ///   a fault of its statement.
  public init(paths: [String], options: Options) async throws(StatementError) {
    try await self.init(sources: paths.map { Source(path: $0) }, options: options)
  }

  /// Reads the files of a run together with those of other days that give it context.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all.
  public init(sources: [Source], options: Options) async throws(StatementError) {
    self.init(try await ReadFiles(sources, options: options), options: options)
  }

  /// Puts files that were read beside each other.
  public init(_ files: consuming ReadFiles, options: Options) {
    self.init(files.takeReadings(), options: options)
  }
}
