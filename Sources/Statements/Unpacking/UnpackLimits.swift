/// What may come out of a packed file at most.
struct UnpackLimits: Hashable, Sendable {
  /// Bytes of all members together.
  var totalBytes = 8 << 30
  /// Bytes of one member.
  var memberBytes = 4 << 30
  /// Unpacked bytes for one packed byte.
  var ratio = 200
  /// Unpacked bytes up to which the ratio does not matter.
  var ratioFreeBytes = 10 << 20
  /// Members of a zip, folders included.
  var members = 1000

  /// Refuses what passes the limits. `packed` is what the `unpacked` bytes came from.
  func check(_ member: String?, unpacked: Int, packed: Int) throws(UnpackError) {
    guard unpacked <= memberBytes else { throw .tooLarge(member, limit: memberBytes) }
    guard unpacked <= ratioFreeBytes || unpacked / ratio <= packed else {
      throw .suspiciousRatio(member, ratio: ratio)
    }
  }

  /// Refuses what passes the limits, or finds no room.
  func check(_ keeper: BytesKeeper, packed: Int) throws(UnpackError) {
    guard keeper.count <= totalBytes else { throw .tooLarge(nil, limit: totalBytes) }
    try check(nil, unpacked: keeper.count, packed: packed)
    if let problem = keeper.problem { throw .noRoom(problem) }
  }

  /// What was kept, as the contents of a file.
  func finish(_ keeper: BytesKeeper, path: String) throws(UnpackError) -> StatementFile {
    do throws(Refusal) {
      return try keeper.file(path: path)
    } catch {
      throw UnpackError(kind: .noRoom, member: nil, reason: error.reason)
    }
  }
}
