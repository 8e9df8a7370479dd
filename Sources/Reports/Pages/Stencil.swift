/// A template that is filled thousands of times: the library lays it out once, with a mark where each field
/// stands, and what lies between the marks is written again and again.
///
/// A page of a bad day has as many cases as the library would take seconds for.
struct Stencil<Field: CaseIterable> {
  /// What stands before each field, the fields in their order, and what follows the last.
  private var texts: [[UInt8]] = []
  private var fields: [Field] = []
  private var end: [UInt8] = []
  /// A character no template has.
  private static var mark: String { "\u{F8FF}" }

  /// Lays a template out; its fields are called as the cases of `Field` are.
  ///
  /// - Precondition: the template has only such fields, and no sections.
  init(_ template: String, on page: Page) {
    let all = Array(Field.allCases)
    var model: [String: Any] = [:]
    for (index, field) in all.enumerated() {
      model[String(describing: field)] = Self.mark + String(index) + Self.mark
    }
    let parts = page.rendered(template, model).split(
      separator: Self.mark, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index % 2 == 0 {
        end = Array(part.utf8)
      } else if let number = Int(part), all.indices.contains(number) {
        texts.append(end)
        fields.append(all[number])
      } else {
        preconditionFailure("the template \(template) has a field it should not have: \(part)")
      }
    }
  }

  /// Adds the template with its fields filled.
  func fill(_ bytes: inout [UInt8], _ value: (Field, inout [UInt8]) -> Void) {
    for (text, field) in zip(texts, fields) {
      bytes += text
      value(field, &bytes)
    }
    bytes += end
  }
}
