import Payments

/// Charts as inline SVG, with a text alternative: they need no network, print, and can be read aloud.
enum Charts {
  /// One bar of a chart.
  struct Bar {
    var label: String
    var value: Int128
    /// The value in words, at the bar's end.
    var note: String
    /// A second value beside it, in the other colour.
    var second: (value: Int128, note: String)?
  }

  private static let width: Int128 = 560

  /// Horizontal bars, longest value as wide as there is room; labels on the left.
  static func bars(_ bars: [Bar], title: String) -> String {
    let (left, room, line) = (Int128(170), Int128(250), Int128(20))
    let most = bars.flatMap { [$0.value, $0.second?.value ?? 0] }.map { abs($0) }.max() ?? 0
    var body = ""
    var y: Int128 = 4
    func bar(_ value: Int128, _ note: String, _ ink: String) {
      let length = most == 0 ? 0 : max(value == 0 ? 0 : 2, abs(value) * room / most)
      body +=
        "<rect class=\"\(ink)\" x=\"\(left)\" y=\"\(y + 3)\" width=\"\(length)\" height=\"14\"/>"
      body +=
        "<text x=\"\(left + length + 6)\" y=\"\(y + 14)\">\(escaped(note))</text>"
      y += line
    }
    for one in bars {
      body +=
        "<text class=\"faint\" x=\"\(left - 8)\" y=\"\(y + 14)\" text-anchor=\"end\">"
        + "\(escaped(shortened(one.label)))</text>"
      bar(one.value, one.note, "a")
      if let second = one.second { bar(second.value, second.note, "b") }
      y += 3
    }
    return svg(body, height: max(y, 24), title: title, text: spoken(bars))
  }

  /// Columns side by side, with every `step`th label under them.
  static func columns(_ bars: [Bar], title: String, labelEvery step: Int = 1) -> String {
    guard !bars.isEmpty else { return svg("", height: 24, title: title, text: "") }
    let (height, base) = (Int128(130), Int128(150))
    let most = max(1, bars.map(\.value).max() ?? 1)
    let slot = min(30, max(2, (width - 46) / Int128(bars.count)))
    var body =
      "<line class=\"axis\" x1=\"40\" y1=\"\(base)\" x2=\"\(width)\" y2=\"\(base)\"/>"
      + "<text class=\"faint\" x=\"34\" y=\"\(base)\" text-anchor=\"end\">0</text>"
      + "<text class=\"faint\" x=\"34\" y=\"\(base - height + 10)\" text-anchor=\"end\">\(most)</text>"
    for (index, one) in bars.enumerated() {
      let x = 42 + Int128(index) * slot
      let tall = one.value == 0 ? 0 : max(2, one.value * height / most)
      body +=
        "<rect class=\"a\" x=\"\(x)\" y=\"\(base - tall)\" width=\"\(max(1, slot - 2))\" "
        + "height=\"\(tall)\"><title>\(escaped(one.label)): \(escaped(one.note))</title></rect>"
      if index % step == 0 {
        body +=
          "<text class=\"faint\" x=\"\(x + slot / 2)\" y=\"\(base + 16)\" text-anchor=\"middle\">"
          + "\(escaped(one.label))</text>"
      }
    }
    return svg(body, height: base + 24, title: title, text: spoken(bars.filter { $0.value != 0 }))
  }

  private static func svg(
    _ body: String, height: Int128, title: String, text: String
  ) -> String {
    "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\"><title>\(escaped(title))</title>"
      + "<desc>\(escaped(text))</desc>\(body)</svg>"
  }

  private static func spoken(_ bars: [Bar]) -> String {
    bars.map { bar in
      "\(bar.label): \(bar.note)" + (bar.second.map { ", \($0.note)" } ?? "")
    }.joined(separator: "; ")
  }

  private static func shortened(_ label: String) -> String {
    label.count > 22 ? String(label.prefix(21)) + "…" : label
  }

  /// Text as it may stand in HTML and SVG.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in PlainText.neutralised(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
