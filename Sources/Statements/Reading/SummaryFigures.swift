internal import Payments

/// What a summary states of the detail statement delivered beside it.
struct SummaryFigures: Sendable {
  /// The layout it sums up.
  let layout: String
  /// The summary's own name for itself.
  let title: Wording
  /// Whose statement it is, where it says so.
  let merchant: String?
  let rows: Int64
  let paymentFen: Int64
  let refundFen: Int64
  let feeFen: Int64?
  /// Whether the figures could be read.
  var isReadable = true
}
