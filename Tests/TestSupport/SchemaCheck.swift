import Foundation

/// Checks a JSON value against the part of JSON Schema that `report.schema.json` uses.
///
/// An unknown keyword is a failure, so that the schema cannot promise what nobody checks.
package struct SchemaCheck {
  private let root: [String: Any]

  /// Reads a schema.
  package init(_ schema: [UInt8]) throws {
    let value = try JSONSerialization.jsonObject(with: Data(schema))
    root = value as? [String: Any] ?? [:]
  }

  /// What is wrong with `value`, as sentences with the place first.
  package func faults(in value: Any) -> [String] {
    faults(value, root, "$")
  }

  private func faults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    var found: [String] = []
    for (keyword, rule) in schema {
      switch keyword {
      case "$schema", "$id", "$defs", "title", "description": continue
      case "$ref": found += reference(value, rule, place)
      case "type": found += types(value, rule, place)
      case "const": if !isEqual(value, rule) { found.append("\(place) is not \(rule)") }
      case "enum":
        let allowed = rule as? [Any] ?? []
        if !allowed.contains(where: { isEqual(value, $0) }) {
          found.append("\(place) is \(value), not one of \(allowed)")
        }
      case "pattern":
        if let text = value as? String, let pattern = rule as? String,
          text.range(of: pattern, options: .regularExpression) == nil
        {
          found.append("\(place) is \(text), not \(pattern)")
        }
      case "minimum":
        if let number = value as? NSNumber, let least = rule as? NSNumber,
          number.compare(least) == .orderedAscending
        {
          found.append("\(place) is below \(least)")
        }
      case "items":
        for (index, element) in (value as? [Any] ?? []).enumerated() {
          found += faults(element, rule as? [String: Any] ?? [:], "\(place)[\(index)]")
        }
      case "required":
        guard let object = value as? [String: Any] else { continue }
        for name in rule as? [String] ?? [] where object[name] == nil {
          found.append("\(place) has no \(name)")
        }
      case "oneOf":
        let fitting = (rule as? [[String: Any]] ?? []).filter { faults(value, $0, place).isEmpty }
        if fitting.count != 1 { found.append("\(place) fits \(fitting.count) of oneOf") }
      case "properties", "additionalProperties": continue
      default: found.append("keyword \(keyword) is not checked")
      }
    }
    return found + fields(value, schema, place)
  }

  private func fields(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let object = value as? [String: Any] else { return [] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    return object.flatMap { name, field -> [String] in
      let inner = "\(place).\(name)"
      if let rule = properties[name] { return faults(field, rule, inner) }
      if schema["additionalProperties"] as? Bool == false { return ["\(inner) is not foreseen"] }
      return faults(field, schema["additionalProperties"] as? [String: Any] ?? [:], inner)
    }
  }

  private func reference(_ value: Any, _ rule: Any, _ place: String) -> [String] {
    let name = (rule as? String)?.split(separator: "/").last.map(String.init) ?? ""
    guard let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
      return ["the schema does not define \(rule)"]
    }
    return faults(value, definition, place)
  }

  private func types(_ value: Any, _ rule: Any, _ place: String) -> [String] {
    let allowed = rule as? [String] ?? [rule as? String ?? ""]
    return allowed.contains(name(of: value)) ? [] : ["\(place) is a \(name(of: value))"]
  }

  private func name(of value: Any) -> String {
    switch value {
    case is NSNull: "null"
    case is String: "string"
    case is [Any]: "array"
    case is [String: Any]: "object"
    // In Foundation a Bool is an NSNumber too; its encoded type tells them apart.
    case let number as NSNumber: isBool(number) ? "boolean" : "integer"
    default: "unknown"
    }
  }

  private func isBool(_ number: NSNumber) -> Bool {
    let type = String(cString: number.objCType)
    return type == "c" || type == "B"
  }

  private func isEqual(_ left: Any, _ right: Any) -> Bool {
    if left is NSNull || right is NSNull { return left is NSNull && right is NSNull }
    return (left as? String) == (right as? String)
  }
}
