internal import Payments

// Which book and day an answer "no bill" is of: it has no content that could tell.

extension Intake {
  /// Gives each saved answer that says a day has no bill its book and day; one of which they cannot be told, or
  /// that a real bill contradicts, is held.
  static func placeZeroDays(_ readings: inout [Reading], _ options: Options) {
    let answers = readings.indices.filter {
      readings[$0].isZeroDay && !readings[$0].statement.isHeld
    }
    guard !answers.isEmpty else { return }
    let (known, ledgerDays) = (zeroDayOwners(readings, options), ledgerDays(readings))
    for index in answers {
      if options.books != nil, !readings[index].isContext, !readings[index].isNamedAsWeChat {
        holdMisnamed(&readings[index])
        continue
      }
      guard let day = zeroDay(readings[index], ledgerDays, options) else {
        hold(&readings[index], unplaced: options.books != nil || options.days != nil)
        continue
      }
      if readings[index].isContext {
        // It was placed on its own night.
        readings[index].book = readings[index].entry ?? readings[index].book
        readings[index].settle(zeroDay: day)
        continue
      }
      guard let owner = zeroDayOwner(readings[index], known, options) else {
        holdOwnerless(&readings[index])
        continue
      }
      readings[index].book?.owner = owner
      // A bill of one kind that is named so can only be missing of that kind.
      let content = readings[index].statement.file.billContent
      readings[index].statement.content = content
      readings[index].book?.content = content
      if owner.isMerchant { readings[index].statement.merchant = owner }
      readings[index].settle(zeroDay: day)
    }
    nameOwners(&readings, options, arePlaced: true)
    let bills = WeChatDays(readings)
    for index in answers where !readings[index].statement.isHeld && !readings[index].isContext {
      confront(index, &readings, bills)
    }
  }

  /// The first and last days of the run's ledgers.
  private static func ledgerDays(_ readings: [Reading]) -> Set<BusinessDay> {
    let ledgers = readings.filter {
      $0.statement.side == .ledger && !$0.statement.isHeld && !$0.statement.isPartial
        && !$0.isContext
    }
    return Set(ledgers.flatMap { [$0.statement.from, $0.statement.to] }.compactMap(\.self))
  }

  /// The merchants that are known: configured, learned, and those of the bills that were given.
  private static func zeroDayOwners(_ readings: [Reading], _ options: Options) -> Set<String> {
    var owners = Set(
      (options.books ?? []).filter { $0.book.channel == .wechat }.map(\.book.owner)
        .filter(\.isMerchant))
    owners.formUnion(options.merchants[.wechat] ?? [])
    if options.books == nil {
      for reading in readings where reading.statement.channel == .wechat {
        owners.formUnion([reading.statement.merchant].compactMap(\.self))
      }
    }
    return owners
  }

  /// Its day: that of its name, by the configured pattern; without a configuration the only one of the ledger.
  private static func zeroDay(
    _ reading: Reading, _ ledgerDays: Set<BusinessDay>, _ options: Options
  ) -> BusinessDay? {
    if let day = reading.namedDay { return day }
    guard options.books == nil, options.days == nil else { return nil }
    guard ledgerDays.count == 1, let day = ledgerDays.first else { return nil }
    // A name that tells another day is believed.
    let told = reading.statement.file.days
    return told.isEmpty || told.contains(day) ? day : nil
  }

  /// Whose it is: by the number in its name, else the only one there can be; nil where that cannot be told.
  private static func zeroDayOwner(
    _ reading: Reading, _ known: Set<String>, _ options: Options
  ) -> String? {
    let owner = reading.book?.owner ?? ""
    let numbers = reading.statement.file.merchants
    let named = reading.statement.file.merchantsInside.filter(known.contains)
    if named.count == 1 { return named.first }
    if named.count > 1 { return nil }
    if !(options.merchants[.wechat] ?? []).isEmpty {
      // A number that is not ours may be a stranger's answer.
      return numbers.isEmpty && known.contains(owner) ? owner : nil
    }
    if !owner.isEmpty { return owner }
    if numbers.count == 1 { return numbers[0] }
    return known.count > 1 ? nil : known.first ?? ""
  }

  /// Holds an answer where a bill of the same book and day has rows: the bill speaks. Beside a bill that tells
  /// one content only, it is the answer about the other; alone it is all of the day, unless the school has
  /// several bills a day, of which each must then have answered so.
  private static func confront(
    _ index: Int, _ readings: inout [Reading], _ statements: WeChatDays
  ) {
    let mine = readings[index]
    guard let book = mine.book, let day = mine.statement.from else { return }
    let others = statements.places(of: book.owner, on: day).filter { other in
      other != index && !readings[other].statement.isRepeated
        && readings[other].statement.touches(day)
    }
    let bills = others.filter { other in
      !readings[other].isZeroDay
        && (readings[other].statement.read.rows > 0 || readings[other].statement.isHeld)
    }
    let told = BookContent(bills.map { readings[$0].statement.content })
    if let bill = bills.first, told.isSuperset(of: mine.statement.content) {
      let name = readings[bill].statement.file
      readings[index].fault(
        .statementReissued,
        zh: "应答说当日无账单，但 \(name) 有该商户当日的账单；以账单为准，应答不采用。",
        en:
          "it says there is no bill that day, but \(name) is one of that merchant and day: the bill "
          + "counts, the answer does not.")
      return
    }
    if !bills.isEmpty {
      let rest = mine.statement.content.subtracting(told)
      readings[index].statement.content = rest
      readings[index].book?.content = rest
      return
    }
    if mine.statement.content != .both { return }
    let answers = others.filter { readings[$0].isZeroDay && readings[$0].book == book }.count + 1
    guard answers < mine.billsADay else { return }
    readings[index].fault(
      .unreadable,
      zh: "微信支付应答“当日无账单”，但配置中该商户每天有 \(mine.billsADay) 个账单文件，其余没有到："
        + "无法判断是哪一种账单没有记录，暂不采用。请把其余文件补齐后重跑。",
      en:
        "WeChat answers \"no bill\", but the configuration has \(mine.billsADay) bills a day of this "
        + "merchant and the others have not come: which of them has no rows cannot be told. Supply "
        + "the others and run again.")
  }

  private static func hold(_ reading: inout Reading, unplaced isNight: Bool) {
    reading.fault(
      .unreadable,
      zh: "微信支付应答“当日无账单”，内容不含日期，"
        + (isNight
          ? "配置中的文件名也没有日期，无法认定是哪一天，暂不采用。请在 files 的文件名中写入 {yyyy-MM-dd} 或 {yyyyMMdd}。"
          : "也没有同来的单日台账可以认定是哪一天，不作为任何一天的依据。请与当日的台账一起核对。"),
      en: "WeChat answers \"no bill\"; it does not say of which day, "
        + (isNight
          ? "and the configured file name does not either: it is held. Put {yyyy-MM-dd} or "
            + "{yyyyMMdd} into the pattern under files."
          : "and there is no ledger of one day beside it that would: it covers nothing. Give it "
            + "together with the ledger of its day."))
  }

  private static func holdMisnamed(_ reading: inout Reading) {
    let entry = reading.entry
    let channel = entry.flatMap { $0.side == .channel ? $0.channel.name : nil }
    reading.isStrangers = true
    reading.fault(
      .wrongAccountStatement,
      zh: "文件名属于配置中的 \(channel ?? "台账或清单")，内容却是微信支付的应答“当日无账单”。请确认是否放错。",
      en: "the file is named as a statement of \(channel ?? "the ledger or a list") but holds "
        + "WeChat's answer \"no bill\". Was it saved under the wrong name?")
  }

  private static func holdOwnerless(_ reading: inout Reading) {
    reading.fault(
      .unreadable,
      zh: "微信支付应答“当日无账单”，内容不含商户号，文件名也没有写明是本校哪一个商户，不作为任何商户的依据。"
        + "请在文件名中写明商户号，如 wechat_1609354271_2026-11-02.csv。",
      en:
        "WeChat answers \"no bill\"; neither it nor its file name says of which of our merchants: it "
        + "covers nothing. Name the file by its merchant, wechat_1609354271_2026-11-02.csv.")
  }
}

/// WeChat's statements of a run by whose they are and by their days, of which there may be thousands.
private struct WeChatDays {
  /// Those of one day, by owner; an empty one for what does not tell.
  private var ofDay: [BusinessDay: [String: [Int]]] = [:]
  /// Those of several days, or of any.
  private var ofMore: [String: [Int]] = [:]

  init(_ readings: [Reading]) {
    for (place, reading) in readings.enumerated() where !reading.isContext {
      let statement = reading.statement
      guard statement.channel == .wechat, statement.side == .channel, !statement.isPartial else {
        continue
      }
      // One without a book, or without an owner, may be anybody's.
      let owner = reading.book?.owner ?? ""
      if let day = statement.from, day == statement.to {
        ofDay[day, default: [:]][owner, default: []].append(place)
      } else {
        ofMore[owner, default: []].append(place)
      }
    }
  }

  /// The statements that may speak for an owner's day, in order.
  func places(of owner: String, on day: BusinessDay) -> [Int] {
    let own = ofDay[day] ?? [:]
    return Set([owner, ""]).flatMap { (own[$0] ?? []) + (ofMore[$0] ?? []) }.sorted()
  }
}

extension Reading {
  /// Whether the configuration's entry that named its file is WeChat's.
  fileprivate var isNamedAsWeChat: Bool {
    entry.map { $0.side == .channel && $0.channel == .wechat } ?? false
  }

  /// Makes it all of a day, without rows.
  fileprivate mutating func settle(zeroDay day: BusinessDay) {
    statement.from = day
    statement.to = day
    statement.period = cut.span(first: day, last: day)
    if let content = book?.content { statement.content = content }
  }
}

extension String {
  /// The runs of digits in it.
  private var digits: [String] { split { !("0"..."9").contains($0) }.map(String.init) }

  /// The days a file's name tells.
  fileprivate var days: [BusinessDay] {
    let runs = digits
    let joined = zip(runs, zip(runs.dropFirst(), runs.dropFirst(2))).map { "\($0)-\($1.0)-\($1.1)" }
    return (runs + joined).compactMap { BusinessDay($0) }.filter(\.isRecent)
  }

  /// What a bill of this name tells.
  fileprivate var billContent: BookContent {
    let name = lowercased()
    if name.contains("refund") || name.contains("退款") { return .refunds }
    return name.contains("success") ? .payments : .both
  }

  /// Whether it is a merchant number of WeChat's, and no date.
  fileprivate var isMerchant: Bool {
    guard (8...10).contains(utf8.count), utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return false
    }
    return BusinessDay(prefix(8)).map { !$0.isRecent } ?? true
  }

  /// Every merchant number that stands in a name, be it a part of a longer one.
  fileprivate var merchantsInside: Set<String> {
    let runs = digits.map(Array.init)
    let parts = runs.flatMap { run in
      (8...10).flatMap { length in
        run.indices.dropLast(length - 1).map { String(run[$0..<($0 + length)]) }
      }
    }
    return Set(parts.filter(\.isMerchant))
  }

  /// The numbers in a file's name that may be a merchant's.
  fileprivate var merchants: [String] { digits.filter(\.isMerchant) }
}

extension BusinessDay {
  fileprivate var isRecent: Bool { (2000...2099).contains(civil.year) }
}
