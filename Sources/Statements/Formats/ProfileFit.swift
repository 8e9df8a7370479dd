// Which header is a profile's, and how its files may be cut.

extension Profile {
  /// How many names a header must have to be this layout's: the more, the surer.
  var marks: Int { signature.count + (signatureGroups?.count ?? 0) }

  /// Whether a line of cells is this layout's header. A layout of common names must also find its
  /// columns there; another says what is missing.
  func fits(_ cells: [String]) -> Bool {
    guard signature.allSatisfy(cells.contains),
      (signatureGroups ?? []).allSatisfy({ $0.contains(where: cells.contains) })
    else { return false }
    return generic != true || missingColumns(in: cells).isEmpty
  }

  /// Every header name the profile gives a meaning to.
  var knownHeaders: Set<String> {
    var names = Set(signature)
    for list in columns.values { names.formUnion(list) }
    names.formUnion(amounts.keys)
    for list in [
      kinds?.column, status?.column, refundStatus?.column, direction?.flag?.column,
      direction?.amount, direction?.moneyIn, direction?.moneyOut,
    ] {
      names.formUnion(list ?? [])
    }
    names.formUnion(topUpWords?.columns ?? [])
    names.formUnion(personal ?? [])
    names.formUnion(personalNumbers ?? [])
    return names
  }

  /// Roles the header lacks although the profile requires them; empty when the layout fits.
  func missingColumns(in header: [String]) -> [String] {
    func has(_ names: [String]) -> Bool { names.contains(where: header.contains) }
    var missing: [String] = []
    for role in required {
      switch role {
      case "moneyIn": if !has(direction?.moneyIn ?? []) { missing.append(role) }
      case "moneyOut": if !has(direction?.moneyOut ?? []) { missing.append(role) }
      case "amount": if !has(direction?.amount ?? []) { missing.append(role) }
      default: if !has(columns[role] ?? []) { missing.append(role) }
      }
    }
    if requiredMoney == true {
      let isTold = has(direction?.moneyIn ?? []) || has(direction?.amount ?? [])
      if !isTold { missing.append(direction?.moneyIn == nil ? "amount" : "moneyIn") }
    }
    if let anyOf = requiredAnyOf,
      !anyOf.contains(where: { has(columns[$0] ?? []) })
    {
      missing.append(contentsOf: anyOf)
    }
    if let kinds {
      if !has(kinds.column) { missing.append(kinds.column[0]) }
      // A SUCCESS bill has no refund columns; a row of a kind without amount is rejected.
      let amounts = kinds.values.values.compactMap(\.amount)
      if !amounts.isEmpty, !amounts.contains(where: has) {
        missing.append(contentsOf: amounts.compactMap(\.first))
      }
    }
    if let status, !has(status.column) { missing.append(status.column[0]) }
    var names: [String] = []
    for role in missing {
      let name = headerName(ofRole: role)
      if !names.contains(name) { names.append(name) }
    }
    return names.sorted()
  }

  /// Each header with what it is read as.
  func roles(of header: [String]) -> [(header: String, role: String?)] {
    header.map { name in
      let role = columns.sorted { $0.key < $1.key }.first { $0.value.contains(name) }?.key
      if let role { return (name, role) }
      if kinds?.column.contains(name) == true { return (name, "kind") }
      if status?.column.contains(name) == true { return (name, "status") }
      if refundStatus?.column.contains(name) == true { return (name, "refundStatus") }
      if direction?.flag?.column.contains(name) == true { return (name, "direction") }
      return (name, amounts[name] == nil ? nil : "amount")
    }
  }

  /// The first header name of a role, for people.
  private func headerName(ofRole role: String) -> String {
    switch role {
    case "moneyIn": direction?.moneyIn?.first ?? role
    case "moneyOut": direction?.moneyOut?.first ?? role
    case "amount": direction?.amount?.first ?? role
    default: columns[role]?.first ?? role
    }
  }
}

extension Profile {
  /// The ways a file of this layout may be cut, the profile's own first.
  func dialects(isRendered: Bool) -> [Dialect] {
    if isRendered { return [.rendered, .named] }
    if let fixed {
      let ranges = fixed.sortedFields.map { ($0.bytes[0] - 1)..<$0.bytes[1] }
      return [Dialect(separator: 0, ranges: ranges, width: fixed.width)]
    }
    let own = Dialect(
      separator: separator?.utf8.first ?? 0x2C, separatorGuard: separatorGuard?.utf8.first ?? 0,
      quotes: quoting != Quoting.none)
    guard separatorGuard == nil else { return [own] }
    // The same columns saved by another program: tabs, bars or semicolons between them.
    return [own]
      + [0x2C, 0x09, 0x7C, 0x3B].filter { $0 != own.separator }
      .map { Dialect(separator: $0, quotes: true) }
  }
}

extension Profile.Fixed {
  /// The fields in the order of their bytes.
  var sortedFields: [(name: String, bytes: [Int])] {
    fields.map { (name: $0.key, bytes: $0.value) }.sorted { $0.bytes[0] < $1.bytes[0] }
  }

  /// Whether a line is a record: as wide as one, and beginning as one.
  func fits(_ line: some Collection<UInt8>) -> Bool {
    guard line.count == width else { return false }
    let bytes = Array(line)
    let areDigits = (digits ?? []).allSatisfy { range in
      bytes[(range[0] - 1)..<range[1]].allSatisfy { $0 &- 0x30 <= 9 }
    }
    return areDigits && starts?.contains { line.starts(with: $0.utf8) } ?? true
  }
}
