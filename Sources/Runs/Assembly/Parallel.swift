internal import Columns
internal import Payments

extension Array where Element: Sendable {
  /// The elements told by `describe`, in order; several at once when there are many, as each means
  /// reading rows again.
  func describedInParallel<Told>(_ describe: (Element) throws -> Told) throws -> [Told] {
    let piece = 256
    guard count > piece else { return try map(describe) }
    let told = concurrently((count + piece - 1) / piece) { index in
      let range = (index * piece)..<Swift.min(count, (index + 1) * piece)
      return Result { try self[range].map(describe) }
    }
    return try told.flatMap { try $0.get() }
  }
}
