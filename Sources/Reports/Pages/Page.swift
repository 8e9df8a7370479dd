import Mustache
import Payments

/// What all pages share: templates, style, words, and how values are written.
struct Page {
  let language: Language
  let phrases: Phrases

  init(_ language: Language) {
    self.language = language
    phrases = Phrases(language: language)
  }

  /// The templates, parsed once; they are part of the program, so that one that does not parse is
  /// found by the first test.
  private static let templates: Result<MustacheLibrary, any Error> = Result {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    func template(_ bytes: [UInt8]) throws -> MustacheTemplate {
      try MustacheTemplate(
        string: "{{% CONTENT_TYPE: \(PageText.name)}}" + String(decoding: bytes, as: UTF8.self))
    }
    return MustacheLibrary(templates: [
      "head": try template(PackageResources.head_mustache),
      "day": try template(PackageResources.day_mustache),
      "item": try template(PackageResources.item_mustache),
      "fact": try template(PackageResources.fact_mustache),
      "quote": try template(PackageResources.quote_mustache),
      "index": try template(PackageResources.index_mustache),
      "case": try template(PackageResources.case_mustache),
      "month": try template(PackageResources.month_mustache),
      "change": try template(PackageResources.change_mustache),
      "flow": try template(PackageResources.flow_mustache),
    ])
  }

  /// Renders a template over `model` with the words, headings and style every page has.
  func render(_ template: String, title: String, _ model: [String: Any]) -> [UInt8] {
    var model = model
    model["lang"] = language == .zh ? "zh-CN" : "en"
    model["title"] = title
    model["css"] = String(decoding: PackageResources.page_css, as: UTF8.self)
    model["js"] = String(decoding: PackageResources.page_js, as: UTF8.self)
    model["w"] = PageWord.all(language)
    model["c"] = Dictionary(
      uniqueKeysWithValues: ReportColumn.allCases.map { ($0.rawValue, $0.label(language)) })
    return Array(rendered(template, model).utf8)
  }

  /// The same, handed over part by part.
  ///
  /// - Parameter long: hands over the text that stands where the model has its ``place(_:)``: too long to
  ///   be copied from one text into the next.
  func render(
    _ template: String, title: String, _ model: [String: Any], to sink: ([UInt8]) -> Void,
    long: (_ number: Int) -> Void
  ) {
    var rest = render(template, title: title, model)[...]
    while let start = rest.firstIndex(of: 0), let end = rest[(start + 1)...].firstIndex(of: 0) {
      sink(Array(rest[..<start]))
      if let number = Int(String(decoding: rest[(start + 1)..<end], as: UTF8.self)) {
        long(number)
        rest = rest[(end + 1)...]
      } else {
        // No place of ours.
        rest = rest[(start + 1)...]
      }
    }
    sink(Array(rest))
  }

  /// What stands in a model for a long text. Texts of statements have no control characters
  /// (``plain(_:)``).
  func place(_ number: Int) -> String { "\u{0}\(number)\u{0}" }

  /// A template over `model` alone.
  func rendered(_ template: String, _ model: [String: Any]) -> String {
    guard case .success(let library) = Page.templates,
      let text = library.render(model, withTemplate: template)
    else { preconditionFailure("the page template \(template) does not parse") }
    return text
  }

  func word(_ word: PageWord) -> String { word.wording(language) }

  /// Text from a statement, without characters that turn or hide what follows.
  func plain(_ text: String) -> String { PlainText.neutralised(text) }

  func tally(_ tally: Tally) -> String {
    "\(phrases.count(tally.rows)) / \(Money.yuan(tally.fen))"
  }

  func channel(_ channel: Channel?) -> String { channel.known?.label(language) ?? "—" }

  func side(_ side: Side) -> String { side.label(language) }

  /// `⚠`-like marks that need no colour: ✓, ✗, !.
  func symbol(_ verdict: Verdict) -> String {
    switch verdict {
    case .balanced: "✓"
    case .unbalanced: "✗"
    case .incomplete: "!"
    }
  }

  /// A row quoted as evidence.
  func evidence(_ line: EvidenceLine, _ options: ReportOptions) -> [String: Any] {
    [
      "side": side(line.side), "place": plain("\(line.file):\(line.line)"),
      "text": plain(options.text(line.text, line.personal)),
    ]
  }

  /// A row as two issues of a statement have it.
  func change(_ change: RowChange, _ options: ReportOptions) -> [String: Any] {
    var model: [String: Any] = ["key": plain(change.key)]
    if let line = change.before { model["before"] = evidence(line, options) }
    if let line = change.after { model["after"] = evidence(line, options) }
    return model
  }

  /// An option of a filter.
  func choice(_ value: String, _ label: String) -> [String: Any] {
    ["value": value, "label": label]
  }
}
