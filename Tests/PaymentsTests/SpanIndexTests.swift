import Payments
import Testing

@Suite("Stretches are found and taken out as if each were looked at") struct SpanIndexTests {
  /// Stretches of the first twelve seconds, empty and turned round ones too, and several of them together.
  private static let all = (0..<12).flatMap { start in (0..<12).map { span($0, start) } }
  private static let some = (1...200).map { turn in
    (0..<(turn % 7)).map { all[(turn * 131 + $0 * 71) % all.count] }
  }

  private static func span(_ start: Int, _ end: Int) -> TimeSpan {
    TimeSpan(start: Timestamp(seconds: Int64(start)), end: Timestamp(seconds: Int64(end)))
  }

  @Test("one of them holds a stretch or a moment") func holding() {
    for spans in Self.some {
      let index = SpanIndex(spans)
      #expect(index.isEmpty == spans.isEmpty)
      for asked in Self.all where asked.start <= asked.end {
        let holds = spans.contains { $0.start <= asked.start && asked.end <= $0.end }
        #expect(index.holds(asked) == holds)
        let holdsStart = spans.contains { $0.start <= asked.start && asked.start < $0.end }
        #expect(index.holds(asked.start) == holdsStart)
      }
    }
  }

  @Test("what is left where others are taken out, and what is covered") func takingOut() {
    for (spans, gaps) in zip(Self.some, Self.some.reversed()) {
      let left = spans.without(gaps)
      let coverage = BookCoverage(Book(side: .ledger), spans: spans)
      for second in 0..<12 {
        let moment = Timestamp(seconds: Int64(second))
        func has(_ span: TimeSpan) -> Bool { span.start <= moment && moment < span.end }
        #expect(
          left.contains(where: has) == (spans.contains(where: has) && !gaps.contains(where: has)))
        for last in second..<12 {
          let isCovered = (second...last).allSatisfy { second in
            spans.contains { $0.start.seconds <= second && second < $0.end.seconds }
          }
          #expect(coverage.covers(from: Int64(second), to: Int64(last)) == isCovered)
        }
      }
    }
  }
}
