internal import Payments

/// The numbers of people that one row's texts name.
struct RowPeople {
  /// The first number labelled as a card, and as a student or staff number.
  private(set) var account: KeyHash = 0
  private(set) var student: KeyHash = 0
  /// All others.
  private(set) var others: [NamedNumber] = []
  /// Whether a text has a word for one: those behind it are not looked at.
  private(set) var isLabelled = false
  /// Whether any looks like a person's: labelled, or as long as most are.
  private(set) var isNamed = false
  /// The first of eight to eighteen digits.
  private(set) var likely: KeyHash = 0

  /// Numbers of a row at most.
  static let limit = 16

  /// Forgets all and keeps the memory.
  @inline(__always)
  mutating func reset() {
    (account, student, likely, isLabelled, isNamed) = (0, 0, 0, false, false)
    if !others.isEmpty { others.removeAll(keepingCapacity: true) }
  }

  /// Adds the numbers of a text; one without a label that is a key of the row itself is nobody's.
  @inline(__always)
  mutating func read(
    _ text: UnsafeRawBufferPointer, _ finder: PeopleFinder, besides keys: RowKeys
  ) {
    switch finder.glance(text) {
    case .number(let number): take(number, text, finder.encoding, keys)
    case .nobody: break
    case .unclear: finder.walk(text) { take($0, text, finder.encoding, keys) }
    }
  }

  private mutating func take(
    _ found: FoundNumber, _ text: UnsafeRawBufferPointer, _ encoding: TextEncoding, _ keys: RowKeys
  ) {
    if !found.isLabelled, keys.hold(found, of: text, encoding) { return }
    isLabelled = isLabelled || found.isLabelled
    isNamed = isNamed || found.isLabelled || found.isLikely
    if likely == 0, found.isLikely { likely = found.key }
    if found.way == .labelled {
      if found.kind == .card, account == 0 || account == found.key {
        account = found.key
        forget(found.key)
        return
      }
      if found.kind == .student, student == 0 || student == found.key {
        student = found.key
        forget(found.key)
        return
      }
    }
    add(NamedNumber(found.key, found.kind, found.way))
  }

  /// What has a label now need not be told of without one.
  private mutating func forget(_ key: KeyHash) {
    if !others.isEmpty { others.removeAll { $0.key == key && $0.kind == .any } }
  }

  /// A number that is there already is not added again, but may be surer now.
  private mutating func add(_ number: NamedNumber) {
    switch number.kind {
    case .any: if number.key == account || number.key == student { return }
    case .card: if number.key == account { return }
    case .student: if number.key == student { return }
    }
    for place in others.indices
    where others[place].key == number.key && others[place].kind == number.kind {
      if number.way.rawValue < others[place].way.rawValue { others[place].way = number.way }
      return
    }
    if others.count < RowPeople.limit { others.append(number) }
  }
}

/// Fingerprints of a row's own keys.
struct RowKeys {
  var order: KeyHash = 0
  var serial: KeyHash = 0
  var own: KeyHash = 0
  var original: KeyHash = 0

  /// Whether a number is one of them, or stands inside one.
  func hold(
    _ found: FoundNumber, of text: UnsafeRawBufferPointer, _ encoding: TextEncoding
  ) -> Bool {
    if order | serial | own | original == 0 { return false }
    func isKey(_ place: Range<Int>) -> Bool {
      let key = keyHash(UnsafeRawBufferPointer(rebasing: text[place]), encoding)
      return key != 0 && (key == order || key == serial || key == own || key == original)
    }
    return isKey(found.place) || found.word != found.place && isKey(found.word)
  }
}
