internal import Payments
internal import Yams

extension [ConfigurationChange] {
  /// What a configuration says otherwise than another, key by key, in order; the layout of the text, comments
  /// and the order of keys are nothing.
  ///
  /// - Returns: none where one of them cannot be read.
  static func between(_ before: [UInt8], _ after: [UInt8]) -> [ConfigurationChange] {
    guard let old = Flattened(before), let new = Flattened(after) else { return [] }
    return Set(old.values.keys).union(new.values.keys).sorted().compactMap { key in
      let (was, now) = (old.values[key], new.values[key])
      return was == now ? nil : ConfigurationChange(key: key, before: was, after: now)
    }
  }
}

/// A configuration as one value a key: `rules.singleLimit` → `500.00`.
private struct Flattened {
  private(set) var values: [String: String] = [:]

  init?(_ bytes: [UInt8]) {
    guard let node = try? ConfigurationText(path: "", bytes: bytes).compose() else { return nil }
    add(node, "")
  }

  private mutating func add(_ node: Node, _ key: String) {
    if let mapping = node.mapping {
      for (name, value) in mapping {
        let name = name.scalar?.string ?? ""
        add(value, key.isEmpty ? name : key + "." + name)
      }
    } else {
      values[key] = text(of: node)
    }
  }

  /// A value on one line.
  private func text(of node: Node) -> String {
    if let sequence = node.sequence {
      return "[" + sequence.map(text).joined(separator: ", ") + "]"
    }
    if let mapping = node.mapping {
      return "{" + mapping.map { "\(text(of: $0)): \(text(of: $1))" }.joined(separator: ", ") + "}"
    }
    return node.scalar?.string ?? ""
  }
}
