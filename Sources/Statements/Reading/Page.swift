/// Which page of an answer a file holds.
struct Page: Hashable, Sendable {
  /// Counted from 1.
  var number: Int
  var of: Int
}
