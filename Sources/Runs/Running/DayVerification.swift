internal import Files
internal import Foundation
package import History
package import Payments
internal import Reports
internal import Statements

/// Holds what is published against what is recorded, and what is recorded against what the archive gives.
package struct DayVerification {
  private let run: NightRun
  private var store: HistoryStore { run.store }

  /// Prepares the verification of a history.
  package init(_ run: NightRun) { self.run = run }

  /// All that is checked by hashes: chain, database, archive, what is published.
  ///
  /// - Parameters:
  ///   - key: see ``published(_:signedBy:)``.
  ///   - progress: called with archived files taken up and files in all, from any thread.
  package func hashes(
    signedBy key: String? = nil, _ progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> [Discrepancy] {
    let days = (try? store.days()) ?? []
    var found: [Discrepancy] = []
    func take(_ part: () throws -> [Discrepancy]) throws {
      for discrepancy in try HistoryStore.findings(part) where !found.contains(discrepancy) {
        found.append(discrepancy)
      }
    }
    try take { try store.verifyChain() }
    try take { try store.verifyColumns() }
    try take { try store.verifyArchive(progress) }
    try take { try published(days, signedBy: key) }
    try take { try pages() }
    try take { try basis(days) }
    return found
  }

  // MARK: - What is published

  /// The published files of every day against the hashes recorded for them, their anchors against the chain, what
  /// lies beside them, and days that are published and not recorded.
  ///
  /// - Parameter key: the public key, in base64, that every signed anchor must be signed by; nil for the one the
  ///   chain names.
  package func published(_ days: [BusinessDay], signedBy key: String? = nil) throws -> [Discrepancy]
  {
    var found: [Discrepancy] = []
    let folders = Dictionary(
      try store.publications().map { ($0.day, $0.folder) }, uniquingKeysWith: { first, _ in first })
    for day in days {
      let folder = run.folder(of: day)
      found += try published(day, in: folder) + anchor(of: day, in: folder, signedBy: key)
      // A copy of the reports has no links.
      if let shown = folder.shown, let recorded = folders[day], shown != recorded {
        found.append(
          Discrepancy(
            folder.path, zh: "所示的报告目录“\(shown)”不是登记的“\(recorded)”。",
            en: "it shows the folder “\(shown)”; “\(recorded)” was recorded."))
      }
    }
    for day in run.publishedDays() where !days.contains(day) {
      found.append(
        Discrepancy(
          run.folder(of: day).path, zh: "已发布，但历史中没有这一天。",
          en: "is published, but the history does not know this day."))
    }
    return found
  }

  private func published(_ day: BusinessDay, in folder: ReportFolder) throws -> [Discrepancy] {
    guard let reports = try? store.reports(of: day) else {
      return [
        Discrepancy(
          "\(day)", zh: "登记的报告清单不可读。", en: "the list of its reports cannot be read.")
      ]
    }
    return different(reports, in: folder.path) + strays(Set(reports.keys), in: folder.path)
  }

  /// Files that are gone or say something else than what was recorded.
  private func different(_ recorded: [String: String], in folder: String) -> [Discrepancy] {
    recorded.sorted { $0.key < $1.key }.compactMap { name, sha256 in
      let path = folder + "/" + name
      guard let found = hash(path) else {
        return Discrepancy(path, zh: "已发布的文件不见了。", en: "the published file is gone.")
      }
      if found == sha256 { return nil }
      return Discrepancy(path, zh: "已发布的文件被改动。", en: "the published file was changed.")
    }
  }

  private func hash(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { sha256(Array($0)) }
  }

  /// What lies in a published folder and was not published there: somebody may take it for ours.
  private func strays(_ known: Set<String>, in folder: String) -> [Discrepancy] {
    ReportFolder.names(in: folder).filter { !known.contains($0) && !Anchor.names.contains($0) }
      .map { name in
        Discrepancy(
          folder + "/" + name, zh: "不是本程序发布的文件。", en: "is no file that was published here.")
      }
  }

  private func anchor(
    of day: BusinessDay, in folder: ReportFolder, signedBy key: String?
  ) throws -> [Discrepancy] {
    // Days of before have none; whose record cannot be read is told already.
    guard let recorded = try? store.anchor(of: day), let signer = recorded.signer else { return [] }
    let anchor = Anchor(day: day, recorded: recorded)
    let (path, signaturePath) = (
      folder.path + "/" + Anchor.name, folder.path + "/" + Anchor.signatureName
    )
    let manager = FileManager.default
    var found: [Discrepancy] = []
    let bytes = manager.contents(atPath: path).map { Array($0) }
    if bytes != anchor.bytes {
      found.append(
        Discrepancy(
          path, zh: bytes == nil ? "锚定文件不见了。" : "锚定文件与哈希链不符：被改动过。",
          en: bytes == nil
            ? "the anchor is gone." : "the anchor is not what the chain says: it was changed."))
    }
    let signature = manager.contents(atPath: signaturePath).map { Array($0) }
    guard !signer.isEmpty else {
      let isExtra = signature != nil
      return found
        + (isExtra
          ? [Discrepancy(signaturePath, zh: "这一天没有签名。", en: "this day was not signed.")] : [])
    }
    if let key, key != signer {
      found.append(
        Discrepancy(
          path, zh: "由另一把密钥签名（\(signer)），不是所给的公钥。",
          en: "it is signed by another key (\(signer)) than the one given."))
    }
    if signature.map({ SigningKey.isValid($0, of: anchor.bytes, by: signer) }) != true {
      found.append(
        Discrepancy(
          signaturePath, zh: signature == nil ? "签名不见了。" : "签名无效。",
          en: signature == nil ? "the signature is gone." : "the signature does not fit."))
    }
    return found
  }

  /// The calendar and the months against what was recorded when they were published.
  package func pages() throws -> [Discrepancy] {
    let output = run.configuration.output
    let recorded = try store.pages()
    var found: [Discrepancy] = []
    for (name, sha256) in recorded.sorted(by: { $0.key < $1.key }) {
      let path = output + "/" + name
      let bytes = FileManager.default.contents(atPath: path).map { Array($0) }
      if let bytes, Files.sha256(bytes) == sha256 {
        found += month(name, bytes)
        continue
      }
      found.append(
        Discrepancy(
          path,
          zh: bytes == nil ? "已发布的文件不见了。" : "已发布的文件被改动。下次 run 会重新写出目录页；月报用 report --month 重新生成。",
          en: bytes == nil
            ? "the published file is gone."
            : "the published file was changed. The next run writes the index anew, `report --month` a month."
        ))
    }
    for name in try unrecorded() {
      // Its own manifest at least stands beside it.
      let manifest = name + "/" + PublishedFile.manifestName
      if let bytes = FileManager.default.contents(atPath: output + "/" + manifest) {
        found += month(manifest, Array(bytes))
      }
    }
    // From the first night on this history has recorded every page: what is not recorded is not ours.
    guard try store.recordsPages() else { return found }
    return found
      + (try unrecorded()).map { name in
        Discrepancy(
          output + "/" + name, zh: "不是本程序发布的：历史中没有登记。",
          en: "was not published by this history: nothing of it is recorded.")
      }
  }

  /// The calendar and months that are published and were never recorded: nobody can tell whether they were changed.
  package func unrecorded() throws -> [String] {
    let recorded = try store.pages()
    return ReportFolder.names(in: run.configuration.output).filter { name in
      let path = run.configuration.output + "/" + name
      if name == CalendarPage.name { return recorded[name] == nil }
      return ClosedRange(month: name) != nil && ReportFolder(path).shown != nil
        && recorded[name + "/" + PublishedFile.manifestName] == nil
    }
  }

  /// A month's files against its manifest, which is what was recorded.
  private func month(_ name: String, _ manifest: [UInt8]) -> [Discrepancy] {
    guard name.hasSuffix("/" + PublishedFile.manifestName) else { return [] }
    let folder = run.configuration.output + "/" + Folders.parent(of: name)
    let lines = String(decoding: manifest, as: UTF8.self).split(separator: "\n")
    let files = Dictionary(
      lines.map { (String($0.dropFirst(66)), String($0.prefix(64))) },
      uniquingKeysWith: { first, _ in first })
    return different(files, in: folder)
      + strays(Set(files.keys).union([PublishedFile.manifestName]), in: folder)
  }

  // MARK: - What is recorded

  /// Configurations and layouts the nights were judged by, in the archive under their hashes: the chain names them.
  package func basis(_ days: [BusinessDay]) throws -> [Discrepancy] {
    var names: [String: Bool] = [:]
    for day in days {
      guard let basis = try? store.basis(of: day) else { continue }
      // Runs of before did not archive them.
      for name in [basis.configuration] + basis.profiles {
        names[name] = basis.signer != nil || names[name] == true
      }
    }
    return names.sorted { $0.key < $1.key }.compactMap { name, isArchived in
      let path = store.folder.archived(name)
      switch hash(path) {
      case name: return nil
      case nil:
        guard isArchived else { return nil }
        return Discrepancy(
          path, zh: "归档的配置或格式定义不见了。", en: "an archived configuration or layout is gone.")
      default:
        return Discrepancy(
          path, zh: "归档的配置或格式定义被改动。", en: "an archived configuration or layout was changed.")
      }
    }
  }

  /// Who signs days and which programs judged them, as the chain has it.
  package func origins(_ days: [BusinessDay]) throws -> DayOrigins {
    var origins = DayOrigins()
    for day in days {
      guard let basis = try store.basis(of: day) else { continue }
      if let signer = basis.signer {
        origins.signers[signer, default: []].append(day)
      } else {
        origins.withoutAnchor.append(day)
      }
      if let file = basis.programFile { origins.programs[file, default: []].append(day) }
    }
    return origins
  }

  /// Days that are checked by hash and chain only: they were judged by rules of before.
  package func ofOtherRules(_ days: [BusinessDay]) throws -> [BusinessDay] {
    try days.filter { try run.asJudged($0) == nil }
  }

  /// A day judged again from its archived files and configuration, against what was published, in whichever
  /// language and masked or not.
  package func derived(_ day: BusinessDay) async throws -> [Discrepancy] {
    guard let run = try run.asJudged(day) else { return [] }
    let recorded = try store.reports(of: day)
    let night = try await run.judged(day)
    let index = try store.verifyIndex(
      of: day, entries: night.judged.intake.entries, isOwn: night.isOwn)
    var presented = run
    var different: [String]?
    for (language, unmask) in [(Language.zh, false), (.en, false), (.zh, true), (.en, true)] {
      (presented.reportOptions.language, presented.reportOptions.unmask) = (language, unmask)
      let names = try presented.papers(night.report, day).written().filter { file in
        recorded[file.name].map { $0 != file.sha256 } ?? false
      }.map(\.name)
      if names.isEmpty { return index }
      if names.count < different?.count ?? .max { different = names }
    }
    return index
      + (different ?? []).map { name in
        Discrepancy(
          "\(day) \(name)",
          zh: "从归档重新推算的结果与发布的不同：配置、程序版本或数据已变。",
          en:
            "derived anew from the archive it differs from what was published: the configuration, "
            + "the program or the data has changed.")
      }
  }
}

/// Where days come from.
package struct DayOrigins {
  /// Days of programs that wrote no anchors.
  package var withoutAnchor: [BusinessDay] = []
  /// The others by the public key that signs their anchors, in base64; under an empty text those that nobody signs.
  package var signers: [String: [BusinessDay]] = [:]
  /// Days by the SHA-256 of the file of the program that judged them; those of programs that did not say are left out.
  package var programs: [String: [BusinessDay]] = [:]
}
