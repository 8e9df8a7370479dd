internal import Payments

// Why a file, or its header, is not what a profile describes.

extension CSVReader {
  /// A byte before or in the header that no text has.
  func reportDamagedHead(_ head: CSVHead, _ reading: inout Reading) {
    guard let invalid = head.invalid else { return }
    reading.fault(
      .encodingDamaged, byte: invalid.byte, line: invalid.line, encoding: head.encoding)
  }

  func reportSummary(_ profile: Profile, _ reading: inout Reading) {
    reading.fault(
      .unreadable, line: 1,
      zh: "这是\(profile.title.zh)，只有汇总没有明细，不能用于逐笔核对。请提供明细文件。",
      en: "a summary (\(profile.title.en)) without rows to match. Supply the detail statement.")
  }

  func reportLayout(
    _ reading: inout Reading, line: Int, missing: [String], head: CSVHead, _ profile: Profile
  ) {
    let known = profile.knownHeaders
    let appeared = head.header.filter { !known.contains($0) && !$0.isEmpty }
    let news = appeared.isEmpty ? "" : "；新出现 \(appeared.joined(separator: "、"))"
    let newsEn = appeared.isEmpty ? "" : "; appeared: \(appeared.joined(separator: ", "))"
    reading.fault(
      .layoutChanged, line: line, column: missing.joined(separator: ","),
      zh: "表头缺少 \(missing.joined(separator: "、"))\(news)。请向渠道确认格式是否变更，或调整格式定义。",
      en: "the header lacks \(missing.joined(separator: ", "))\(newsEn). Ask the channel whether "
        + "its layout changed, or adapt the profile.")
  }

  /// No profile fits: say what was seen, and which layout comes nearest.
  func describeUnknown(_ head: CSVHead, _ reading: inout Reading) {
    if head.hasBareReturns {
      reading.fault(
        .unreadable, line: 1,
        zh: "换行符只有回车（CR），是旧 Mac 格式或传输时被改动。请从渠道重新下载原始文件。",
        en: "lines end with bare carriage returns: an old Mac's, or changed on its way. Download "
          + "the original again.")
      return
    }
    if head.nearest != nil { reportDamagedHead(head, &reading) }
    if let (profile, missing, appeared, line) = head.nearest {
      reading.statement.format = profile.name
      reading.statement.side = Side(rawValue: profile.side) ?? .channel
      reading.statement.channel = Channel(name: profile.channel) ?? .other
      reading.fault(
        .layoutChanged, line: lines?.first ?? line, column: missing.joined(separator: ","),
        zh: "像 \(profile.title.zh)，但表头缺少 \(missing.joined(separator: "、"))"
          + (appeared.isEmpty ? "" : "，新出现 \(appeared.joined(separator: "、"))")
          + "。请向渠道确认格式是否变更。",
        en: "looks like \(profile.title.en), but the header lacks "
          + missing.joined(separator: ", ")
          + (appeared.isEmpty ? "" : "; appeared: \(appeared.joined(separator: ", "))")
          + ". Ask the channel whether its layout changed.")
      return
    }
    let first = head.preamble.first { !$0.trimmedLine.isEmpty } ?? ""
    let seen = String(first.trimmedLine.prefix(60))
    reading.fault(
      .unreadable, line: 1,
      zh: seen.isEmpty
        ? "文件为空，没有任何对账数据。请重新导出。"
        : "不认识的文件格式，首行为“\(seen)”。可用 cardrecon formats 查看支持的格式。",
      en: seen.isEmpty
        ? "the file is empty: nothing to reconcile. Export it again."
        : "no known layout fits; the first line is \"\(seen)\". "
          + "`cardrecon formats` lists the known ones.")
  }
}

extension Reading {
  /// Adds a fault about a byte that is no text.
  mutating func fault(_ kind: FaultKind, byte: UInt8, line: Int, encoding: TextEncoding) {
    let byte = "0x" + String(byte, radix: 16, uppercase: true)
    fault(
      kind, line: line,
      zh: "字节 \(byte) 不是合法的 \(encoding.name) 文字，文件可能被转码损坏。请重新从渠道下载原始文件。",
      en: "byte \(byte) is not valid \(encoding.name): the file was damaged on its way. "
        + "Download the original again.")
  }
}
