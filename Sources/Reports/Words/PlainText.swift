/// Text from statements made harmless to look at.
///
/// Remarks and file names are written by strangers: a terminal obeys escape sequences in them, and
/// direction controls make `exe.csv` read as `vsc.exe`. Reports show such characters instead of
/// sending them.
public enum PlainText {
  /// The text on one line without control, direction or invisible formatting characters.
  ///
  /// TAB becomes a space, C0 controls and DEL their pictures (ESC → `␛`, LF → `␊`), everything
  /// else unsafe `\u{202e}`. Other text is returned as it is.
  public static func neutralised(_ text: String) -> String {
    guard hasUnsafe(text) else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      append(scalar, to: &result)
    }
    return result
  }

  /// Whether a character would change how the text around it is shown, or not be seen at all.
  ///
  /// Joiners U+200C and U+200D stay: scripts and emoji need them.
  public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
    case 0xAD, 0x034F, 0x061C, 0x180E: true  // invisible; Arabic letter mark
    case 0x200B, 0x200E, 0x200F: true  // zero-width space, direction marks
    case 0x2028...0x202E: true  // line and paragraph separators, embeddings, overrides
    case 0x2060...0x206F: true  // word joiner, invisible operators, isolates, deprecated
    case 0xFEFF, 0xFFF9...0xFFFB: true  // byte order mark, interlinear annotation
    case 0xE0000...0xE007F: true  // tags
    default: false
    }
  }

  /// The first `limit` scalars of a text, followed by `…` when there are more.
  public static func clipped(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard text.utf8.count > limit,
      let end = scalars.index(
        scalars.startIndex, offsetBy: max(limit, 0), limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }

  private static func hasUnsafe(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      utf8.indices.contains { isMarked(utf8[$0]) && unsafeScalar(in: utf8, at: $0) != nil }
    }
  }

  /// Whether an unsafe character starts with the byte, or may.
  ///
  /// C0, DEL; C2: C1 controls, CD: grapheme joiner, D8: Arabic mark, E1: Mongolian separator, E2:
  /// direction marks, EF: byte order mark, F3: tags. Most Chinese text has none of them but some
  /// punctuation.
  @inline(__always)
  static func isMarked(_ byte: UInt8) -> Bool {
    // One bit for each byte, sixty-four bytes a number; those that continue a character are not marked.
    let marked: UInt64 =
      switch byte >> 6 {
      case 0: 0x0000_0000_FFFF_FFFF
      case 1: 0x8000_0000_0000_0000
      case 2: 0
      default: 0x0008_8006_0100_2004
      }
    return marked >> UInt64(byte & 63) & 1 != 0
  }

  /// The unsafe character that starts at `index` of valid UTF-8, with its length in bytes; nil when the
  /// one there is safe.
  static func unsafeScalar(
    in utf8: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let lead = utf8[index]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard index + length <= utf8.count else { return nil }
    var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0xFF >> UInt32(length + 1))
    for offset in 1..<max(1, length) { value = value << 6 | UInt32(utf8[index + offset] & 0x3F) }
    guard let scalar = Unicode.Scalar(value), isUnsafe(scalar) else { return nil }
    return (scalar, length)
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    guard isUnsafe(scalar) else {
      result.unicodeScalars.append(scalar)
      return
    }
    switch scalar.value {
    case 0x09:
      result.append(" ")
    case 0x00...0x1F:
      // Control Pictures stand in the order of the controls they picture.
      result.unicodeScalars.append(Unicode.Scalar(UInt16(0x2400 + scalar.value)) ?? "?")
    case 0x7F:
      result.append("␡")
    default:
      result.append("\\u{" + String(scalar.value, radix: 16) + "}")
    }
  }
}
