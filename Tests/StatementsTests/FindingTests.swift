import Payments
import Testing

@testable import Statements

@Suite("Books and their statements are found as if each were asked") struct FindingTests {
  private static let books = [Side.channel, .ledger].flatMap { side in
    [Channel.unknown, .wechat, .ccb, .bank].flatMap { channel in
      ["", "1", "2"].flatMap { owner in
        [BookContent.both, .payments, .refunds].map {
          Book(side: side, channel: channel, owner: owner, content: $0)
        }
      }
    }
  }

  @Test("whether a book answers for another") func books() {
    for first in Self.books {
      for second in Self.books {
        let set = BookSet([first, second])
        for asked in Self.books where asked.owner != "2" {
          let isAnswered = first.isAnswered(by: asked) || second.isAnswered(by: asked)
          #expect(set.hasAnswer(for: asked) == isAnswered)
        }
      }
    }
  }

  @Test("which statements answer for a book, and how many of a day") func statements() {
    let days = (0..<6).map { BusinessDay(number: 20_000 + $0) }
    let given = Self.books.indices.map { place in
      let book = Self.books[place]
      var statement = Statement(
        file: "", sha256: "", format: "", side: book.side, channel: book.channel)
      // Some of one day, some of several, some turned round, some of any.
      (statement.from, statement.to) = (days[place % 5], place % 7 == 0 ? nil : days[place * 3 % 4])
      if place % 3 == 0 {
        statement.faults = [StatementFault(.unreadable, detail: Wording(zh: "", en: ""))]
      }
      return statement
    }
    let found = StatementsByBook(given, books: Self.books)
    for asked in Self.books {
      let groups = found.groups(answering: asked)
      let mine = given.indices.filter { asked.isAnswered(by: Self.books[$0]) }
      #expect(groups.places == mine)
      for day in days {
        let touching = mine.filter { given[$0].touches(day) }
        #expect(groups.count(on: day) == touching.count)
        #expect(groups.heldCount(on: day) == touching.count { given[$0].isHeld })
      }
    }
  }
}
