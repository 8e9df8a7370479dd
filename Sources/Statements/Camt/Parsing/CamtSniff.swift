/// Which camt message a file's first bytes belong to, whatever wraps it; nil when none is seen.
func sniffCamt(_ prefix: UnsafeRawBufferPointer) -> CamtKind? {
  guard sniffXMLRoot(prefix) != nil else { return nil }
  let stem = Array("BkToCstmr".utf8)
  let step = wideOffset(prefix) == nil ? 1 : 2
  var index = 0
  while index + stem.count * step < prefix.count {
    var matched = 0
    while matched < stem.count, prefix[index + matched * step] == stem[matched] { matched += 1 }
    if matched == stem.count {
      switch prefix[index + matched * step] {
      case UInt8(ascii: "A"): return .report
      case UInt8(ascii: "S"): return .statement
      case UInt8(ascii: "D"): return .notification
      default: break
      }
    }
    index += 1
  }
  return nil
}
