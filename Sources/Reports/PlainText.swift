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
    for byte in text.utf8 where byte < 0x20 || byte >= 0x7F {
      return text.unicodeScalars.contains(where: isUnsafe)
    }
    return false
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
