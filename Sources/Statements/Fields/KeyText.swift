public import Payments

// Numbers as they are compared: exports write one number in many ways.

/// Fingerprint of an order number or a serial as it is compared; 0 when it says nothing.
///
/// Guards and what cannot be seen at either end, full-width characters and the `.0` of a data frame are
/// dropped; case, signs inside and leading zeros are the key's own.
@inline(__always)
func keyHash(_ text: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> KeyHash {
  if mayBeDressed(text) { return dressedKeyHash(text, encoding) }
  return isAbsent(text) ? 0 : fingerprint(text)
}

/// Whether anything may stand in or around a key that is no part of it.
@inline(__always)
private func mayBeDressed(_ text: UnsafeRawBufferPointer) -> Bool {
  guard let first = text.first, let last = text.last else { return false }
  let isGuarded = isKeyGuard(first) || isKeyGuard(last)
  let isNumber = last == 0x30 && text.count > 2 && text[text.count - 2] == 0x2E
  return isGuarded || isNumber || firstNonASCII(in: text, from: 0) < text.count
}

/// What may stand at either end of a key: blanks, what cannot be seen, an apostrophe, a backtick.
@inline(__always)
private func isKeyGuard(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x27 || byte == 0x60 }

@inline(never)
private func dressedKeyHash(_ text: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> KeyHash {
  withKey(text, encoding) { isAbsent($0) ? 0 : fingerprint($0) }
}

/// Hands over a key as it is compared.
func withKey<Result>(
  _ text: UnsafeRawBufferPointer, _ encoding: TextEncoding,
  _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
  guard mayBeDressed(text) else { return body(text) }
  return withUnsafeTemporaryAllocation(byteCount: text.count, alignment: 1) { room in
    let folding = TextFolding.of(encoding)
    var (offset, count) = (0, 0)
    while offset < text.count {
      let (folded, length) = folding.fold(text, at: offset)
      let isWide = length > 1 && folding.halfWidth(text, at: offset, length) != nil
      let isGuard = folded == TextFolding.invisible || folded == 0x20 || folded == 0x27
      if length == 1 && folded < TextFolding.other || isWide || isGuard {
        room[count] = folded
        count += 1
      } else {
        for place in offset..<min(offset + length, text.count) {
          room[count] = text[place]
          count += 1
        }
      }
      offset += length
    }
    return body(bareKey(UnsafeRawBufferPointer(rebasing: room[..<count])))
  }
}

/// A key of folded characters without guards, blanks and the `.0` of a data frame.
private func bareKey(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var (low, high) = (0, text.count)
  while low < high, isKeyGuard(text[low]) { low += 1 }
  while high > low, isKeyGuard(text[high - 1]) { high -= 1 }
  if high - low >= 3, text[low] == 0x3D, text[low + 1] == 0x22, text[high - 1] == 0x22 {
    return bareKey(UnsafeRawBufferPointer(rebasing: text[(low + 2)..<(high - 1)]))
  }
  return withoutPointZero(UnsafeRawBufferPointer(rebasing: text[low..<high]))
}

/// A whole number without the `.0` a data frame puts behind it.
private func withoutPointZero(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  let end = text.count - 2
  guard end > 0, text[end] == 0x2E, text[end + 1] == 0x30, text[..<end].allSatisfy(isDigit)
  else { return text }
  return UnsafeRawBufferPointer(rebasing: text[..<end])
}

// MARK: - People

/// Fingerprint of a person's number as it is compared; 0 when it says nothing.
///
/// Besides what ``keyHash(_:_:)`` drops: case, blanks and hyphens inside, leading zeros.
@inline(__always)
func personHash(_ text: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> KeyHash {
  isBareNumber(text) ? fingerprint(text) : dressedPersonHash(text, encoding)
}

/// Whether a number is written as it is compared: digits and capital letters that do not start with a zero.
/// What begins with N may be NONREF.
@inline(__always)
private func isBareNumber(_ text: UnsafeRawBufferPointer) -> Bool {
  guard let first = text.first, first != 0x30, first != 0x4E else { return false }
  for byte in text where !isDigit(byte) && byte &- 0x41 >= 26 { return false }
  return true
}

@inline(never)
private func dressedPersonHash(
  _ text: UnsafeRawBufferPointer, _ encoding: TextEncoding
) -> KeyHash {
  withPersonNumber(text, encoding) { $0.isEmpty ? 0 : fingerprint($0) }
}

/// Hands over a person's number as it is compared; nothing where it says nothing.
func withPersonNumber<Result>(
  _ text: UnsafeRawBufferPointer, _ encoding: TextEncoding,
  _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
  if isBareNumber(text) { return body(text) }
  return withUnsafeTemporaryAllocation(byteCount: text.count, alignment: 1) { room in
    let folding = TextFolding.of(encoding)
    var (offset, count) = (0, 0)
    while offset < text.count {
      let (folded, length) = folding.fold(text, at: offset)
      if folded >= TextFolding.other {
        for place in offset..<min(offset + length, text.count) {
          room[count] = text[place]
          count += 1
        }
      } else if folded > 0x20, folded != 0x2D {
        room[count] = folded &- 0x61 < 26 ? folded & 0xDF : folded
        count += 1
      }
      offset += length
    }
    return body(bareNumber(UnsafeRawBufferPointer(rebasing: room[..<count])))
  }
}

/// A number of folded characters, without blanks, as it is compared.
private func bareNumber(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  func isGuard(_ byte: UInt8) -> Bool { byte == 0x27 || byte == 0x60 || byte == 0x22 }
  var (low, high) = (0, text.count)
  while low < high, isGuard(text[low]) || text[low] == 0x3D { low += 1 }
  while high > low, isGuard(text[high - 1]) { high -= 1 }
  var number = withoutPointZero(UnsafeRawBufferPointer(rebasing: text[low..<high]))
  while number.first == 0x30 { number = UnsafeRawBufferPointer(rebasing: number.dropFirst()) }
  return isAbsent(number) ? UnsafeRawBufferPointer(start: nil, count: 0) : number
}

// MARK: - What people type

/// Fingerprints an order number or a serial given as text, exactly as a reader would.
public func fingerprint(_ text: String) -> KeyHash {
  var text = text
  return text.withUTF8 { withKey(UnsafeRawBufferPointer($0), .utf8) { fingerprint($0) } }
}

/// Fingerprints a card, student or staff number given as text, exactly as a reader would.
public func fingerprint(person number: String) -> KeyHash {
  var number = number
  return number.withUTF8 {
    withPersonNumber(UnsafeRawBufferPointer($0), .utf8) { fingerprint($0) }
  }
}

/// An order number or a serial as it is compared.
public func bareKey(_ text: String) -> String {
  var text = text
  return text.withUTF8 {
    withKey(UnsafeRawBufferPointer($0), .utf8) { String(decoding: $0, as: UTF8.self) }
  }
}

/// Fingerprints by which what a person typed is looked for: as it is compared now, and as it stands, which
/// is how indexes of before have it.
public func soughtKeys(_ text: String, isPerson: Bool = false) -> Set<KeyHash> {
  var raw = text
  let asItStands = raw.withUTF8 { fingerprint(UnsafeRawBufferPointer($0)) }
  return [isPerson ? fingerprint(person: text) : fingerprint(text), asItStands]
}
