internal import CLibFuzzer
internal import FuzzHarness
internal import Glibc

// fuzz-statements csv|xml|archive|sheet [libFuzzer's own arguments]
// fuzz-statements stream FILE        (writes the stream of an .xls, for seeds)

/// A text statement; packed files and markup have entry points of their own.
private func text(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if bytes.starts(with: [0x50, 0x4B]) || bytes.starts(with: [0x1F, 0x8B]) { return -1 }
  FuzzHarness.read(bytes, as: "statement_20261102.csv")
  return 0
}

/// An XML statement: camt or a bank's own answer.
private func markup(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard bytes.prefix(64).contains(0x3C) else { return -1 }
  FuzzHarness.read(bytes, as: "statement_20261102.xml")
  return 0
}

/// A zip, gzip or xlsx file; or, so that a checksum does not stop every mutation, the parts of a
/// workbook with zero bytes between them: sheet, strings, styles, book, relations.
private func archive(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if bytes.starts(with: [0x50, 0x4B]) || bytes.starts(with: [0x1F, 0x8B]) {
    FuzzHarness.read(bytes, as: "statement_20261102.zip")
    return 0
  }
  let names = [
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
  ]
  let parts = bytes.split(
    separator: 0, maxSplits: names.count - 1, omittingEmptySubsequences: false)
  FuzzHarness.render(Dictionary(zip(names, parts.map(Array.init)), uniquingKeysWith: { $1 }))
  return 0
}

/// What is called .xls: a container, a page, XML; or, so that the container does not stop every mutation, the
/// records inside one.
private func sheet(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if bytes.starts(with: [0x09, 0x08]) {
    FuzzHarness.render(stream: bytes)
    return 0
  }
  guard bytes.starts(with: [0xD0, 0xCF]) || bytes.prefix(64).contains(0x3C) else { return -1 }
  FuzzHarness.read(bytes, as: "statement_20261102.xls")
  return 0
}

/// Writes the stream of an .xls.
private func writeStream(of path: String) {
  guard let file = fopen(path, "rb") else { return }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 22)
  bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
  let stream = FuzzHarness.stream(of: bytes)
  _ = write(STDOUT_FILENO, stream, stream.count)
}

/// Runs libFuzzer over an entry point with the arguments after its name.
private func run(_ entry: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) -> CInt {
  var arguments = CommandLine.unsafeArgv
  let program = arguments[0]
  arguments += 1
  arguments[0] = program
  var count = CommandLine.argc - 1
  var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
  return LLVMFuzzerRunDriver(&count, &pointer, entry)
}

switch CommandLine.arguments.dropFirst().first {
case "csv": exit(run { text($0, $1) })
case "xml": exit(run { markup($0, $1) })
case "archive": exit(run { archive($0, $1) })
case "sheet": exit(run { sheet($0, $1) })
case "stream": if CommandLine.arguments.count == 3 { writeStream(of: CommandLine.arguments[2]) }
default:
  print("usage: fuzz-statements csv|xml|archive|sheet [libFuzzer's arguments]")
  exit(64)
}
