internal import Payments

/// Books by their owners, of whom there may be thousands, for asking whether one of them answers for another.
struct BookSet {
  private var books: Set<Book> = []
  /// The books whoever's they are, without an owner: a few.
  private var kinds: Set<Book> = []

  init(_ books: some Sequence<Book>) {
    for book in books { insert(book) }
  }

  mutating func insert(_ book: Book) {
    books.insert(book)
    kinds.insert(book.of(""))
  }

  /// Whether one of the books answers for another one, or that for it.
  func hasAnswer(for book: Book) -> Bool {
    kinds.contains { kind in
      kind.isAnswered(by: book)
        && (book.owner.isEmpty || books.contains(kind) || books.contains(kind.of(book.owner)))
    }
  }
}
