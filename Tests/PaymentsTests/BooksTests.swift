import Payments
import Testing

@Suite("Books and what they cover")
struct BooksTests {
  private func days(_ first: Int, _ last: Int) throws -> TimeSpan {
    let first = try #require(BusinessDay("2026-11-\(first)"))
    return TimeSpan(first: first, last: try #require(BusinessDay("2026-11-\(last)")))
  }

  private func book(_ content: BookContent) -> Book {
    Book(side: .channel, channel: .wechat, owner: "1609", content: content)
  }

  @Test("Stretches are taken out of others, at an end and in the middle")
  func remove() throws {
    var coverage = BookCoverage(book(.both), spans: [try days(10, 20)])
    coverage.remove([try days(12, 13), try days(19, 25), try days(21, 22)])
    #expect(coverage.spans == [try days(10, 11), try days(14, 18)])
    coverage.remove([try days(10, 30)])
    #expect(coverage.spans == [])
  }

  @Test("Bills of both contents and bills of one answer for each other, day by day")
  func contents() throws {
    let coverage = Coverage(
      books: [
        BookCoverage(book(.both), spans: [try days(10, 11)]),
        BookCoverage(book(.payments), spans: [try days(12, 13)]),
        BookCoverage(book(.refunds), spans: [try days(12, 12)]),
      ], statements: [book(.both), book(.payments), book(.refunds), nil])
    #expect(coverage.books.map(\.book) == [book(.payments), book(.refunds)])
    #expect(coverage.books.map(\.spans) == [[try days(10, 13)], [try days(10, 12)]])
    #expect(coverage.bookOfStatement == [0, 0, 1, -1])
  }

  @Test("Contents of other nights are told apart as tonight's are")
  func known() throws {
    let tonight = Coverage(books: [
      BookCoverage(book(.payments), spans: [try days(12, 12)]), BookCoverage(book(.refunds)),
    ])
    let known = Coverage(books: [BookCoverage(book(.both), spans: [try days(10, 11)])])
    let all = tonight.adding(known: known)
    #expect(all.books.map(\.book) == [book(.payments), book(.refunds)])
    #expect(all.books.map(\.spans) == [[try days(10, 12)], [try days(10, 11)]])
    #expect(known.adding(known: tonight).books.map(\.spans) == all.books.map(\.spans))
  }

  @Test("Refunds that are known prove no payments")
  func otherContent() throws {
    func nobodys(_ content: BookContent) -> Book {
      Book(side: .channel, channel: .wechat, content: content)
    }
    let tonight = Coverage(books: [
      BookCoverage(nobodys(.payments), spans: [try days(15, 15)]),
      BookCoverage(nobodys(.refunds), spans: [try days(15, 15)]),
    ])
    let known = Coverage(books: [BookCoverage(nobodys(.refunds), spans: [try days(10, 14)])])
    let all = tonight.adding(known: known)
    #expect(all.books.map(\.book) == [nobodys(.payments), nobodys(.refunds)])
    #expect(all.books.map(\.spans) == [[try days(15, 15)], [try days(10, 15)]])
  }
}
