/// Bytes to be copied to a place that nothing else writes: columns that are joined are copied all at once,
/// as most of the time goes into memory that is touched for the first time.
public struct ColumnCopy {
  let from: UnsafeRawPointer
  let to: UnsafeMutableRawPointer
  let count: Int

  /// Bytes copied at a time by one core: pages are as large, and two cores at one page wait.
  static let stretch = 1 << 21

  /// Copies everything, several at once. The columns that are copied must live until then.
  public static func run(_ copies: [ColumnCopy]) {
    _ = concurrently(copies.count) { index in
      copies[index].to.copyMemory(from: copies[index].from, byteCount: copies[index].count)
    }
  }
}

extension Column {
  /// Makes the column longer by the values of others, which ``ColumnCopy/run(_:)`` puts there.
  ///
  /// - Returns: what is to be copied where; nothing of zeros.
  public mutating func lengthen(by pieces: [Column]) -> [ColumnCopy] {
    let more = pieces.reduce(0) { $0 + $1.count }
    guard var room = lengthen(by: more, areZeros: pieces.allSatisfy(\.isZero)) else { return [] }
    var copies: [ColumnCopy] = []
    for piece in pieces {
      // What is not written is zeros.
      if !piece.isZero { copies += piece.copies(to: room) }
      room += piece.count
    }
    return copies
  }

  /// Makes the column longer by `more` values and gives the place of the first of them; those that are
  /// not written there are zeros.
  ///
  /// - Parameter areZeros: whether none will be written; then, behind zeros, nothing is touched and the
  ///   answer is nil.
  mutating func lengthen(by more: Int, areZeros: Bool) -> UnsafeMutablePointer<Value>? {
    guard more > 0 else { return nil }
    makeRoom(for: more)
    let end = used
    used += more
    if isZero, areZeros { return nil }
    isZero = false
    let stale = Swift.min(soiled, used) - end
    if stale > 0 {
      UnsafeMutableRawPointer(values + end)
        .initializeMemory(as: UInt8.self, repeating: 0, count: stale * MemoryLayout<Value>.stride)
    }
    return values + end
  }

  /// How the values get to another place, in pieces that end where its pages do.
  private func copies(to room: UnsafeMutablePointer<Value>) -> [ColumnCopy] {
    let (from, to) = (UnsafeRawPointer(values), UnsafeMutableRawPointer(room))
    let total = used * MemoryLayout<Value>.stride
    var copies: [ColumnCopy] = []
    var done = 0
    while done < total {
      let page = ColumnCopy.stretch - Int(bitPattern: to + done) & (ColumnCopy.stretch - 1)
      let count = Swift.min(page, total - done)
      copies.append(ColumnCopy(from: from + done, to: to + done, count: count))
      done += count
    }
    return copies
  }
}
