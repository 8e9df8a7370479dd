/// What a column of a statement is read as.
enum Role: Int, CaseIterable, Sendable {
  case time
  /// The time of day, where it stands apart from the day.
  case timeOfDay
  case currency, order, serial, own, refundSerial, original, account, student, payer, merchant
  /// Whose business a service provider's row is.
  case subMerchant
  /// Running numbers without gaps.
  case sequence
  case channelWord, balance, fee
  /// The rate of the fee, `0.60%`.
  case rate
  /// A text that may say which fee is within the amount: `结算总金额 50.00元;含手续费0.30元`.
  case feeText
  /// Who paid or was paid, by name.
  case party
  /// The bank of the card that was paid with.
  case cardBank
  /// Texts that may hold an account or an order number, and coupons: any number of columns.
  case accountText, orderText, coupons

  /// The word profiles use for it.
  var name: String { String(describing: self) }
}
