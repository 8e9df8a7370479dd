internal import Glibc
internal import Payments
internal import Yams

/// A profile as a YAML text, checked key by key before it is used: a wrong word is refused where it
/// stands, never ignored.
struct ProfileFile {
  /// What people call it: a file's path, or the name of a built-in layout.
  let name: String
  let text: String

  init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// Reads a profile from a file.
  init(path: String) throws(StatementError) {
    let file = try StatementFile(path: path)
    let bytes = try file.read(at: 0, count: min(file.size, 1 << 20))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .profile(name: path, problem: Wording(zh: "必须是 UTF-8。", en: "must be UTF-8."))
    }
    self.init(name: path, text: text)
  }

  /// Every `.yaml` or `.yml` file of a folder, by name.
  static func all(in folder: String) throws(StatementError) -> [ProfileFile] {
    guard let directory = opendir(folder) else {
      throw .cannotRead(path: folder, problem: String(cString: strerror(errno)))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { names.append(name) }
    }
    var files: [ProfileFile] = []
    for name in names.sorted() { files.append(try ProfileFile(path: folder + "/" + name)) }
    return files
  }

  /// The profile, with its header names normalised.
  func profile() throws(StatementError) -> Profile {
    do {
      guard let root = try Yams.compose(yaml: text, .basic.appending(.merge), .default, .utf8)
      else {
        throw failure(nil, Wording(zh: "为空。", en: "is empty."))
      }
      try check(root, against: ProfileGrammar.top)
      let profile = try YAMLDecoder().decode(Profile.self, from: root).normalised()
      if let problem = profile.problem { throw failure(nil, problem) }
      return profile
    } catch let error as StatementError {
      throw error
    } catch let error as DecodingError {
      throw failure(nil, ProfileFile.wording(of: error))
    } catch {
      let text = String(describing: error).replacing("\n", with: " ")
      throw failure(nil, Wording(zh: "不是合法的 YAML：\(text)", en: "not valid YAML: \(text)"))
    }
  }

  /// Refuses keys nobody knows, wherever they are nested.
  private func check(_ node: Node, against grammar: ProfileGrammar) throws {
    switch grammar {
    case .any: return
    case .each(let inner):
      for item in node.mapping?.values.map({ $0 }) ?? node.sequence.map(Array.init) ?? [] {
        try check(item, against: inner)
      }
    case .keys(let known):
      guard let mapping = node.mapping else {
        throw failure(
          node, Wording(zh: "此处应为“键: 值”。", en: "expected `key: value` lines here."))
      }
      for (key, value) in mapping {
        let name = key.string ?? ""
        guard let inner = known[name] else {
          let words = known.keys.sorted()
          throw failure(
            key,
            Wording(
              zh: "未知的键“\(name)”，可用：\(words.joined(separator: "、"))。",
              en: "unknown key `\(name)`; expected one of \(words.joined(separator: ", "))."))
        }
        try check(value, against: inner)
      }
    }
  }

  private func failure(_ node: Node?, _ problem: Wording) -> StatementError {
    let place = node?.mark.map { ":\($0.line):\($0.column)" } ?? ""
    return .profile(name: name + place, problem: problem)
  }

  private static func wording(of error: DecodingError) -> Wording {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      let place = (context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
      return Wording(zh: "缺少 \(place)。", en: "\(place) is missing.")
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return Wording(
        zh: "\(path(context)) 的值无效：\(context.debugDescription)",
        en: "\(path(context)) has a wrong value: \(context.debugDescription)")
    @unknown default:
      return Wording(zh: "内容无效。", en: "has wrong contents.")
    }
  }
}

extension Profile {
  /// The roles a column may play.
  static let roles = Set(Role.allCases.map(\.name))

  /// What contradicts itself although every key is known; nil for a sound profile.
  fileprivate var problem: Wording? {
    if Side(rawValue: side) == nil {
      return Wording(zh: "side 应为 channel 或 ledger。", en: "side must be channel or ledger.")
    }
    if Channel(name: channel) == nil {
      return Wording(zh: "未知的 channel“\(channel)”。", en: "unknown channel `\(channel)`.")
    }
    if let role = columns.keys.sorted().first(where: { !Profile.roles.contains($0) }) {
      let known = Profile.roles.sorted()
      return Wording(
        zh: "columns 中未知的字段“\(role)”，可用：\(known.joined(separator: "、"))。",
        en: "unknown field `\(role)` in columns; expected one of "
          + "\(known.joined(separator: ", ")).")
    }
    let special: Set<String> = ["moneyIn", "moneyOut", "amount"]
    if let role = (required + (requiredAnyOf ?? [])).first(where: {
      columns[$0] == nil && !special.contains($0)
    }) {
      return Wording(
        zh: "required 中的“\(role)”没有对应的列。", en: "required names `\(role)`, which no column has.")
    }
    return hollowProblem ?? valueProblem ?? amountProblem ?? fixedProblem ?? meaningProblem
  }

  /// Values that no file can be read with.
  private var valueProblem: Wording? {
    let marks = [separator, separatorGuard, commentPrefix].compactMap { $0 }
    if let mark = marks.first(where: { $0.utf8.count != 1 || !$0.utf8.allSatisfy { $0 < 0x80 } }) {
      return Wording(
        zh: "分隔符与标记应为一个 ASCII 字符，而不是“\(mark)”。",
        en: "separators and marks are one ASCII character, not `\(mark)`.")
    }
    if let unit = amounts.sorted(by: { $0.key < $1.key }).first(where: {
      !($0.value.isFen || $0.value.decimals == 2 || $0.value.decimals == 5)
    }) {
      return Wording(
        zh: "金额列“\(unit.key)”的小数位应为 2、5（仅手续费）或 fen。",
        en: "the decimals of `\(unit.key)` must be 2, 5 (fees only), or fen.")
    }
    if let name = (channelWords ?? [:]).keys.sorted().first(where: { Channel(name: $0) == nil }) {
      return Wording(
        zh: "channelWords 中未知的 channel“\(name)”。", en: "unknown channel `\(name)` in channelWords.")
    }
    if let timeLength, timeLength < 1 {
      return Wording(zh: "timeLength 应大于 0。", en: "timeLength must be more than 0.")
    }
    let lists: [(String, [String]?)] = [
      ("kinds.column", kinds?.column), ("status.column", status?.column),
      ("refundStatus.column", refundStatus?.column),
      ("trailer.header", trailer?.header.map { [$0] }),
      ("trailer.endMark", trailer?.endMark.map { [$0] }), ("trailer.starts", trailer?.starts),
      ("firstLine", firstLine.map { [$0] }), ("direction.flag.column", direction?.flag?.column),
      ("topUpWords.words", topUpWords?.words), ("unreconciledWords", unreconciledWords),
      (
        "signature",
        xml == nil && headerless == nil ? signature + (signatureGroups ?? []).joined() : nil
      ),
    ]
    let words = lists + (channelWords ?? [:]).map { ("channelWords.\($0.key)", $0.value) }
    let hollow = words.first { _, list in list?.isEmpty == true || list?.contains("") == true }
    guard let (name, _) = hollow else { return nil }
    return Wording(zh: "\(name) 不能为空。", en: "\(name) must not be empty.")
  }

  private var amountProblem: Wording? {
    let kindAmounts =
      (kinds.map { Array($0.values.values) } ?? []) + (kinds?.others.map { [$0] } ?? [])
    let money =
      kindAmounts.flatMap { $0.amount ?? [] } + (direction?.moneyIn ?? [])
      + (direction?.moneyOut ?? []) + (direction?.amount ?? []) + (columns["balance"] ?? [])
    let used =
      money + (columns["fee"] ?? []) + (trailer?.totals ?? []).compactMap(\.sum)
      + (trailer?.lines ?? []).compactMap(\.sum)
    if view != .summary, !isList, direction == nil, kindAmounts.allSatisfy({ $0.amount == nil }) {
      return Wording(
        zh: "没有说明金额在哪一列（direction 或 kinds 的 amount）。",
        en: "no column of amounts is named (direction, or amount in kinds).")
    }
    if let name = money.sorted().first(where: { amounts[$0]?.scale == 5 }) {
      return Wording(
        zh: "金额列“\(name)”不是手续费，小数位应为 2 或 fen。",
        en: "`\(name)` is no fee: its decimals must be 2, or fen.")
    }
    guard let name = used.sorted().first(where: { amounts[$0] == nil }) else { return nil }
    return Wording(
      zh: "金额列“\(name)”未在 amounts 中写明小数位。",
      en: "the amount column `\(name)` has no decimals in amounts.")
  }

  private var fixedProblem: Wording? {
    guard let fixed else { return nil }
    func isRange(_ range: [Int]) -> Bool {
      range.count == 2 && range[0] >= 1 && range[0] <= range[1] && range[1] <= fixed.width
    }
    guard fixed.fields.values.allSatisfy(isRange), (fixed.digits ?? []).allSatisfy(isRange),
      !fixed.fields.isEmpty
    else {
      return Wording(
        zh: "fixed 中的字节范围应为 [起, 止]，从 1 起，不超过 width。",
        en: "byte ranges in fixed must be [first, last], from 1 and within width.")
    }
    return nil
  }
}
