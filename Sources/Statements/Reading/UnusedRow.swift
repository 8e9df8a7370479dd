internal import Payments

/// A row that cannot be used, with as much of it as can be read: what becomes a hole once it is known what
/// stands around it.
struct UnusedRow: Sendable {
  /// When it happened; nil where that cannot be read.
  var span: TimeSpan?
  /// Its amount in fen; nil where that cannot be read.
  var fen: Int64?
  /// What its amount is at most, where it stands for several; nil where that is not known.
  var upTo: Int64?
  /// Whether it has neither order nor serial, for certain.
  var isKeyless = false
  /// Keys that are well-formed, else 0.
  var order: KeyHash = 0
  var serial: KeyHash = 0
  var account: KeyHash = 0
  var student: KeyHash = 0
  /// Where it stands: byte offset, and line as the table counts them.
  var offset: UInt64 = 0
  var line: UInt32 = 0
}
