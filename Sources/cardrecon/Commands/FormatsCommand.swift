import ArgumentParser
import Payments
import Reports
import Statements

/// `cardrecon formats`: the statement layouts known.
struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "列出支持的对账文件格式。known statement layouts")

  @Option(help: "打印某个格式的定义（YAML）。print one layout's profile")
  var describe: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    // A profile that cannot be read is run's to report.
    let names = (try? StatementFormat.builtIn().map(\.name)) ?? []
    if let describe, !names.isEmpty, !names.contains(describe) {
      throw ValidationError(
        "--describe \(describe): expected one of \(names.joined(separator: ", "))")
    }
  }

  func run() throws {
    do {
      let formats = try StatementFormat.builtIn()
      if let describe {
        guard let found = formats.first(where: { $0.name == describe }) else { return }
        try Terminal.write(Array(found.definition.utf8))
        return
      }
      try show(formats)
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  private func show(_ formats: [StatementFormat]) throws {
    if output.json {
      var json = JSONWriter()
      json.array(of: formats) { json, format in
        json.object { json in
          json.field("name", format.name)
          json.field("title", format.title(output.lang))
          json.field("side", format.side.rawValue)
          json.field("channel", format.channel == .unknown ? nil : format.channel.name)
          json.array("signature", of: format.signature) { json, name in json.element(name) }
        }
      }
      try Terminal.write(json.finish())
      return
    }
    let zh = output.lang == .zh
    for format in formats {
      let name = DisplayWidth.padded(format.name, to: 16)
      let title = DisplayWidth.padded(format.title(output.lang), to: 36)
      let marks = format.signature.joined(separator: zh ? "、" : ", ")
      try Terminal.write(Array("\(name) \(title) \(marks)\n".utf8))
    }
  }
}
