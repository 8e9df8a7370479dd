public import Payments

/// What the recommended actions need to know about the school.
public struct ActionSettings: Hashable, Sendable {
  /// The weekday on which duplicate debits are refunded: Monday is 1, Sunday is 7.
  public var refundDeskWeekday: Int
  /// The time of that day: 下午, `14:00–17:00`.
  public var refundDeskTime: Wording
  /// Where: 校园卡服务中心.
  public var refundDesk: Wording
  /// The number to call about money that did not arrive; nil when there is none.
  public var servicePhone: String?

  /// Creates settings; the defaults are Wednesday afternoon at the card centre, no phone.
  public init(
    refundDeskWeekday: Int = 3,
    refundDeskTime: Wording = Wording(zh: "下午", en: "afternoon"),
    refundDesk: Wording = Wording(zh: "校园卡服务中心", en: "the card centre"),
    servicePhone: String? = nil
  ) {
    self.refundDeskWeekday = refundDeskWeekday
    self.refundDeskTime = refundDeskTime
    self.refundDesk = refundDesk
    self.servicePhone = servicePhone
  }

  /// The first refund-desk day after `day`: a report of Tuesday names Wednesday, one of Wednesday
  /// (read on Thursday) the Wednesday after.
  public func refundDeskDay(after day: BusinessDay) -> BusinessDay {
    let weekday = ((refundDeskWeekday - 1) % 7 + 7) % 7 + 1
    let ahead = (weekday - day.weekday + 7) % 7
    return day.adding(Int32(ahead == 0 ? 7 : ahead))
  }
}

/// How a report is written, whatever its form.
public struct ReportOptions: Hashable, Sendable {
  /// The language of labels and sentences.
  public var language: Language
  /// Whether names and account numbers are written out instead of masked.
  public var unmask: Bool
  /// What the recommended actions need to know.
  public var actions: ActionSettings

  /// Creates options; by default Chinese and masked.
  public init(
    language: Language = .zh, unmask: Bool = false, actions: ActionSettings = ActionSettings()
  ) {
    self.language = language
    self.unmask = unmask
    self.actions = actions
  }
}

extension ReportOptions {
  /// An account number as it may be shown.
  func account(_ number: String?) -> String? {
    unmask ? number : number.map(Masking.number)
  }

  /// A sentence as it may be shown.
  func words(_ wording: Wording) -> String { wording(language, unmask: unmask) }

  /// A quoted row as it may be shown.
  func text(_ text: String, _ personal: [PersonalSpan]) -> String {
    unmask ? text : Masking.text(text, spans: personal)
  }
}

extension Channel? {
  /// Nil also for a row that names no channel.
  var known: Channel? { self == .unknown ? nil : self }
}
