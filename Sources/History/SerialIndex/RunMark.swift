/// The first bits of a run's hash in the chain: what it was, and all that was before it. Numbers of runs are
/// given again when a history is restored from a backup or begun anew.
struct RunMark: Hashable {
  var bits: Int64

  init(bits: Int64) { self.bits = bits }

  /// - Parameter chain: the hash in hexadecimal.
  init(chain: String) { bits = Int64(bitPattern: UInt64(chain.prefix(16), radix: 16) ?? 0) }
}
