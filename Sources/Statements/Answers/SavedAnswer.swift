internal import Payments
internal import Yams

/// What the interface of a channel answered instead of a bill, and a download script saved under the bill's
/// name: WeChat's XML or JSON, Alipay's JSON.
struct SavedAnswer {
  /// The answer's own word, `NO_BILL_EXIST`, `20002`.
  let code: String
  /// What it says besides, for people.
  let message: String
  /// Whether it says that the day has no bill, as it has no rows.
  let saysNoBill: Bool

  /// An answer is short; a file above this is something else.
  static let longest = 1 << 16

  private static let noBillWords: Set<String> = ["NO_BILL_EXIST", "NO_STATEMENT_EXIST", "20002"]

  /// Reads an answer in XML, `<xml><return_code>FAIL</return_code>…</xml>`; nil where it is none, or not whole.
  init?(xml bytes: [UInt8]) {
    var fields = AnswerFields()
    guard (try? readElements(StatementFile(path: "", bytes: bytes), into: &fields)) != nil else {
      return nil
    }
    self.init(fields.texts)
  }

  /// Reads an answer in JSON; nil where it is none, or not whole.
  init?(json bytes: [UInt8]) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let text = String(validating: bytes[start...], as: UTF8.self),
      text.contains("\""), text.last(where: { !$0.isWhitespace }) == "}",
      let mapping = (try? compose(yaml: text.replacing("\t", with: " ")))?.mapping
    else { return nil }
    func texts(_ mapping: Node.Mapping) -> [String: String] {
      Dictionary(
        mapping.compactMap { key, value in
          key.scalar.flatMap { name in value.scalar.map { (name.string, $0.string) } }
        }, uniquingKeysWith: { first, _ in first })
    }
    if let own = SavedAnswer(texts(mapping)) {
      self = own
      return
    }
    // Alipay puts its answer into a frame, beside its signature; its words are not WeChat's.
    let inner = mapping.values.lazy.compactMap(\.mapping).compactMap { SavedAnswer(texts($0)) }
    guard let framed = inner.first else { return nil }
    self.init(code: framed.code, message: framed.message, saysNoBill: false)
  }

  private init(code: String, message: String, saysNoBill: Bool) {
    (self.code, self.message, self.saysNoBill) = (code, message, saysNoBill)
  }

  private init?(_ fields: [String: String]) {
    func first(_ names: String...) -> String? {
      names.lazy.compactMap { fields[$0] }.first { !$0.isEmpty }
    }
    let result = first("return_code").map { $0.uppercased() }
    guard result != nil || fields["code"] != nil else { return nil }
    let code = first("error_code", "err_code", "sub_code", "code") ?? ""
    let message = first("err_code_des", "return_msg", "sub_msg", "message", "msg") ?? ""
    let isFailure = result.map { $0 == "FAIL" || fields["result_code"] == "FAIL" } ?? true
    let says = message.uppercased() == "NO BILL EXIST" || Self.noBillWords.contains(message)
    self.init(
      code: code.isEmpty ? result ?? "" : code, message: message,
      saysNoBill: isFailure && (code.isEmpty ? says : Self.noBillWords.contains(code)))
  }

  /// What it says, and what to do.
  var refusal: Wording {
    func shown(_ text: String) -> String { String(text.prefix(100)) }
    let said = [code, message].filter { !$0.isEmpty }.map(shown).joined(separator: " ")
    let advice = self.advice
    return Wording(
      zh: "文件不是账单，而是渠道接口的应答“\(said)”：\(advice.zh)",
      en: "not a bill but the answer \"\(said)\" of the channel's interface: \(advice.en)")
  }

  private var advice: Wording {
    let words = (code + " " + message).uppercased().replacing("_", with: " ")
    func says(_ some: String...) -> Bool { some.contains { words.contains($0) } }
    if says("CREATING", "20003") {
      return Wording(
        zh: "账单还没有生成。渠道每天上午生成前一日的账单，请在 10 点以后重新下载。",
        en:
          "the bill is not made yet. Bills of the day before are made in the morning: download it "
          + "again after 10:00.")
    }
    if says("SIGN") {
      return Wording(
        zh: "签名没有通过。请检查下载程序的密钥、证书与商户号，改正后重新下载。",
        en: "the signature was refused. Check the key, certificate and merchant number of the "
          + "download script, then download it again.")
    }
    if says("FREQUENCY", "RATELIMIT", "RATE LIMIT", "TOO MANY") {
      return Wording(
        zh: "请求太频繁。请隔几分钟再下载，并放慢下载程序。",
        en: "asked too often. Download it again in some minutes, and slow the download script down."
      )
    }
    if says("NO AUTH", "NOAUTH", "PERMISSION", "NOT MATCH", "INSUFFICIENT") {
      return Wording(
        zh: "没有下载权限。请在渠道的商户平台核对商户号与接口权限，开通后重新下载。",
        en: "not allowed to. Check merchant number and permissions on the channel's merchant "
          + "platform, then download it again.")
    }
    if says("PARAM", "INVALID", "FORMAT ERROR") {
      return Wording(
        zh: "请求的参数有误（如日期或账单类型）。请改正下载程序后重新下载。",
        en: "the request was wrong, its date or kind of bill. Correct the download script and "
          + "download it again.")
    }
    if says("SYSTEM") {
      return Wording(
        zh: "渠道的系统暂时出错。请稍后重新下载。",
        en: "the channel's system failed. Download it again later.")
    }
    return Wording(
      zh: "下载没有成功。请按应答的提示处理，在 10 点以后重新下载。",
      en: "the download failed. Do what the answer asks for, and download it again after 10:00.")
  }
}

/// The texts of a flat XML answer, by their elements.
private struct AnswerFields: XMLElementSink {
  private(set) var texts: [String: String] = [:]
  private var text: [UInt8] = []

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    text = []
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) { text.append(contentsOf: bytes) }

  mutating func end(_ name: String) {
    let isBlank = text.allSatisfy { $0 <= 0x20 }
    if texts[name] == nil, !isBlank {
      texts[name] = String(decoding: text, as: UTF8.self).trimmed
    }
    text = []
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension Reading {
  /// An answer that was saved where a bill is expected: a day without rows, or refused.
  init(_ answer: SavedAnswer, named name: String, path: String) {
    guard answer.saysNoBill else {
      self.init(refused: name, path: path, .unreadable, answer.refusal)
      recognition.reason = Wording(zh: "内容是接口的应答", en: "it is an interface's answer")
      return
    }
    self.init(named: name, path: path)
    isZeroDay = true
    statement.format = Statement.noBillFormat
    statement.channel = .wechat
    (statement.provesStart, statement.provesEnd) = (true, true)
    recognition = Recognition(
      title: Wording(zh: "微信支付应答：当日无账单", en: "WeChat Pay's answer: no bill that day"),
      reason: Wording(
        zh: "应答为 \(answer.code) \(answer.message)", en: "it says \(answer.code) \(answer.message)"),
      encoding: "UTF-8")
  }
}
