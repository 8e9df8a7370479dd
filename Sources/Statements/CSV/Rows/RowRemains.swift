internal import Payments

// What is left of a row that cannot be used.

extension RowReader {
  /// Notes a row that cannot be used; one with a key stands in the table too.
  mutating func reject(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft) {
    var entry = row.entry
    let fen = row.hasAmount ? entry.fen : 0
    harvest.read.fen += Int128(fen)
    if entry.order != 0 || entry.serial != 0 || entry.own != 0 {
      entry.kind = .held
      entry.fen = fen
      entry.line = UInt32(truncatingIfNeeded: row.line)
      entry.offset = UInt64(base + row.offset)
      harvest.table.append(entry)
    } else {
      harvest.unkeyed.add(fen: fen)
    }
    let rejection = rejection(bytes, row, row.field, row.reason ?? Reasons.emptyAmount)
    harvest.unusedRows += 1
    if row.isUnknown {
      if harvest.unknownStatuses.count < Reading.keptRejections {
        harvest.unknownStatuses.append(rejection)
      }
    } else {
      harvest.rejectedRows += 1
      harvest.lastRejection = rejection
      if harvest.rejections.count < Reading.keptRejections {
        harvest.rejections.append(rejection)
      }
    }
  }

  /// Notes a row that can be used if something else tells its channel.
  mutating func noteStrange(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft) {
    harvest.strangeLines.append(row.line)
    guard harvest.strange.count < Reading.keptRejections else { return }
    let word = layout.encoding.decode(value(layout[.channelWord], bytes))
    harvest.strange.append(
      rejection(bytes, row, layout[.channelWord], Reasons.unknownChannel(word)))
  }

  func rejection(
    _ bytes: UnsafeRawBufferPointer, _ row: RowDraft, _ field: Int?, _ reason: Wording
  ) -> RowRejection {
    let record = record(of: row, bytes)
    return RowRejection(
      line: row.line, field: field, offset: base + row.offset, reason: reason,
      bytes: Array(record.prefix(500)), unused: unused(bytes, row))
  }

  /// As much of a row as can be read: the rest of it may be anything.
  func unused(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft) -> UnusedRow {
    guard row.hasFields else { return UnusedRow() }
    let entry = row.entry
    var remains = UnusedRow(account: entry.account, student: entry.student)
    if row.hasTime {
      remains.span = TimeSpan(second: entry.time, isDayOnly: entry.isDayOnly)
    } else if layout[.time] >= 0 {
      let clock = timeText(bytes)
      let text =
        clock.isEmpty
        ? layout.encoding.decode(dayText(bytes))
        : clock.withUnsafeBytes {
          layout.encoding.decode($0)
        }
      remains.span = TimeSpan(readableIn: text)
    }
    if row.hasAmount, !row.isAmountDoubtful, entry.fen > 0 { remains.fen = entry.fen }
    let keys = [layout[.order], layout[.serial]] + layout.otherOrders + layout.otherSerials
    remains.isKeyless =
      layout[.order] >= 0 && entry.order == 0 && entry.serial == 0
      && keys.allSatisfy { $0 < 0 || isAbsent(value($0, bytes)) }
    remains.order = wellFormed(entry.order, [layout[.order]] + layout.otherOrders, bytes)
    remains.serial = wellFormed(entry.serial, [layout[.serial]] + layout.otherSerials, bytes)
    return remains
  }

  /// A key when the column it stands in has the form of one, else 0; one found inside a text has it.
  private func wellFormed(
    _ key: KeyHash, _ fields: [Int], _ bytes: UnsafeRawBufferPointer
  ) -> KeyHash {
    guard key != 0 else { return 0 }
    for field in fields where field >= 0 {
      let text = value(field, bytes)
      if isAbsent(text) { continue }
      return withKey(text, layout.encoding, isWellFormedKey) ? key : 0
    }
    return key
  }
}
