internal import Columns
internal import History
internal import Payments
internal import Statements

/// Looks for serials of which only the end is known, in all that was delivered.
struct SerialSearch {
  /// The nights, in order.
  let days: [BusinessDay]
  let store: HistoryStore
  /// Called with nights searched and nights in all.
  let progress: ((Int, Int) -> Void)?

  /// Serials named at most.
  static let limit = 20

  /// Serials that end as the query does, from what was delivered, the newest first; at least eight
  /// characters.
  func serials(endingIn query: String) throws -> [String] {
    let wanted = Array(query.utf8)
    guard wanted.count >= Trace.shortestEnd else { return [] }
    var found: [String] = []
    var seen = Set<String>()
    let days = Array(self.days.reversed())
    // Some nights at a time: mostly the serial is one of the last.
    let some = 16
    for first in stride(from: 0, to: days.count, by: some) {
      progress?(first, days.count)
      let files = try days[first...].prefix(some).flatMap { try store.statements(of: $0) }
        .map(\.sha256).filter { !$0.isEmpty && seen.insert($0).inserted }
      let endings = concurrently(files.count) { index in
        var endings: [String] = []
        Intake.forEachContent(of: store.folder.archived(files[index])) { bytes in
          forEachWord(endingIn: wanted, in: bytes) { word in
            if !endings.contains(word) { endings.append(word) }
            return endings.count < SerialSearch.limit
          }
        }
        return endings
      }
      for serial in endings.joined() where !found.contains(serial) {
        found.append(serial)
        if found.count == SerialSearch.limit { return found }
      }
    }
    return found
  }

  /// Calls `body` with each word that ends so, for as long as it wants more.
  private func forEachWord(
    endingIn wanted: [UInt8], in bytes: UnsafeRawBufferPointer, _ body: (String) -> Bool
  ) {
    func isWord(_ byte: UInt8) -> Bool {
      (byte &- 0x30) <= 9 || ((byte | 0x20) &- 0x61) < 26 || byte == 0x2D || byte == 0x5F
    }
    // Eight bytes at a time: whoever asks has given at least eight.
    let start = wanted.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    for place in 0..<max(0, bytes.count - wanted.count + 1)
    where bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) == start {
      let end = place + wanted.count
      guard bytes[place..<end].elementsEqual(wanted), end == bytes.count || !isWord(bytes[end])
      else { continue }
      var low = place
      while low > 0, isWord(bytes[low - 1]) { low -= 1 }
      guard body(String(decoding: bytes[low..<end], as: UTF8.self)) else { return }
    }
  }
}
