internal import Payments
internal import Reports
internal import Yams

// What a configuration says of fees, payouts and what people are told to do.

extension ConfigurationReader {
  func actions(_ node: Node) throws -> ActionSettings {
    var actions = ActionSettings()
    try forEach(node, ["refundDeskWeekday", "refundDeskTime", "refundDesk", "servicePhone"]) {
      key, value in
      switch key {
      case "refundDeskWeekday": actions.refundDeskWeekday = try weekday(value)
      case "refundDeskTime":
        let text = try string(value)
        actions.refundDeskTime = Wording(zh: text, en: text)
      case "refundDesk":
        let text = try string(value)
        actions.refundDesk = Wording(zh: text, en: text)
      default: actions.servicePhone = try string(value)
      }
    }
    return actions
  }

  /// The channel's account a file is a statement of.
  func account(_ node: Node) throws -> BookContent {
    switch try string(node) {
    case "basic": return .funds
    case "operation": return .operation
    case "fees": return .fees
    case let other:
      throw fail(
        node, "account“\(other)”无效，应为 basic（基本账户）、operation（运营账户）或 fees（手续费账户）",
        "`\(other)` is no account; write basic, operation or fees")
    }
  }

  /// Contracts about fees: one, or one a merchant and period.
  func agreements(_ node: Node, _ channel: Channel) throws -> [SettlementTerms.Agreement] {
    let nodes = node.sequence == nil ? [node] : try list(node)
    return try nodes.map { node in
      var (contract, merchant): (FeeContract?, String?) = (nil, nil)
      var (rounding, isReturned, from) = (FeeContract.Rounding.halfUp, true, BusinessDay?.none)
      try forEach(node, ["rate", "rounding", "refund", "from", "merchant"]) { key, value in
        switch key {
        case "rate": contract = FeeContract(rate: UInt32(try rate(value)))
        case "rounding": rounding = try self.rounding(value)
        case "refund": isReturned = try choice(value, yes: "returned", no: "kept")
        case "from": from = try date(value)
        default: merchant = try string(value)
        }
      }
      guard var contract else {
        throw fail(node, "fee 缺少 rate：应如 {rate: 0.6%}", "`fee` needs `rate`, as in {rate: 0.6%}")
      }
      (contract.rounding, contract.returnsFees, contract.from) = (rounding, isReturned, from)
      return SettlementTerms.Agreement(channel: channel, merchant: merchant, contract: contract)
    }
  }

  private func rounding(_ node: Node) throws -> FeeContract.Rounding {
    let text = try string(node)
    guard let rounding = FeeContract.Rounding(rawValue: text) else {
      throw fail(
        node, "rounding“\(text)”无效，应为 half-up（四舍五入）、down（舍去）或 up（进一）",
        "`\(text)` is no rounding; write half-up, down or up")
    }
    return rounding
  }

  func choice(_ node: Node, yes: String, no: String) throws -> Bool {
    let text = try string(node)
    guard text == yes || text == no else {
      throw fail(node, "“\(text)”无效，应为 \(yes) 或 \(no)", "`\(text)`: write \(yes) or \(no)")
    }
    return text == yes
  }

  /// When banks settle.
  func settlement(_ node: Node, into terms: inout SettlementTerms) throws {
    try forEach(node, ["days", "holidays", "workdays", "transitDays"]) { key, value in
      switch key {
      case "days":
        guard let days = number(try string(value)), (0...10).contains(days) else {
          throw fail(
            value, "settlement.days 应为工作日数（0 至 10）",
            "settlement.days is a number of working days, 0 to 10")
        }
        terms.calendar.days = Int(days)
      case "holidays": terms.calendar.holidays = try dates(value)
      case "workdays": terms.calendar.workdays = try dates(value)
      default: terms.transitDays = try days(value)
      }
    }
    let both = terms.calendar.holidays.intersection(terms.calendar.workdays).sorted()
    if let day = both.first {
      throw fail(
        node, "\(day) 同时列在 holidays 和 workdays 中", "\(day) stands in `holidays` and in `workdays`")
    }
  }

  /// Days, each alone or from one to another: `2026-10-01/2026-10-08`.
  private func dates(_ node: Node) throws -> Set<BusinessDay> {
    let nodes = node.sequence == nil ? [node] : try list(node)
    return try nodes.reduce(into: []) { days, node in
      let ends = try string(node).split(separator: "/", omittingEmptySubsequences: false)
      let found = ends.map { $0.utf8.count == 10 ? BusinessDay(String($0)) : nil }
      guard (1...2).contains(found.count), let first = found[0], let last = found[found.count - 1],
        first <= last, last.number - first.number <= 366
      else {
        throw fail(
          node, "日期无效，应如 2026-10-01 或 2026-10-01/2026-10-08",
          "is no date; write 2026-10-01, or 2026-10-01/2026-10-08")
      }
      days.formUnion((first.number...last.number).map(BusinessDay.init(number:)))
    }
  }

  /// Who settles for each channel.
  func payoutParties(_ node: Node) throws -> [Channel: [String]] {
    var parties: [Channel: [String]] = [:]
    let names = Channel.all.filter { $0 != .unknown && !$0.isBank }.map(\.name)
    try forEach(node, names) { name, value in
      parties[Channel(name: name) ?? .other] = try words(value)
    }
    return parties
  }
}
