import Payments

@testable import Statements

/// A small statement of a layout, made out of the layout itself: every column it has a meaning for, and a few it
/// does not know.
struct PlantedSheet {
  /// What a column is for.
  enum Use {
    case time, timeOfDay, key, merchant, subMerchant, currency, channelWord, balance, sequence, kind
    case status, flag, moneyIn, moneyOut, main, amount, number, name, text, stranger
  }

  /// Something to stand in a column of one row.
  struct Plant {
    var column: String
    var value: String
    /// Whose row it is; nil for anybody's.
    var name: String?
  }

  let profile: Profile
  private(set) var columns: [(name: String, use: Use)] = []

  /// Columns that no layout knows; those of the second line say whose their values are.
  static let strangers = ["补充说明", "extra"]
  static let labelled = ["姓名", "联系电话", "宿舍"]

  init(_ profile: Profile) {
    self.profile = profile
    let uses = PlantedSheet.uses(profile)
    for name in PlantedSheet.names(profile) where !columns.contains(where: { $0.name == name }) {
      columns.append((name, uses[name] ?? .text))
    }
    guard profile.fixed == nil, profile.xml == nil else { return }
    columns += PlantedSheet.strangers.map { ($0, .stranger) }
    for name in PlantedSheet.labelled where !columns.contains(where: { $0.name == name }) {
      columns.append((name, name == "姓名" ? .name : .stranger))
    }
  }

  /// Whether a value is as short as its column's width.
  func fits(_ value: String, _ column: String) -> Bool {
    guard let bytes = profile.fixed?.fields[column] else { return true }
    return value.utf8.count <= bytes[1] - bytes[0] + 1
  }

  /// Whether the layout has a column of names.
  var hasNames: Bool { columns.contains { $0.use == .name } }

  /// Whether what is planted in a column leaves its rows readable.
  static func isHarmless(_ use: Use) -> Bool {
    switch use {
    case .number, .name, .text, .stranger: true
    default: false
    }
  }

  private static func uses(_ profile: Profile) -> [String: Use] {
    var uses: [String: Use] = [:]
    func set(_ names: [String]?, _ use: Use) {
      for name in names ?? [] where uses[name] == nil { uses[name] = use }
    }
    set(profile.columns["time"], .time)
    set(profile.columns["timeOfDay"], .timeOfDay)
    for role in ["order", "serial", "own", "original", "refundSerial"] {
      set(
        profile.columns[role],
        role == "own" && profile.columns["sequence"] != nil ? .sequence : .key)
    }
    set(profile.columns["merchant"], .merchant)
    set(profile.columns["subMerchant"], .subMerchant)
    set(profile.columns["currency"], .currency)
    set(profile.columns["channelWord"], .channelWord)
    set(profile.columns["balance"], .balance)
    set(profile.columns["sequence"], .sequence)
    set(profile.kinds?.column, .kind)
    set(profile.status?.column, .status)
    set(profile.direction?.flag?.column, .flag)
    set(profile.direction?.moneyIn, .moneyIn)
    set(profile.direction?.moneyOut, .moneyOut)
    set(profile.direction?.amount, .main)
    set(profile.plantedKind?.kind.amount, .main)
    set(Array(profile.amounts.keys), .amount)
    set(profile.columns["coupons"], .amount)
    set((profile.columns["account"] ?? []) + (profile.columns["student"] ?? []), .number)
    set(profile.personalNumbers, .number)
    set(profile.personal, .name)
    return uses
  }

  private static func names(_ profile: Profile) -> [String] {
    if let fixed = profile.fixed { return fixed.sortedFields.map(\.name) }
    var names = profile.signature
    for (role, list) in profile.columns.sorted(by: { $0.key < $1.key }) {
      if role == "balance", !profile.required.contains(role) { continue }
      if role == "refundSerial" || role == "original" || role == "coupons" { continue }
      names += list.prefix(role.hasSuffix("Text") ? 2 : 1)
    }
    for group in profile.signatureGroups ?? [] where !group.contains(where: names.contains) {
      names.append(group[0])
    }
    names += [profile.kinds?.column, profile.status?.column, profile.direction?.flag?.column]
      .compactMap { $0?.first }
    if let both = profile.direction?.moneyIn?.first {
      names += [both] + (profile.direction?.moneyOut?.prefix(1) ?? [])
    } else {
      names += profile.direction?.amount?.prefix(1) ?? []
    }
    names += profile.plantedKind?.kind.amount?.prefix(1) ?? []
    names += (profile.trailer?.lines ?? []).compactMap(\.sum)
    names += (profile.personal ?? []) + (profile.personalNumbers ?? [])
    names += profile.topUpWords?.columns.prefix(1) ?? []
    return names
  }
}

extension Profile {
  /// The word of a top-up, and what follows from it.
  var plantedKind: (word: String, kind: Kind)? {
    guard let kinds else { return nil }
    let found = kinds.values.sorted { $0.key < $1.key }
      .first { $0.value.is == .payment || $0.value.is == .credit }
    return found.map { ($0.key, $0.value) }
  }
}

extension PlantedSheet {
  /// What a row has in a column, before anything is planted.
  func value(_ column: (name: String, use: Use), _ row: Int, name: String) -> String {
    let isFen = profile.amounts[column.name]?.isFen == true
    let number = 1_000_000 + row
    switch column.use {
    case .time: return time(column.name, row)
    case .timeOfDay: return PlantedSheet.clock(row)
    case .key:
      if profile.columns["order"]?.contains(column.name) == true { return key("CK", number) }
      return key("4200", number)
    case .merchant: return "1601959334"
    case .subMerchant: return "0"
    case .currency: return profile.yuanWords?.first ?? "CNY"
    case .channelWord: return "微信"
    case .balance: return PlantedSheet.yuan(10_000 + 50 * (row + 1), isFen)
    case .sequence: return "\(row + 1)"
    case .kind: return profile.plantedKind?.word ?? ""
    case .status: return profile.status?.success.first ?? ""
    case .flag: return profile.direction?.flag?.moneyIn.first ?? ""
    case .moneyIn, .main: return PlantedSheet.yuan(50, isFen)
    case .moneyOut: return ""
    case .amount: return PlantedSheet.yuan(0, isFen)
    case .number: return "3700\(row + 10_000)"
    case .name: return name
    case .text:
      return profile.topUpWords?.columns.contains(column.name) == true ? "校园卡充值" : ""
    case .stranger: return ""
    }
  }

  private func key(_ start: String, _ number: Int) -> String {
    profile.name == "campus-transfer" ? "\(number)" : start + "20261102\(number)"
  }

  private func time(_ name: String, _ row: Int) -> String {
    let clock = PlantedSheet.clock(row)
    if profile.columns["serial"]?.first == name {
      return "20261102" + clock.filter { $0 != ":" } + "\(1_000_000 + row)"
    }
    if profile.columns["timeOfDay"] != nil || profile.dayOnly == true { return "2026-11-02" }
    return "2026-11-02 " + clock
  }

  static func clock(_ row: Int) -> String {
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
    let second = row * 11
    return two(8 + second / 3_600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
  }

  static func yuan(_ yuan: Int, _ isFen: Bool) -> String { isFen ? "\(yuan * 100)" : "\(yuan).00" }
}

// MARK: - Writing

extension PlantedSheet {
  /// A file with one row for each plant.
  ///
  /// - Parameters:
  ///   - head: lines before the header; for separated fields only.
  ///   - tail: lines behind everything.
  ///   - header: a column more, with this name.
  func file(_ plants: [Plant], head: [String] = [], tail: [String] = [], header: String? = nil)
    -> String
  {
    let rows = plants.enumerated().map { index, plant in
      columns.map { column in
        plant.column == column.name
          ? plant.value : value(column, index, name: plant.name ?? "司徒建国")
      }
    }
    if profile.xml != nil { return xml(rows) }
    if let fixed = profile.fixed { return rows.map { record($0, fixed) + "\r\n" }.joined() }
    return separated(rows, head: head, tail: tail, extra: header)
  }

  private func separated(_ rows: [[String]], head: [String], tail: [String], extra: String?)
    -> String
  {
    let comment = profile.commentPrefix ?? ""
    let mark = profile.separatorGuard ?? ""
    let separator = profile.separator ?? ","
    let isQuoted = profile.quoting != Profile.Quoting.none && mark.isEmpty
    func field(_ text: String) -> String {
      let isHard = text.contains(separator) || text.contains("\"")
      return isQuoted && isHard
        ? "\"\(text.replacing("\"", with: "\"\""))\"" : mark + text.replacing(mark + ",", with: " ")
    }
    var lines = [profile.firstLine].compactMap(\.self)
    for (what, cut) in (profile.preamble ?? [:]).sorted(by: { $0.key < $1.key }) {
      let value =
        what == "merchant"
        ? "20886110962563300156"
        : what == "from"
          ? "2026-11-02 00:00:00"
          : profile.commentPrefix == nil ? "2026-11-02 23:59:59" : "2026-11-03 00:00:00"
      let start = cut.after.hasPrefix(comment) ? "" : comment
      lines.append(start + cut.after + value + cut.until)
    }
    lines += head.map { comment + $0 }
    lines.append((columns.map(\.name) + [extra].compactMap(\.self)).joined(separator: separator))
    lines += rows.map { ($0 + (extra == nil ? [] : [""])).map(field).joined(separator: separator) }
    lines += trailer(rows.count, field)
    return (lines + tail.map { comment + $0 }).map { $0 + "\r\n" }.joined()
  }

  private func total(_ sum: String?, _ rows: Profile.Trailer.Rows?, _ count: Int) -> String {
    let isOut = rows == .refund || rows == .moneyOut
    guard let sum else { return isOut ? "0" : "\(count)" }
    let isMain = columns.contains { $0.name == sum && ($0.use == .main || $0.use == .moneyIn) }
    return isMain && !isOut ? "\(count * 50).00" : "0.00"
  }

  private func trailer(_ count: Int, _ field: (String) -> String) -> [String] {
    guard let trailer = profile.trailer else { return [] }
    var lines = [trailer.endMark.map { (profile.commentPrefix ?? "") + "-----" + $0 }]
      .compactMap(\.self)
    let totals = (trailer.totals ?? []).filter { total in
      total.sum == nil || columns.contains { $0.name == total.sum }
    }
    if trailer.header != nil {
      lines.append(totals.map(\.name).joined(separator: ","))
      lines.append(
        totals.map { field(total($0.sum, $0.count ?? $0.of, count)) }.joined(separator: ","))
    }
    var prefixes: [String] = []
    for line in trailer.lines ?? [] where !prefixes.contains(line.prefix) {
      prefixes.append(line.prefix)
      let parts = (trailer.lines ?? []).filter { $0.prefix == line.prefix }
        .map { $0.after + total($0.sum, $0.count ?? $0.of, count) + $0.until }
      lines.append(line.prefix + parts.joined(separator: "，"))
    }
    return lines
  }

  /// A record of fixed width; amounts are filled with zeros from the left.
  private func record(_ fields: [String], _ fixed: Profile.Fixed) -> String {
    var record = [UInt8](repeating: 0x20, count: fixed.width)
    for ((name, bytes), field) in zip(fixed.sortedFields, fields) {
      let width = bytes[1] - bytes[0] + 1
      var text = Array(field.utf8.prefix(width))
      if profile.amounts[name] != nil, field.allSatisfy(\.isNumber) {
        text = Array(repeating: 0x30, count: width - text.count) + text
      }
      record.replaceSubrange((bytes[0] - 1)..<(bytes[0] - 1 + text.count), with: text)
    }
    if let start = fixed.starts?.first {
      record.replaceSubrange(0..<start.utf8.count, with: start.utf8)
    }
    return String(decoding: record, as: UTF8.self)
  }

  private func xml(_ rows: [[String]]) -> String {
    guard let form = profile.xml else { return "" }
    let shared = form.shared ?? [:]
    func escaped(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
    func nested(_ path: some Sequence<Substring>, _ inner: String) -> String {
      path.reversed().reduce(inner) { "<\($1)>\($0)</\($1)>" }
    }
    var said = ""
    var facts = [form.answer, form.message].compactMap(\.self).map { ($0.path, $0.good[0]) }
    if let count = form.count { facts.append((count, "\(rows.count)")) }
    if let page = form.page { facts.append((page, "1")) }
    if let pages = form.pages { facts.append((pages, "1")) }
    for (column, path) in shared.sorted(by: { $0.key < $1.key }) {
      let known = columns.first { $0.name == column }
      facts.append((path, known.map { value($0, 0, name: "司徒建国") } ?? "1"))
    }
    for (path, value) in facts { said += nested(path.split(separator: "/"), escaped(value)) }
    let outer = form.record.split(separator: "/")
    for row in rows {
      let fields = zip(columns, row).filter { shared[$0.0.name] == nil }
        .map { "<\($0.0.name)>\(escaped($0.1))</\($0.0.name)>" }
      said += nested(outer, fields.joined()) + "\n"
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(form.root)>\(said)</\(form.root)>\n"
  }
}
