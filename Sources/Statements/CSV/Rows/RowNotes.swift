internal import Payments

// What rows tell about the file as a whole: whose it is, which days it has, whether any is missing.

extension RowReader {
  mutating func checkMerchant(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard layout.merchant >= 0 else { return }
    let text = value(layout.merchant, bytes)
    guard let first = harvest.merchant else {
      harvest.merchant = Array(text)
      return
    }
    if harvest.otherMerchant == nil, !first.elementsEqual(text) {
      harvest.otherMerchant = (line, Array(text))
    }
  }

  mutating func checkSubMerchant(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard layout.subMerchant >= 0, layout.ownSubMerchants.isEmpty else { return }
    let text = value(layout.subMerchant, bytes)
    if isAbsent(text) { return }
    guard let first = harvest.subMerchant else {
      harvest.subMerchant = Array(text)
      return
    }
    if harvest.otherSubMerchant == nil, !first.elementsEqual(text) {
      harvest.otherSubMerchant = (line, Array(text))
    }
  }

  mutating func noteNumber(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard layout.sequence >= 0,
      case .value(let number) = parseAmount(
        value(layout.sequence, bytes), decimals: 0, encoding: layout.encoding)
    else { return }
    harvest.numbers.add(balance: number, movement: 1, line: line)
  }

  /// Counts a row to its day; neighbours share it.
  @inline(__always)
  mutating func countDay(_ seconds: Int64) {
    if lastDay >= 0, seconds >= dayStart, seconds < dayStart + 86_400 {
      harvest.days[lastDay].rows += 1
    } else {
      countAnotherDay(Timestamp(seconds: seconds).day)
    }
  }

  @inline(never)
  private mutating func countAnotherDay(_ day: BusinessDay) {
    dayStart = day.start.seconds
    lastDay = harvest.days.firstIndex { $0.day == day } ?? harvest.days.count
    if lastDay == harvest.days.count {
      harvest.days.append(RowHarvest.DayCount(day: day, rows: 0))
    }
    harvest.days[lastDay].rows += 1
  }
}
