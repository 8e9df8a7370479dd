import ArgumentParser
import Payments
import Reports
import Statements

/// `cardrecon inspect FILE`: what is this file, and what is wrong with it?
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "查看一个文件：格式、编码、账期、列、汇总、前几行、问题。what a file is")

  @Argument(help: "对账文件。statement", completion: .file())
  var file: String

  @Option(help: "显示前几行。rows shown")
  var rows = 5

  @Option(help: "只用这个格式定义试读。try this profile and no other", completion: .file())
  var profile: String?

  @Option(help: "本校格式定义所在目录。folder of the school's own profiles")
  var profiles: String?

  @Option(
    help: "zip、xlsx 的密码文件（一行一个，权限 600）。file of the passwords of zip and xlsx files",
    completion: .file())
  var passwords: String?

  @OptionGroup var output: OutputOptions

  func run() async throws {
    do {
      var options = Intake.Options()
      options.threads = output.threads
      options.onlyProfile = profile
      options.profileFolder = profiles
      if let passwords { options.passwords = try PasswordFile.read(passwords) }
      let intake = try await Intake(paths: [file], options: options)
      let inspections = intake.inspections(rows: max(0, rows))
      if output.json {
        try showJSON(inspections)
      } else {
        for inspection in inspections { try show(inspection) }
      }
      let isSound = inspections.allSatisfy { $0.statement.faults.isEmpty }
      throw isSound ? ExitCode.success : ExitCode(2)
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  private func line(_ zh: String, _ en: String, _ value: String) throws {
    let label = DisplayWidth.padded(output.lang == .zh ? zh : en, to: 12)
    try Terminal.write(Array("\(label) \(PlainText.neutralised(value))\n".utf8))
  }

  /// What proves where a statement begins and ends, besides its rows.
  private func proof(of statement: Statement) -> String {
    let (start, end) = (statement.provesStart, statement.provesEnd)
    switch (output.lang, start, end) {
    case (.zh, true, true): return "（首尾有合计或余额为证）"
    case (.zh, _, true): return "（结尾有余额为证，开头只见第一行）"
    case (.zh, true, _): return "（开头有余额为证，结尾只见最后一行）"
    case (.zh, _, _): return "（没有合计或余额证明首尾，只见其行）"
    case (.en, true, true): return " (totals or balances prove both ends)"
    case (.en, _, true): return " (a balance proves its end; it begins with its first row)"
    case (.en, true, _): return " (a balance proves its beginning; it ends with its last row)"
    case (.en, _, _): return " (no total or balance proves its ends: there are only its rows)"
    }
  }

  private func words(_ wording: Wording) -> String {
    wording(output.lang, unmask: output.unmask)
  }

  private func masked(_ text: String, _ personal: [PersonalSpan]) -> String {
    output.unmask ? text : Masking.text(text, spans: personal)
  }

  private func show(_ inspection: Inspection) throws {
    let statement = inspection.statement
    try line("文件", "file", statement.file)
    try line("SHA-256", "SHA-256", statement.sha256)
    try line(
      "格式", "format",
      statement.format.isEmpty ? "—" : "\(statement.format) \(inspection.title(output.lang))")
    try line("依据", "because", words(inspection.reason))
    if let form = inspection.form { try line("形式", "form", words(form)) }
    if inspection.encoding != "—" { try line("编码", "encoding", inspection.encoding) }
    if let from = statement.from, let to = statement.to {
      try line("账期", "period", from == to ? "\(from)" : "\(from) — \(to)")
    }
    if let period = statement.period {
      try line("覆盖", "covers", "\(period.start) — \(period.end)" + proof(of: statement))
    }
    if statement.content != .both {
      let isRefunds = statement.content == .refunds
      try line(
        "内容", "content",
        output.lang == .zh
          ? (isRefunds ? "只有退款" : "只有付款") : (isRefunds ? "refunds only" : "payments only"))
    }
    if let merchant = statement.merchant {
      try line("商户/账号", "merchant", output.unmask ? merchant : Masking.number(merchant))
    }
    try line(
      "行数", "rows",
      "\(statement.read.rows)  ¥\(Money.yuan(statement.read.fen))"
        + (output.lang == .zh ? "，采用 " : ", accepted ") + "\(statement.accepted)")
    try showContents(inspection)
  }

  /// Shows what is inside: columns, totals, rows, and what is wrong.
  private func showContents(_ inspection: Inspection) throws {
    let statement = inspection.statement
    for column in inspection.columns {
      try line("列", "column", words(column.header) + (column.role.map { " → \($0)" } ?? " (—)"))
    }
    for total in statement.totals where total.stated != nil {
      let show = { (value: Int64) in
        total.isCount ? "\(value)" : Money.yuan(Int128(value))
      }
      let mark = total.stated == total.computed ? "✓" : "✗"
      try line(
        "汇总", "total",
        "\(total.name) \(total.stated.map(show) ?? "—") / \(show(total.computed)) \(mark)")
    }
    for row in inspection.firstRows {
      try line("第 \(row.line) 行", "line \(row.line)", masked(row.text, row.personal))
    }
    for fault in statement.faults {
      let place = statement.file + (fault.line.map { ":\($0)" } ?? "")
      let (label, kind) = (fault.kind.label(output.lang), fault.kind.rawValue)
      try line(
        "问题", "fault",
        (output.lang == .zh ? "\(place) \(label)（\(kind)）：" : "\(place) \(label) (\(kind)): ")
          + words(fault.detail))
    }
    for rejection in inspection.rejections {
      let column = rejection.column.map { ":\($0)" } ?? ""
      try line(
        "拒绝", "rejected",
        "\(rejection.file):\(rejection.line)\(column) \(words(rejection.reason)) | "
          + masked(rejection.text, rejection.personal))
    }
  }

  private func showJSON(_ inspections: [Inspection]) throws {
    var json = JSONWriter()
    json.array(of: inspections) { json, inspection in
      let statement = inspection.statement
      json.object { json in
        json.field("file", statement.file)
        json.field("sha256", statement.sha256)
        json.field("format", statement.format.isEmpty ? nil : statement.format)
        json.field("form", inspection.form.map(words))
        json.field("encoding", inspection.encoding)
        json.field("side", statement.side.rawValue)
        json.field("channel", statement.channel == .unknown ? nil : statement.channel.name)
        json.field("from", statement.from?.description)
        json.field("to", statement.to?.description)
        json.field("coversFrom", statement.period?.start.description)
        json.field("coversTo", statement.period?.end.description)
        json.field("startProven", statement.provesStart)
        json.field("endProven", statement.provesEnd)
        json.field("content", statement.content.name)
        json.field("holes", statement.holes.count)
        json.field("rows", statement.read.rows)
        json.field("fen", statement.read.fen)
        json.field("accepted", statement.accepted)
        json.array("columns", of: inspection.columns) { json, column in
          json.object { json in
            json.field("header", words(column.header))
            json.field("role", column.role)
          }
        }
        json.array("totals", of: statement.totals) { json, total in
          json.object { json in
            json.field("name", total.name)
            json.field("stated", total.stated)
            json.field("computed", total.computed)
          }
        }
        json.array("faults", of: statement.faults) { json, fault in
          json.object { json in
            json.field("kind", fault.kind.rawValue)
            json.field("line", fault.line)
            json.field("column", fault.column)
            json.field("detail", words(fault.detail))
          }
        }
        json.array("rejections", of: inspection.rejections) { json, rejection in
          json.object { json in
            json.field("line", rejection.line)
            json.field("column", rejection.column)
            json.field("reason", words(rejection.reason))
            json.field("text", masked(rejection.text, rejection.personal))
          }
        }
      }
    }
    try Terminal.write(json.finish())
  }
}
