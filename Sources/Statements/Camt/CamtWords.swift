internal import Payments

/// The standard's own words, as numbers: they are compared for every transaction.
enum CamtWords {
  /// Booked, pending, for information only, or booked at a later date.
  static func isKnown(_ status: CamtTransaction.Text) -> Bool {
    isBooked(status) || isWord(status, pending) || isWord(status, information)
      || isWord(status, future)
  }

  /// Whether an entry's status says that it is booked; one without says so too.
  static func isBooked(_ status: CamtTransaction.Text) -> Bool {
    status.isEmpty || isWord(status, booked)
  }

  static func isCredit(_ indicator: CamtTransaction.Text) -> Bool { isWord(indicator, credit) }

  static func isDebit(_ indicator: CamtTransaction.Text) -> Bool { isWord(indicator, debit) }

  static func isYuan(_ currency: CamtTransaction.Text) -> Bool {
    currency.count == 3 && currency[0] == 0x43 && currency[1] == 0x4E && currency[2] == 0x59
  }

  private static let credit = word("CRDT")
  private static let debit = word("DBIT")
  private static let booked = word("BOOK")
  private static let pending = word("PDNG")
  private static let information = word("INFO")
  private static let future = word("FUTR")

  private static func word(_ letters: StaticString) -> UInt32 {
    precondition(letters.utf8CodeUnitCount == 4, "words of the standard have four letters")
    return UnsafeRawPointer(letters.utf8Start).loadUnaligned(as: UInt32.self)
  }

  @inline(__always)
  private static func isWord(_ text: CamtTransaction.Text, _ word: UInt32) -> Bool {
    text.count == 4 && UnsafeRawBufferPointer(text).loadUnaligned(as: UInt32.self) == word
  }
}

/// The bank a BIC or a name stands for; ``Channel/bank`` when neither tells.
func channelOfBank(bic: String, name: String) -> Channel {
  let byBIC: [(String, Channel)] = [
    ("PCBC", .ccb), ("BKCH", .boc), ("ICBK", .icbc), ("ABOC", .abc), ("CMBC", .cmb),
    ("COMM", .bocom), ("PSBC", .psbc), ("CIBK", .citic), ("EVER", .ceb), ("MSBC", .cmbc),
    ("SPDB", .spdb), ("FJIB", .cib), ("SZDB", .pab), ("HXBK", .hxb), ("GDBK", .cgb),
  ]
  if let found = byBIC.first(where: { bic.hasPrefix($0.0) }) { return found.1 }
  let byName: [(String, Channel)] = [
    ("建设银行", .ccb), ("中国银行", .boc), ("工商银行", .icbc), ("农业银行", .abc), ("招商银行", .cmb),
    ("交通银行", .bocom), ("邮政储蓄", .psbc), ("中信银行", .citic), ("光大银行", .ceb),
    ("民生银行", .cmbc), ("浦发", .spdb), ("兴业银行", .cib), ("平安银行", .pab), ("华夏银行", .hxb),
    ("广发银行", .cgb), ("China Construction Bank", .ccb), ("Bank of China", .boc),
    ("Industrial and Commercial Bank", .icbc), ("Agricultural Bank", .abc),
    ("China Merchants Bank", .cmb), ("Bank of Communications", .bocom),
  ]
  return byName.first { name.contains($0.0) }?.1 ?? .bank
}
