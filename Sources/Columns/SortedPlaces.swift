extension RandomAccessCollection where Index == Int {
  /// The first place whose element is beyond what is looked for; the end where none is. Elements that are
  /// beyond stand behind those that are not: half of the rest is left out with every look.
  @inlinable
  public func firstPlace(where isBeyond: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
