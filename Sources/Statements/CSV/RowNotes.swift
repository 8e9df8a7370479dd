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

  mutating func countDay(_ seconds: Int64) {
    let day = Timestamp(seconds: seconds).day
    if lastDay >= 0, harvest.days[lastDay].day == day {
      harvest.days[lastDay].rows += 1
    } else if let index = harvest.days.firstIndex(where: { $0.day == day }) {
      harvest.days[index].rows += 1
      lastDay = index
    } else {
      harvest.days.append(RowHarvest.DayCount(day: day, rows: 1))
      lastDay = harvest.days.count - 1
    }
  }
}
