public import Payments

/// A book a run expects a statement of.
public struct ExpectedBook: Hashable, Sendable {
  /// The book; an empty owner stands for whoever the files name.
  public var book: Book
  /// The file names it is looked for under, for people.
  public var lookedFor: [String]
  /// The first day from which on it is not expected any more; nil for a book in use.
  public var retired: BusinessDay?

  /// Expects a book.
  public init(_ book: Book, lookedFor: [String] = [], retired: BusinessDay? = nil) {
    (self.book, self.lookedFor, self.retired) = (book, lookedFor, retired)
  }

  func isRetired(on day: BusinessDay) -> Bool { retired.map { $0 <= day } ?? false }

  func isAnswered(by other: Book) -> Bool { book.isAnswered(by: other) }
}

extension Book {
  /// Whether a statement of another book answers for it, all or in part; an empty owner stands for anybody.
  func isAnswered(by other: Book) -> Bool {
    guard other.side == side, !other.content.isDisjoint(with: content) else { return false }
    if side == .channel, !other.channel.fits(channel) { return false }
    return owner.isEmpty || other.owner.isEmpty || other.owner == owner
  }

  /// What all books of its side and channel have in common.
  var ofAnybody: Book { Book(side: side, channel: channel) }

  /// The same of another owner.
  func of(_ owner: String) -> Book {
    Book(side: side, channel: channel, owner: owner, content: content)
  }
}
