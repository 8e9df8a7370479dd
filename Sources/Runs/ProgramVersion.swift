internal import History

/// The program, recorded with every run.
package enum ProgramVersion {
  /// Its version, as people write it.
  package static let number = "0.2.0"
  /// SHA-256 of the file that is run, in lower-case hexadecimal; nil where the system does not show it.
  package static let fingerprint = try? Archive.checksum(of: "/proc/self/exe")
}

/// The rules by which a night is judged.
package enum RuleBook {
  /// Their number, recorded with every run: it changes when the same files and configuration may be judged
  /// otherwise than before. 1: a statement covers its channel for its days. 2: books, to the second, with
  /// holes and doubt. 3: findings that touch two people say what each is owed; days that are cut elsewhere than
  /// at midnight, days without a bill, retired books; what people decide about nights; renamed text columns
  /// hold; a silence that chance cannot explain is doubted.
  /// 4: whom a row is for, by the kinds of numbers and what links them; refunds and reversals without keys;
  /// credits in parts; what joined rows is what is told. 5: channels' payouts and what the school pays out are no
  /// top-ups; maintenance holds up banks only; a credit with a key waits for payments past midnight; who left the school
  /// left with every card; foreign cards have a daily limit.
  /// 6: a bill tells the channel of a credit whose word for it is unknown, else the row is held; rows without the
  /// words of a top-up are one where another row has their key; money off a lost card arrives within two days.
  /// 7: who is named in a text is masked wherever it is quoted.
  /// 8: a file that tells of several accounts is a statement of each.
  /// 9: statements of channels' accounts are books of their own; the legs behind the bill are judged; gaps in numbers.
  package static let number = 9
}
