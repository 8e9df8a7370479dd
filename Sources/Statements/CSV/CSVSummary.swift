internal import Payments

extension SummaryFigures {
  /// Finds the figures among a summary's lines; nil where the layout does not say where they are.
  init?(_ profile: Profile, _ lines: [String]) {
    guard let form = profile.verifies else { return nil }
    let line = lines.last { $0.trimmedLine.hasPrefix(form.line) } ?? ""
    let words = line.trimmedLine.split(whereSeparator: \.isWhitespace)
    func number(_ place: Int, decimals: Int) -> Int64? {
      guard place >= 1, place <= words.count else { return nil }
      var word = String(words[place - 1])
      let field = word.withUTF8 {
        parseAmount(UnsafeRawBufferPointer($0), decimals: decimals, encoding: .utf8)
      }
      guard case .value(let value) = field else { return nil }
      return value
    }
    let rows = number(form.rows, decimals: 0)
    let paid = number(form.payments, decimals: 2)
    let refunded = number(form.refunds, decimals: 2)
    let fees = form.fees.flatMap { number($0, decimals: 2) }
    self.init(
      layout: form.layout, title: profile.title.wording,
      merchant: profile.preamble?["merchant"].flatMap { cut in
        lines.lazy.compactMap { $0.cut(after: cut.after, until: cut.until) }.first
      },
      rows: rows ?? 0, paymentFen: paid ?? 0, refundFen: refunded ?? 0, feeFen: fees,
      isReadable: rows != nil && paid != nil && refunded != nil && (fees != nil || form.fees == nil)
    )
  }
}
