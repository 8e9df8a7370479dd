internal import Payments

/// Turns files into readings: finds out what each one is and has it read.
struct StatementReader {
  let profiles: [Profile]
  let options: Intake.Options

  /// Reads every file; several at once.
  func read(_ paths: [String]) async throws(StatementError) -> [Reading] {
    let names = StatementReader.displayNames(paths)
    var files: [StatementFile] = []
    for path in paths { files.append(try StatementFile(path: path)) }
    let total = files.reduce(0) { $0 + $1.size } * 2
    let meter = Meter(total: total, report: options.progress)
    do {
      return try await withThrowingTaskGroup(of: (Int, [Reading]).self) { group in
        for index in files.indices {
          let (file, name) = (files[index], names[index])
          group.addTask { (index, try await read(file, name: name, meter)) }
        }
        var found = [[Reading]](repeating: [], count: files.count)
        for try await (index, readings) in group { found[index] = readings }
        return found.flatMap { $0 }
      }
    } catch {
      throw error as? StatementError
        ?? StatementError.cannotRead(path: "", problem: String(describing: error))
    }
  }

  private func read(
    _ file: StatementFile, name: String, _ meter: Meter
  ) async throws(StatementError) -> [Reading] {
    async let digest = Result { () throws(StatementError) in try file.sha256() }
    var reading = Reading(
      statement: Statement(file: name, sha256: "", format: "", side: .channel, channel: .unknown),
      file: file)
    try await readText(file, &reading, meter)
    reading.statement.sha256 = try await digest.get()
    meter.add(file.size)
    return [reading]
  }

  private func readText(
    _ file: StatementFile, _ reading: inout Reading, _ meter: Meter
  ) async throws(StatementError) {
    let reader = CSVReader(
      file: file, profiles: profiles, threads: options.threads, progress: { meter.add($0) })
    try await reader.read(&reading)
  }

  /// The file's own name; with its folder where two files share one.
  static func displayNames(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    let last = parts.map { $0.last ?? "" }
    return parts.indices.map { index in
      let isShared = last.filter { $0 == last[index] }.count > 1
      return isShared ? parts[index].suffix(2).joined(separator: "/") : last[index]
    }
  }
}
