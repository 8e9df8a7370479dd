internal import Synchronization

/// A channel the program does not know by itself and a school names: mostly its local bank.
///
/// Which there are is a property of the process, told once at its start: rows hold one byte for their
/// channel, and which byte an own channel gets means nothing outside the process.
public struct OwnChannel: Hashable, Sendable {
  /// Its machine name: lower-case letters, digits and hyphens.
  public let name: String
  /// What people call it.
  public let label: Wording
  /// Words by which the ledger names it, besides its Chinese name.
  public let words: [String]
  /// Whether it is a bank.
  public let isBank: Bool
  /// The channel it is in this process; ``Channel/other`` when there are too many.
  public let channel: Channel

  /// Tells of a channel. One of the same name told before is the same channel, with the label and words
  /// told last.
  ///
  /// - Parameter label: what people call it; its name when nil.
  public static func told(
    name: String, label: Wording? = nil, words: [String] = [], isBank: Bool = true
  ) -> OwnChannel {
    let first = isBank ? Channel.firstOwn : Channel.firstOwnOther
    let most = Int(Channel.firstOwnOther - Channel.firstOwn)
    return shelf.withLock { all in
      let place = all.firstIndex { $0.name == name && $0.isBank == isBank }
      let count = all.count { $0.isBank == isBank }
      let isFull = place == nil && count >= most
      let own = OwnChannel(
        name: name, label: label ?? Wording(zh: name, en: name), words: words, isBank: isBank,
        channel: place.map { all[$0].channel }
          ?? (isFull ? .other : Channel(number: first + UInt8(truncatingIfNeeded: count))))
      if let place { all[place] = own } else if !isFull { all.append(own) }
      return own
    }
  }

  private static let shelf = Mutex<[OwnChannel]>([])

  /// All that were told about, by name.
  public static var all: [OwnChannel] {
    shelf.withLock { $0 }.sorted { $0.name < $1.name }
  }
}
