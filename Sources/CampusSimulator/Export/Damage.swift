internal import Payments

extension Spoiler {
  /// Damages a file's bytes; returns what was done, or nil when it cannot be.
  func damageBytes(_ bytes: inout [UInt8], _ kind: FaultKind) -> String? {
    switch kind {
    case .statementTruncated:
      bytes.removeSubrange((bytes.count * 3 / 5)...)
      return "cut off at byte \(bytes.count)"
    case .layoutChanged:
      let (old, new) = (Array("商户订单号".utf8), Array("商家单号".utf8))
      guard let found = bytes.firstRange(of: old) else { return nil }
      bytes.replaceSubrange(found, with: new)
      return "column 商户订单号 is now called 商家单号"
    case .encodingDamaged:
      let middle = bytes.count / 2
      guard let place = bytes[middle...].firstIndex(where: { $0 >= 0x81 }) else { return nil }
      // 0xFF begins no character, neither in GB18030 nor in UTF-8.
      bytes[place] = 0xFF
      return "byte 0xFF at offset \(place)"
    default:
      let answer = #"{"code":"BILL_CREATING","message":"账单生成中"}"#
      bytes = Array(answer.utf8)
      return "an error message was saved instead of the bill"
    }
  }

  /// Damages one row of the WeChat bill, whose payment was credited in the ordinary way.
  func damageRow(
    _ file: inout SimulatedFile, _ kind: FaultKind, _ spoiled: inout SpoiledFile
  ) -> Bool {
    var rows = simulation.diary.channelRows.filter { $0.channel == .wechat }
    let start = simulation.today.start.seconds
    let candidate = rows.indices.first { place in
      let row = rows[place]
      return row.kind == .payment && !simulation.isReserved(row.person)
        && (25_000...60_000).contains(row.time - start)
    }
    guard file.source == "wechat", let place = candidate else { return false }
    rows[place].damage = kind == .rowRejected ? .unreadableTime : .unknownStatus
    file.bytes = desk.file(.wechat, rows, on: simulation.today).bytes
    spoiled.fault.line = place + 2
    spoiled.fault.note =
      kind == .rowRejected
      ? "交易时间 is no time; the row's payment was credited" : "交易状态 is SETTLING; it was credited"
    let paid = rows[place]
    let credits = simulation.diary.ledgerRows.filter {
      ($0.order == paid.order && !$0.order.isNone) || $0.quoted == paid.serial
    }
    for credit in credits {
      var wait = simulation.wait(credit, on: simulation.today, note: "its payment's row is held")
      wait.absent = nil
      wait.serial = paid.serial
      wait.order = paid.order
      spoiled.waits.append(wait)
    }
    return true
  }
}
