internal import Glibc
internal import Payments

/// Fingerprints the bytes of a key: 64 bits, mixed by 128-bit multiplication; never 0.
///
/// The same text gives the same fingerprint on every machine and in every run.
@inline(__always)
func fingerprint(_ bytes: UnsafeRawBufferPointer) -> KeyHash {
  let (secret1, secret2): (UInt64, UInt64) = (0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
  var hash = folded(UInt64(bytes.count) ^ secret1, secret2)
  var offset = 0
  while offset + 16 <= bytes.count {
    hash = folded(
      bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian ^ secret1 ^ hash,
      bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self).littleEndian ^ secret2)
    offset += 16
  }
  var tail: (UInt64, UInt64) = (0, 0)
  if offset + 8 <= bytes.count {
    tail.0 = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
    offset += 8
  }
  let rest = bytes.count - offset
  if bytes.count >= 8 {
    // The last bytes, the last of them lowest.
    let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self).bigEndian
    tail.1 = last & ((1 << UInt64(8 * rest)) &- 1)
  } else {
    for index in offset..<bytes.count { tail.1 = tail.1 << 8 | UInt64(bytes[index]) }
  }
  hash = folded(tail.0 ^ secret1 ^ hash, tail.1 ^ secret2)
  return hash == 0 ? 1 : hash
}

@inline(__always)
private func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  return product.high ^ product.low
}

/// Drops what exports put around a value: spaces, TABs, a leading backtick, `="…"`.
@inline(__always)
func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  // Most values have nothing around them.
  guard let first = bytes.first, let last = bytes.last,
    first <= 0x20 || last <= 0x20 || first == 0x60 || first == 0x3D
  else { return bytes }
  // WeChat writes one backtick before every value and nothing else.
  if first == 0x60, bytes.count > 1, last > 0x20 {
    let second = bytes[1]
    if second > 0x20, second != 0x60, second != 0x3D {
      return UnsafeRawBufferPointer(rebasing: bytes[1...])
    }
  }
  return stripped(bytes)
}

private func stripped(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var (low, high) = (0, bytes.count)
  while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 || bytes[low] == 0x60 { low += 1 }
  while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 || bytes[high - 1] == 0x0D {
    high -= 1
  }
  if high - low >= 3, bytes[low] == 0x3D, bytes[low + 1] == 0x22, bytes[high - 1] == 0x22 {
    return stripped(UnsafeRawBufferPointer(rebasing: bytes[(low + 2)..<(high - 1)]))
  }
  return UnsafeRawBufferPointer(rebasing: bytes[low..<high])
}

/// Whether a key field says nothing: empty, zeros, dashes, `/`, `NOTPROVIDED`, `NONREF`.
@inline(__always)
func isAbsent(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let first = bytes.first else { return true }
  if first == 0x30 || first == 0x2D, bytes.allSatisfy({ $0 == first }) { return true }
  if bytes.count == 1 { return first == 0x2F }
  guard first == 0x4E else { return false }
  return bytes.elementsEqual("NONREF".utf8) || bytes.elementsEqual("NOTPROVIDED".utf8)
}

/// Whether a serial has been through a spreadsheet: `4.20E+27`.
@inline(__always)
func isScientific(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard bytes.count >= 5, bytes.count <= 24 else { return false }
  let mark = bytes.count - 4
  // Asked of every key: nearly all are done here.
  guard bytes[mark + 1] == 0x2B || bytes[mark + 2] == 0x2B else { return false }
  for start in mark...(mark + 1) where bytes[start] | 0x20 == 0x65 && bytes[start + 1] == 0x2B {
    return bytes[..<start].allSatisfy { $0 == 0x2E || ($0 &- 0x30) <= 9 }
      && bytes[(start + 2)...].allSatisfy { ($0 &- 0x30) <= 9 }
  }
  return false
}

/// Whether a key is what keys are: letters and digits, and not gone through a spreadsheet.
func isWellFormedKey(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard (1...64).contains(bytes.count), !isScientific(bytes) else { return false }
  return bytes.allSatisfy { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }
}

/// Finds `word` in `text` at character boundaries.
func contains(_ text: UnsafeRawBufferPointer, _ word: [UInt8], _ encoding: TextEncoding) -> Bool {
  place(of: word, in: text, encoding) != nil
}

/// The first byte of `word` in `text`, at a character boundary; nil where it is not in it.
func place(
  of word: [UInt8], in text: UnsafeRawBufferPointer, _ encoding: TextEncoding
) -> Int? {
  if encoding == .utf8 { return placeUTF8(of: word, in: text) }
  var offset = 0
  while offset + word.count <= text.count {
    if text[offset] == word[0], text[offset..<(offset + word.count)].elementsEqual(word) {
      return offset
    }
    offset += encoding.characterLength(text, at: offset)
  }
  return nil
}

/// In UTF-8 no character begins inside another: bytes may be looked for.
private func placeUTF8(of word: [UInt8], in text: UnsafeRawBufferPointer) -> Int? {
  guard let base = text.baseAddress, word.count > 0, text.count >= word.count else { return nil }
  var offset = 0
  while offset + word.count <= text.count {
    let places = text.count - word.count + 1 - offset
    guard let found = memchr(base + offset, Int32(word[0]), places) else { return nil }
    let place = UnsafeRawPointer(found)
    if memcmp(place, word, word.count) == 0 { return place - base }
    offset = place - base + 1
  }
  return nil
}
