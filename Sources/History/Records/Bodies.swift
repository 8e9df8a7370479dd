internal import Foundation
internal import GRDB

/// Decodes the JSON bodies a query selects.
func decoded<Value: Decodable>(
  _ database: Database, _ sql: String, _ arguments: StatementArguments
) throws -> [Value] {
  let decoder = JSONDecoder()
  return try Data.fetchAll(database, sql: sql, arguments: arguments).map {
    try decoder.decode(Value.self, from: $0)
  }
}

/// JSON with its keys in one order, so that equal values are equal bytes.
func encoded(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return try encoder.encode(value)
}

extension Row {
  /// A column's value, counted from 0; what is of another kind is an error and ends nothing.
  func at<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value {
    try decode(Value.self, atIndex: column)
  }
}
