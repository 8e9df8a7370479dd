internal import Payments

extension Profile {
  /// Forms of a layout that tell payments only, or refunds only.
  struct Contents: Decodable, Sendable {
    var payments: Form?
    var refunds: Form?

    /// What shows that a file is of the form.
    struct Form: Decodable, Sendable {
      /// Header names only this form has: one of them is enough.
      var header: [String]?
      /// Header names this form lacks: all of them.
      var without: [String]?
      /// Parts of the file's name; they count only where no row contradicts.
      var names: [String]?

      fileprivate func fits(_ header: [String]) -> Bool {
        if self.header?.contains(where: header.contains) == true { return true }
        return without.map { names in !names.contains(where: header.contains) } ?? false
      }

      fileprivate func isNamed(_ name: String) -> Bool {
        names?.contains { name.contains($0) } ?? false
      }

      /// With all header names in their normalised spelling.
      func normalised() -> Form {
        var copy = self
        copy.header = header.map { $0.map(normalisedHeader) }
        copy.without = without.map { $0.map(normalisedHeader) }
        return copy
      }
    }
  }

  /// What a file tells: both, unless its header shows that it is of one kind, or its name does and no row
  /// contradicts.
  ///
  /// - Parameters:
  ///   - header: its header names, normalised.
  ///   - file: its name.
  ///   - kinds: what its rows are.
  func content(header: [String], file: String, kinds: some Sequence<EntryKind>) -> BookContent {
    guard let contents else { return .both }
    let name = file.split(separator: "/").last.map(String.init) ?? file
    if !header.isEmpty {
      if contents.refunds?.fits(header) == true { return .refunds }
      if contents.payments?.fits(header) == true { return .payments }
    }
    let (isRefunds, isPayments) = (
      contents.refunds?.isNamed(name) == true, contents.payments?.isNamed(name) == true
    )
    if isRefunds, !isPayments, !kinds.contains(.payment) { return .refunds }
    if isPayments, !isRefunds, !kinds.contains(.refund) { return .payments }
    return .both
  }
}
