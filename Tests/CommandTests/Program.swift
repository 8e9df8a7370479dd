import Foundation
import Testing

/// One of the built executables, run the way a user or cron runs it.
struct Program: Sendable {
  let path: String

  static let cardrecon = Program(named: "cardrecon")
  static let simulator = Program(named: "campus-simulator")
  static let shell = Program(path: "/bin/sh")

  init(path: String) {
    self.path = path
  }

  /// Executables are built beside the test bundle; `CARDRECON_BIN` names another folder of them.
  private init(named name: String) {
    let manager = FileManager.default
    let bundle = (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folder =
      ProcessInfo.processInfo.environment["CARDRECON_BIN"]
      ?? URL(fileURLWithPath: bundle).deletingLastPathComponent().path
    path = folder + "/" + name
  }

  /// What a run left behind.
  struct Finished: Sendable {
    /// The exit code; 128 and the signal's number for a run that was killed.
    var code: Int32
    var outBytes: [UInt8]
    var errBytes: [UInt8]

    var out: String { String(decoding: outBytes, as: UTF8.self) }
    var err: String { String(decoding: errBytes, as: UTF8.self) }
  }

  /// Runs the program without a terminal and with nothing to read, for a minute at most unless told.
  ///
  /// What it says goes to files, so there is no pipe to fill up.
  func callAsFunction(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    seconds: Int = 60
  ) async throws -> Finished {
    let scratch = try Scratch()
    let (out, err) = (try scratch.write([], to: "out"), try scratch.write([], to: "err"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    let (ended, ending) = AsyncStream<Never>.makeStream()
    process.terminationHandler = { _ in ending.finish() }
    try process.run()
    let id = process.processIdentifier
    let watchdog = Task {
      try await Task.sleep(for: .seconds(seconds))
      kill(id, SIGKILL)
    }
    for await _ in ended {}
    watchdog.cancel()
    let isKilled = process.terminationReason == .uncaughtSignal
    return Finished(
      code: process.terminationStatus + (isKilled ? 128 : 0),
      outBytes: try scratch.read("out"), errBytes: try scratch.read("err"))
  }

  func callAsFunction(
    _ arguments: String..., in folder: String? = nil, environment: [String: String] = [:]
  ) async throws -> Finished {
    try await self(arguments, in: folder, environment: environment)
  }
}

/// `cardrecon ARGUMENTS`.
func cardrecon(
  _ arguments: String..., in folder: Scratch? = nil, environment: [String: String] = [:]
) async throws -> Program.Finished {
  try await Program.cardrecon(arguments, in: folder?.path, environment: environment)
}

/// `cardrecon ARGUMENTS`, with arguments made beforehand.
func cardrecon(
  _ arguments: [String], in folder: Scratch? = nil, environment: [String: String] = [:]
) async throws -> Program.Finished {
  try await Program.cardrecon(arguments, in: folder?.path, environment: environment)
}
