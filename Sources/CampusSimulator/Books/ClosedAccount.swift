/// The state of an account that should get no more money.
struct ClosedAccount: Sendable {
  /// 挂失, 注销, …
  var word: String
  /// Since when, in seconds since 1970-01-01T00:00:00Z.
  var time: Int64
}
