import ArgumentParser
import Foundation
import History
import Payments
import Runs

/// What every command needs that looks into the history.
struct HistoryOptions: ParsableArguments {
  @Option(help: "配置文件。configuration", completion: .file())
  var config = "cardrecon.yaml"

  /// The configuration and the history it names.
  func open() throws -> (configuration: Configuration, store: HistoryStore) {
    let configuration = try ConfigurationReader(path: config).read()
    return (configuration, try HistoryStore(try StateFolder(existing: configuration.state)))
  }
}

extension Timestamp {
  /// Now, to the second.
  static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }
}
