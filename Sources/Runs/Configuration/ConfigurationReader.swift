internal import Files
internal import Foundation
internal import Payments
internal import Reports
internal import Yams

/// Reads a YAML configuration; every key, number and time is checked where it stands.
package struct ConfigurationReader {
  let path: String
  private let bytes: [UInt8]?

  /// Reads the file at `path`.
  ///
  /// - Parameter bytes: what stood in it before, to be read as if it still did.
  package init(path: String, bytes: [UInt8]? = nil) { (self.path, self.bytes) = (path, bytes) }

  /// Reads the file.
  package func read() throws -> Configuration {
    guard let data = bytes.map({ Data($0) }) ?? FileManager.default.contents(atPath: path) else {
      throw ConfigurationError(
        path: path,
        detail: Wording(
          zh: "配置文件不存在或无法读取。用 --config 指定，或参照 samples/cardrecon.yaml 新建。",
          en: "no such configuration, or not readable. Name one with --config, or start from "
            + "samples/cardrecon.yaml."))
    }
    let source = ConfigurationText(path: path, bytes: [UInt8](data))
    guard let node = try source.compose() else {
      throw ConfigurationError(
        path: path, line: 1, column: 1,
        detail: Wording(
          zh: "配置为空，参照 samples/cardrecon.yaml 填写。",
          en: "is empty; start from samples/cardrecon.yaml."))
    }
    var result = try configuration(node)
    result.source = Array(data)
    result.fingerprint = sha256(result.source)
    return result
  }

  private func configuration(_ root: Node) throws -> Configuration {
    var result = Configuration(path: path)
    if let node = root.mapping?["channels"] { try channels(node) }
    try forEach(
      root,
      [
        "school", "incoming", "output", "state", "review", "reissue", "catchUp", "profiles",
        "anchorKey", "passwords", "channels", "sources", "ledger", "lists", "rules", "actions",
        "settlement", "payoutParties",
      ]
    ) {
      key, value in
      switch key {
      case "school": result.school = try string(value)
      case "incoming": result.incoming = resolved(try string(value))
      case "output": result.output = resolved(try string(value))
      case "review": result.needsReview = try flag(value)
      case "reissue":
        let rule = try string(value)
        guard ["newest", "hold"].contains(rule) else {
          throw fail(
            value, "reissue 应为 newest 或 hold", "`\(rule)` is no rule; write newest or hold.")
        }
        result.holdsReissues = rule == "hold"
      case "catchUp":
        guard let days = number(try string(value)), days <= 366 else {
          throw fail(value, "catchUp 应为天数（0 至 366）", "catchUp is a number of days, 0 to 366")
        }
        result.catchUpDays = Int(days)
      case "state": result.state = resolved(try string(value))
      case "profiles": result.profiles = resolved(try string(value))
      case "passwords": result.passwords = resolved(try string(value))
      case "anchorKey": result.anchorKey = resolved(try string(value))
      // Told before the keys are gone through: sources may name them.
      case "channels": break
      case "sources": result.sources = try sources(value)
      case "ledger": try ledger(value, of: &result)
      case "lists": result.lists = try lists(value)
      case "rules":
        let terms = result.rules.settlement
        result.rules = try rules(value)
        result.rules.settlement = terms
      case "settlement": try settlement(value, into: &result.rules.settlement)
      case "payoutParties": result.payoutParties = try payoutParties(value)
      default: result.actions = try actions(value)
      }
    }
    if result.incoming == "." { result.incoming = resolved(".") }
    if result.state == "state" { result.state = resolved("state") }
    if result.output == "reports" { result.output = resolved("reports") }
    result.rules.settlement.agreements = result.sources.flatMap(\.fees)
    guard !result.sources.isEmpty else {
      throw fail(root, "sources 未配置：至少列出一个渠道", "`sources` is missing: list at least one channel")
    }
    guard !result.ledger.isEmpty else {
      throw fail(root, "ledger 未配置：需要台账文件名", "`ledger` is missing: name the ledger's files")
    }
    return result
  }

  /// Paths are relative to the configuration's own folder.
  private func resolved(_ other: String) -> String {
    if other.hasPrefix("/") { return other }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return folder.appendingPathComponent(other).standardizedFileURL.path
  }

  private func sources(_ node: Node) throws -> [ConfiguredSource] {
    var result: [ConfiguredSource] = []
    let names = Channel.all.filter { $0 != .unknown }.map(\.name)
    try forEach(node, names) { name, value in
      var source = ConfiguredSource(
        channel: Channel(name: name) ?? .other, files: [], merchants: [])
      let keys = [
        "files", "merchants", "subMerchants", "words", "topUps", "due", "cutoff", "retired", "fee",
      ]
      try forEach(value, keys) { key, value in
        switch key {
        case "files": source.files = try entries(value)
        case "merchants": try merchants(value, of: &source)
        case "fee": source.fees = try agreements(value, source.channel)
        case "due": source.due = try clock(value)
        case "cutoff": source.cutoff = try cutoff(value)
        case "retired": source.retired = try date(value)
        case "words": source.words = try words(value)
        case "topUps": source.topUps = try words(value)
        default: source.subMerchants = try strings(value)
        }
      }
      guard !source.files.isEmpty else {
        throw fail(value, "sources.\(name) 缺少 files", "sources.\(name) needs `files`")
      }
      result.append(source)
    }
    return result.sorted { $0.channel < $1.channel }
  }

  /// Numbers, each alone or as `{number: …, retired: …}`.
  private func merchants(_ node: Node, of source: inout ConfiguredSource) throws {
    let nodes = node.sequence == nil ? [node] : try list(node)
    for node in nodes {
      var (number, retired): (String?, BusinessDay?) = (nil, nil)
      if node.mapping == nil {
        number = try string(node)
      } else {
        try forEach(node, ["number", "retired"]) { key, value in
          if key == "number" { number = try string(value) } else { retired = try date(value) }
        }
      }
      guard let number else {
        throw fail(
          node, "缺少 number：应如 {number: \"1609354271\", retired: 2026-11-10}",
          "needs `number`, as in {number: \"1609354271\", retired: 2026-11-10}")
      }
      guard !source.merchants.contains(number) else {
        throw fail(
          node, "merchants 中“\(number)”重复", "`\(number)` stands in `merchants` twice")
      }
      source.merchants.append(number)
      source.retiredMerchants[number] = retired
    }
  }

  /// The channels the school names itself.
  private func channels(_ node: Node) throws {
    var seen = Set<String>()
    for entry in try list(node) {
      var (name, label): (String?, Wording?) = (nil, nil)
      var (words, isBank): ([String], Bool) = ([], true)
      try forEach(entry, ["name", "zh", "en", "kind", "words"]) { key, value in
        let text = key == "words" ? "" : try string(value)
        switch key {
        case "name": name = try channelName(value)
        case "zh": label = Wording(zh: text, en: label?.en ?? text)
        case "en": label = Wording(zh: label?.zh ?? text, en: text)
        case "words": words = try strings(value)
        default:
          guard ["bank", "mobile"].contains(text) else {
            throw fail(value, "kind 应为 bank 或 mobile", "`\(text)` is no kind; write bank or mobile")
          }
          isBank = text == "bank"
        }
      }
      guard let name, let label else {
        throw fail(entry, "channels 每项需要 name 和 zh", "each channel needs `name` and `zh`")
      }
      guard seen.insert(name).inserted else {
        throw fail(entry, "channels 中“\(name)”重复", "`\(name)` stands in `channels` twice")
      }
      let own = OwnChannel.told(name: name, label: label, words: words, isBank: isBank)
      guard own.channel.isOwn else {
        throw fail(entry, "channels 太多，最多 64 项", "too many channels: at most 64 of a kind")
      }
    }
  }

  private func channelName(_ node: Node) throws -> String {
    let name = try string(node)
    let isWord = name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
    }
    guard isWord, name.utf8.count <= 32, name != Side.ledger.rawValue else {
      throw fail(
        node, "渠道名“\(name)”无效：小写字母、数字和连字符，至多 32 个",
        "`\(name)` is no name: lower-case letters, digits and hyphens, at most 32")
    }
    guard !Channel.known.contains(where: { $0.name == name }) else {
      throw fail(
        node, "“\(name)”是本程序已有的渠道，无需列出",
        "`\(name)` is a channel this program knows; it is not listed here")
    }
    return name
  }

  private func ledger(_ node: Node, of result: inout Configuration) throws {
    try forEach(node, ["files", "due", "unreconciled", "serials"]) { key, value in
      switch key {
      case "files": result.ledger = try entries(value)
      case "due": result.ledgerDue = try clock(value)
      case "serials": result.serialsAreContinuous = try choice(value, yes: "continuous", no: "any")
      default: result.unreconciled = try words(value)
      }
    }
  }

  /// Words to be looked for in texts: an empty one would be found in all of them.
  func words(_ node: Node) throws -> [String] {
    let words = try strings(node)
    guard !words.contains(where: { $0.utf8.allSatisfy { $0 <= 0x20 } }) else {
      throw fail(node, "词语不能为空", "a word must not be empty")
    }
    return words
  }

  private func lists(_ node: Node) throws -> [FileEntry] {
    guard node.mapping != nil else { return try entries(node) }
    var files: [FileEntry] = []
    try forEach(node, ["files"]) { _, value in files = try entries(value) }
    return files
  }

  /// Entries of `files`: each a pattern, a list of patterns for one and the same, or
  /// `{pattern: …, optional: true, retired: …}`.
  private func entries(_ node: Node) throws -> [FileEntry] {
    let nodes = node.sequence == nil ? [node] : try list(node)
    return try nodes.map { node in
      guard node.mapping != nil else { return FileEntry(patterns: try patterns(node)) }
      var entry = FileEntry(patterns: [])
      try forEach(node, ["pattern", "optional", "retired", "account"]) { key, value in
        switch key {
        case "pattern": entry.patterns = try patterns(value)
        case "account": entry.account = try account(value)
        case "retired": entry.retired = try date(value)
        default: entry.isOptional = try flag(value)
        }
      }
      guard !entry.patterns.isEmpty else {
        throw fail(node, "缺少 pattern", "needs `pattern`")
      }
      return entry
    }
  }

  private func patterns(_ node: Node) throws -> [String] {
    let nodes = node.sequence == nil ? [node] : try list(node)
    return try nodes.map { node in
      let pattern = try string(node)
      let rest = FileEntry.placeholders.reduce(pattern) { $0.replacing($1, with: "") }
      if rest.contains("{") || rest.contains("}") {
        let known = FileEntry.placeholders
        throw fail(
          node, "“\(pattern)”中有未知的占位符，可用的有 \(known.joined(separator: "、"))",
          "`\(pattern)` holds an unknown placeholder; there are \(known.joined(separator: ", "))")
      }
      return pattern
    }
  }

  private func rules(_ node: Node) throws -> Rules {
    var rules = Rules()
    let keys = [
      "mobilePromise", "bankPromise", "mobileWindow", "bankWindow", "refundWindow",
      "refundReach", "clockTolerance", "duplicateWindow", "maintenance", "maintenanceLead",
      "singleLimit",
      "dailyLimit", "foreignDailyLimit", "moveWindow", "confirmWithin", "bankFees", "surcharge",
    ]
    try forEach(node, keys) { key, value in
      switch key {
      case "mobilePromise": rules.mobilePromiseSeconds = try duration(value)
      case "bankPromise": rules.bankPromiseSeconds = try duration(value)
      case "mobileWindow": rules.mobileWindowSeconds = try duration(value)
      case "bankWindow": rules.bankWindowSeconds = try duration(value)
      case "refundWindow": rules.refundWindowSeconds = try duration(value)
      case "refundReach": rules.refundReachSeconds = Int64(try days(value)) * 86_400
      case "clockTolerance": rules.clockToleranceSeconds = try duration(value)
      case "duplicateWindow": rules.duplicateWindowSeconds = try duration(value)
      case "maintenance": rules.maintenance = try timeRange(value)
      case "maintenanceLead": rules.maintenanceLeadSeconds = try duration(value)
      case "singleLimit": rules.singleLimitFen = try optionalYuan(value)
      case "dailyLimit": rules.dailyLimitFen = try optionalYuan(value)
      case "foreignDailyLimit": rules.foreignDailyLimitFen = try optionalYuan(value)
      case "moveWindow":
        rules.moveWindowSeconds = try string(value) == "none" ? nil : duration(value)
      case "confirmWithin": rules.confirmWithinDays = try days(value)
      case "bankFees": rules.bankFeesFen = try list(value).map(yuan)
      default: rules.surchargePerHundredThousand = try rate(value)
      }
    }
    return rules
  }
}
