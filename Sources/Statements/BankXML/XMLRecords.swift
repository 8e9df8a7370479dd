internal import Payments

/// A bank's XML answer turned into records: one line of rendered fields each, with the line of the
/// file it came from.
struct XMLRecords: XMLElementSink {
  let form: Profile.XMLForm
  /// Names of the fields, in the order they are rendered.
  let header: [String]
  /// The records, rendered (``Dialect/named``), after a header line.
  private let keeper = BytesKeeper()
  private var line: [UInt8] = []
  /// Line of the file of every rendered line; the first is the header's.
  private(set) var lines = [1]
  /// Whether the records come to more than an answer can: a field all share is copied into each.
  private(set) var isTooLong = false
  /// Bytes of all records.
  static let longest = 1 << 30
  private let limit: Int

  /// Texts at the paths the form asks for.
  private(set) var found: [String: String] = [:]

  private var path: [String] = []
  private var text: [UInt8] = []
  private var fields: [String: [UInt8]] = [:]
  private var recordDepth = 0

  init(_ form: Profile.XMLForm, header: [String], limit: Int = XMLRecords.longest) {
    self.limit = limit
    self.form = form
    self.header = header
    appendRecord { $0.utf8 }
  }

  /// Records in the answer.
  var count: Int { lines.count - 1 }

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    path.append(name)
    text = []
    if recordDepth == 0, path.dropFirst().joined(separator: "/") == form.record {
      recordDepth = path.count
      fields = [:]
      lines.append(line)
    }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    guard text.count < 1 << 16 else { return }
    text.append(contentsOf: bytes)
  }

  mutating func end(_ name: String) {
    if path.count == recordDepth {
      recordDepth = 0
      let (shared, own) = (found, fields)
      let sharedPaths = form.shared ?? [:]
      appendRecord { name in
        own[name] ?? sharedPaths[name].flatMap { shared[$0] }.map { Array($0.utf8) } ?? []
      }
    } else if recordDepth > 0 {
      let key = path[recordDepth...].joined(separator: "/")
      if fields[key] == nil { fields[key] = text }
    } else {
      let key = path.dropFirst().joined(separator: "/")
      if found[key] == nil { found[key] = String(decoding: text, as: UTF8.self).trimmedLine }
    }
    path.removeLast()
    text = []
  }

  /// The records as the contents of a file.
  func file(path: String) throws(Refusal) -> StatementFile { try keeper.file(path: path) }

  private mutating func appendRecord<Value: Sequence<UInt8>>(_ value: (String) -> Value) {
    isTooLong = isTooLong || keeper.count > limit
    guard !isTooLong else { return }
    line.removeAll(keepingCapacity: true)
    for (index, name) in header.enumerated() {
      if index > 0 { line.append(Dialect.named.separator) }
      Dialect.append(value(name), to: &line)
    }
    line.append(0x0A)
    keeper.append(line)
  }
}

extension XMLRecords {
  /// Whether the message is the one the form is for.
  var isExpected: Bool {
    guard let message = form.message else { return true }
    return message.good.contains(found[message.path] ?? "")
  }

  /// This page's number and how many there are, where the answer has pages.
  var page: Page? {
    guard let number = form.page.flatMap({ found[$0] }).flatMap({ Int($0) }),
      let of = form.pages.flatMap({ found[$0] }).flatMap({ Int($0) }), of > 0
    else { return nil }
    return Page(number: number, of: of)
  }

  /// What the answer says about itself that keeps it from being a statement, or an incomplete one.
  func faults() -> [StatementFault] {
    var faults: [StatementFault] = []
    if isTooLong {
      faults.append(
        StatementFault(
          .unreadable,
          detail: Wording(
            zh: "明细内容超过 \(limit >> 20) MiB 的上限，不是对账单。请重新下载。",
            en: "the records come to more than \(limit >> 20) MiB: no answer is that long. "
              + "Download again.")))
    }
    if let answer = form.answer {
      let said = found[answer.path] ?? ""
      if !answer.good.contains(said) {
        let message = found.filter { $0.key.uppercased().hasSuffix("MSG") }.map(\.value).first
        faults.append(
          StatementFault(
            .unreadable, column: answer.path,
            detail: Wording(
              zh: "银行返回码为“\(said)”\(message.map { "（\($0)）" } ?? "")，不是成功的明细应答。请重新查询。",
              en: "the bank answered \"\(said)\"\(message.map { " (\($0))" } ?? ""): no successful "
                + "list of transactions. Query again.")))
      }
    }
    if let more = form.more, let mark = found[more], !mark.isEmpty {
      faults.append(
        StatementFault(
          .statementTruncated, column: more,
          detail: Wording(
            zh: "\(more) 为“\(mark)”，说明后面还有页。请把各页都下载下来一并提供。",
            en: "\(more) is \"\(mark)\": more pages follow. Supply every page.")))
    }
    if let path = form.count, let stated = found[path], Int(stated) != count {
      faults.append(
        StatementFault(
          .controlTotalMismatch, column: path,
          detail: Wording(
            zh: "\(path) 声明“\(stated)”笔，实有 \(count) 笔。请重新下载。",
            en: "\(path) states \"\(stated)\" records, there are \(count). Download again.")))
    }
    if page == nil,
      let path = [form.page, form.pages].compactMap({ $0 }).first(where: { found[$0] != nil })
    {
      faults.append(
        StatementFault(
          .controlTotalMismatch, column: path,
          detail: Wording(
            zh: "页码 \(path) 无法读取，各页是否齐全无从核对。请重新下载。",
            en:
              "the page counter \(path) cannot be read: whether all pages are here cannot be told. "
              + "Download again.")))
    }
    return faults
  }

  /// Whether the answer states how many records it has, and has as many: one page proves nothing of others.
  var countTies: Bool {
    guard let stated = form.count.flatMap({ found[$0] }) else { return false }
    return Int(stated) == count && (page?.of ?? 1) == 1
  }
}

extension Profile {
  /// Names of the fields an XML record is rendered with.
  var recordFields: [String] {
    let shared = xml?.shared.map { Array($0.keys) } ?? []
    return knownHeaders.union(shared.map(normalisedHeader)).sorted()
  }
}
