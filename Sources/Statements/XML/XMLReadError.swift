internal import CLibXML2
internal import Payments

/// Why an XML statement could not be read to its end.
struct XMLReadError: Error, Hashable, Sendable {
  /// What kind of failure it is, for the caller to name the statement's fault by.
  enum Kind: Hashable, Sendable {
    /// The syntax is wrong somewhere before the end.
    case notWellFormed
    /// The file stops before its root element does.
    case truncated
    /// Bytes that mean nothing in the file's encoding, or an encoding nobody knows.
    case encoding
    /// A document type or an entity is declared; statements have none, attacks do.
    case documentType
    /// Elements nest deeper than any statement does.
    case tooDeep
    /// One text, or all that is kept of one entry, is larger than any statement's.
    case tooLarge
    /// Good XML, but not one of the three camt messages.
    case notCamt
  }

  /// What kind of failure it is.
  var kind: Kind
  /// Line counted from 1; nil when the failure has no place.
  var line: Int?
  /// Column counted from 1; nil when the failure has no place.
  var column: Int?
  /// What happened and what to do.
  var reason: Wording
}

extension XMLReadError {
  /// The fault of a statement that cannot be read because of this.
  var fault: FaultKind {
    switch kind {
    case .truncated: .statementTruncated
    case .encoding: .encodingDamaged
    default: .unreadable
    }
  }

  static func documentType(line: Int, column: Int) -> XMLReadError {
    XMLReadError(
      kind: .documentType, line: line, column: column,
      reason: Wording(
        zh: "文件含有 DOCTYPE 或实体声明，对账文件不应有，出于安全不予读取；请向银行索取原始文件",
        en: "the file declares a DOCTYPE or an entity, which no statement does; it is refused for "
          + "safety: ask the bank for the original file"))
  }

  static func tooDeep(line: Int, column: Int, limit: Int) -> XMLReadError {
    XMLReadError(
      kind: .tooDeep, line: line, column: column,
      reason: Wording(
        zh: "元素嵌套超过 \(limit) 层，不是正常的对账文件",
        en: "elements nest more than \(limit) deep, which no statement does"))
  }

  static func tooLarge(line: Int, column: Int, what: Wording) -> XMLReadError {
    XMLReadError(kind: .tooLarge, line: line, column: column, reason: what)
  }

  static func longTag(line: Int) -> XMLReadError {
    .tooLarge(
      line: line, column: 0,
      what: Wording(
        zh: "一个元素的标签超过 \(XMLPushParser.longestTag >> 10) KiB，不是正常的对账文件",
        en:
          "the tag of an element is longer than \(XMLPushParser.longestTag >> 10) KiB, which no statement's is"
      ))
  }

  static func notCamt(root: String, namespace: String) -> XMLReadError {
    let shown = namespace.isEmpty ? root : "\(root) (\(namespace))"
    return XMLReadError(
      kind: .notCamt, line: nil, column: nil,
      reason: Wording(
        zh: "不是 camt.052/053/054 对账文件：根元素为 \(shown)",
        en: "not a camt.052/053/054 statement: the root element is \(shown)"))
  }

  static func truncated(line: Int, column: Int) -> XMLReadError {
    XMLReadError(
      kind: .truncated, line: line, column: column,
      reason: Wording(
        zh: "文件在根元素结束之前中断，内容不完整；请重新下载",
        en: "the file stops before its root element is closed: download it again"))
  }

  static let empty = XMLReadError(
    kind: .truncated, line: nil, column: nil,
    reason: Wording(zh: "文件为空；请重新下载", en: "the file is empty: download it again"))

  static func encoding(line: Int?, column: Int?, name: String) -> XMLReadError {
    XMLReadError(
      kind: .encoding, line: line, column: column,
      reason: Wording(
        zh: "含有不属于 \(name) 编码的字节；文件可能被改存过，请索取原始文件",
        en: "bytes that are not \(name): the file may have been saved again in another encoding; "
          + "ask for the original"))
  }

  static func unknownEncoding(_ name: String) -> XMLReadError {
    XMLReadError(
      kind: .encoding, line: 1, column: nil,
      reason: Wording(
        zh: "XML 声明的编码 \(name) 无法识别",
        en: "the encoding \(name) that the XML declares is not known"))
  }

  static func notWellFormed(line: Int, column: Int, message: String) -> XMLReadError {
    // The parser counts from 0 while it has not seen a line.
    let line = max(1, line)
    return XMLReadError(
      kind: .notWellFormed, line: line, column: column,
      reason: Wording(
        zh: "XML 语法错误（第 \(line) 行第 \(column) 列）：\(message)",
        en: "the XML is not well-formed at line \(line), column \(column): \(message)"))
  }
}

/// What a libxml2 error means for whoever asked for the file.
func xmlFailure(_ error: xmlError, skippedLines: Int) -> XMLReadError {
  let line = Int(error.line) + skippedLines
  let column = Int(error.int2)
  let message = error.message.map { String(cString: $0) } ?? "error \(error.code)"
  let trimmed = message.split(separator: "\n").first.map(String.init) ?? message
  // libxml2 reports broken UTF-8 under several codes, with one message.
  let isEncoding =
    trimmed.hasPrefix("Input is not proper UTF-8")
    || UInt32(bitPattern: error.code) == XML_ERR_INVALID_ENCODING.rawValue
  if isEncoding { return .encoding(line: line, column: column, name: "UTF-8") }
  return .notWellFormed(line: line, column: column, message: trimmed)
}
