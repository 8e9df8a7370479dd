internal import Payments
internal import Yams

/// The text of a configuration on its way to YAML; says in one line where it is not what it should
/// be.
struct ConfigurationText {
  let path: String
  let bytes: [UInt8]

  /// Parses the text; nil when there is nothing in it.
  func compose() throws -> Node? {
    let text = try decoded()
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw explained(error, text)
    }
  }

  /// The bytes as text, without the byte order mark Windows editors write.
  private func decoded() throws -> String {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if let text = String(validating: bytes[start...], as: UTF8.self) { return text }
    let (line, column) = firstBadByte(from: start)
    throw ConfigurationError(
      path: path, line: line, column: column,
      detail: Wording(
        zh: "此处的字节不是 UTF-8。配置文件必须另存为 UTF-8 编码。",
        en: "not UTF-8 from here on. Save the configuration as UTF-8."))
  }

  /// Line and column, counted in characters from 1, where UTF-8 ends.
  private func firstBadByte(from start: Int) -> (line: Int, column: Int) {
    let lines = bytes[start...].split(separator: 0x0A, omittingEmptySubsequences: false)
    let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    let sound = String(decoding: lines[index], as: UTF8.self).unicodeScalars
      .prefix { $0 != "\u{FFFD}" }
    return (index + 1, sound.count + 1)
  }

  // MARK: - What YAML refused

  private func explained(_ error: YamlError, _ text: String) -> ConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return refused(problem, mark, text)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return repeated(String(describing: duplicates.first ?? ""), in: context.mark, text)
    case .reader(let problem, let offset, _, _):
      let before = text.unicodeScalars.prefix(offset ?? 0)
      let line = before.split(separator: "\n", omittingEmptySubsequences: false)
      return ConfigurationError(
        path: path, line: line.count, column: (line.last?.count ?? 0) + 1,
        detail: Wording(zh: "此处的字符不能出现在 YAML 中：\(problem)。", en: "\(problem)."))
    default:
      return ConfigurationError(
        path: path, detail: Wording(zh: "不是合法的 YAML。", en: "not valid YAML."))
    }
  }

  private func refused(_ problem: String, _ mark: Mark, _ text: String) -> ConfigurationError {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    let detail =
      line.prefix { $0 == " " || $0 == "\t" }.contains("\t")
      ? Wording(
        zh: "此行用制表符（Tab）缩进；YAML 只能用空格缩进。",
        en: "the line is indented with a tab; YAML is indented with spaces.")
      : Wording(
        zh: "不是合法的 YAML：\(problem)。请检查此处的缩进、引号、括号与冒号。",
        en: "not valid YAML: \(problem). Check indentation, quotes, brackets and colons here.")
    return ConfigurationError(path: path, line: mark.line, column: mark.column, detail: detail)
  }

  /// Points at the second `key:` of the mapping that begins at `mark`.
  private func repeated(_ key: String, in mark: Mark, _ text: String) -> ConfigurationError {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let indent = String(repeating: " ", count: max(0, mark.column - 1))
    let places = lines.indices.dropFirst(max(0, mark.line - 1)).filter { index in
      guard lines[index].hasPrefix(indent + key) else { return false }
      return lines[index].dropFirst(indent.count + key.count).first == ":"
    }
    let line = places.dropFirst().first.map { $0 + 1 } ?? mark.line
    return ConfigurationError(
      path: path, line: line, column: mark.column,
      detail: Wording(
        zh: "键“\(key)”重复；只保留一处。", en: "key `\(key)` stands here twice; keep one of them."))
  }
}
