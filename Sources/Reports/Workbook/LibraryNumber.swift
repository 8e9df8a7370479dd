/// A number of hundredths as the workbook library wants it: fen become yuan, 1250 becomes 12.5.
///
/// The one place of the product where a whole number becomes a binary fraction, because the
/// library's interface (and the file format behind it) knows nothing else. Nothing is computed with
/// the result. Below 15 digits the nearest fraction, written with 15 significant digits and more, is
/// read back as exactly the same hundredths by every program; callers keep to ``isExact(_:)``.
func libraryNumber(hundredths: Int64) -> Double {
  Double(hundredths) / 100
}

/// Whether a spreadsheet keeps every digit of so many hundredths: it has 15.
func isExact(hundredths: Int128) -> Bool {
  hundredths.magnitude < 1_000_000_000_000_000
}
