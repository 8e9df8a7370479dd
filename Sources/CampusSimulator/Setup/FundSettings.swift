public import Payments

/// How the channels settle with a school.
public struct FundSettings: Hashable, Sendable {
  /// Working days until a withdrawal arrives.
  public var days = 1
  /// Days off that would be worked.
  public var holidays: Set<BusinessDay> = []
  /// Days worked that would be off.
  public var workdays: Set<BusinessDay> = []
  /// Withdrawals a day of each account.
  public var withdrawals = 1
  /// How many days before its own an account's statement speaks for, where it states that.
  public var statedBefore: Int32 = 0
  /// Whether whoever judges knows that Alipay takes 0.60 %, half up, and keeps it: no bill of Alipay's says so.
  public var hasContracts = false
  /// How many in a thousand ordinary payments may be chosen to go wrong, until enough have.
  public var odds = 300
  /// How many in a thousand days of an account have a wrong payout.
  public var wrongPayouts = 60

  /// Settles on the next working day.
  public init() {}

  var calendar: SettlementCalendar {
    var calendar = SettlementCalendar()
    (calendar.days, calendar.holidays, calendar.workdays) = (days, holidays, workdays)
    return calendar
  }
}
