internal import Glibc
internal import Payments

// What rows tell about the file as a whole: whose it is, which days it has, whether any is missing.

extension RowReader {
  mutating func checkMerchant(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard layout[.merchant] >= 0 else { return }
    let text = value(layout[.merchant], bytes)
    guard let first = harvest.merchant else {
      harvest.merchant = Array(text)
      return
    }
    if harvest.otherMerchant == nil, !first.elementsEqual(text) {
      harvest.otherMerchant = (line, Array(text))
    }
  }

  mutating func checkSubMerchant(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard layout[.subMerchant] >= 0, layout.ownSubMerchants.isEmpty else { return }
    let text = value(layout[.subMerchant], bytes)
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
    guard layout[.sequence] >= 0 else { return }
    guard
      case .value(let number) = parseAmount(
        value(layout[.sequence], bytes), decimals: 0, encoding: layout.encoding)
    else {
      harvest.lostNumber = harvest.lostNumber ?? line
      return
    }
    harvest.numbers.add(balance: number, movement: 1, line: line)
  }

  /// Notes the ledger's own number of a row, whatever else of the row can be read.
  mutating func noteSerial(_ bytes: UnsafeRawBufferPointer, _ line: Int, isCut: Bool) {
    let number = isCut ? CardBalance.number(of: value(layout[.own], bytes)) : 0
    if number > 0 {
      harvest.serials.append((Int64(clamping: number), line))
    } else {
      harvest.lostSerials += 1
    }
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
      harvest.days.append(DayCount(day: day, rows: 0))
    }
    harvest.days[lastDay].rows += 1
  }
}

extension RowReader {
  /// Notes the first byte that is not valid in the file's encoding.
  mutating func checkEncoding(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    let end = min(bytes.count, max(start, consumed))
    let read = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    // A zero byte is valid in every encoding and stands in no text.
    let zero = read.baseAddress.flatMap { base in
      memchr(base, 0, read.count).map { UnsafeRawPointer($0) - base }
    }
    let found = [layout.encoding.firstInvalid(in: read), zero].compactMap { $0 }
    guard let bad = found.min() else { return }
    let line = read[..<bad].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    harvest.invalid = (line, read[bad])
  }
}
