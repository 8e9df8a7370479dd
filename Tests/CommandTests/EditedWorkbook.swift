import CLibZip
import Foundation

/// A published workbook, filled in as a clerk does and saved again.
struct EditedWorkbook {
  private struct Broken: Error {}
  private let bytes: [UInt8]
  private static let part = "xl/worksheets/sheet3.xml"

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Puts texts into cells of 差错明细表, by their references: `["O4": "已退款"]`.
  func filled(_ cells: [String: String]) throws -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    let source = zip_source_buffer_create(
      try Self.copied(bytes), UInt64(bytes.count), 1, &error)
    guard let source, let archive = zip_open_from_source(source, 0, &error) else { throw Broken() }
    zip_source_keep(source)
    defer { zip_source_free(source) }
    let place = zip_name_locate(archive, Self.part, 0)
    guard place >= 0, let file = zip_fopen_index(archive, UInt64(place), 0) else { throw Broken() }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var part: [UInt8] = []
    while true {
      let count = block.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, UInt64($0.count)) }
      guard count > 0 else { break }
      part += block[..<Int(count)]
    }
    zip_fclose(file)
    var xml = String(decoding: part, as: UTF8.self)
    for (reference, text) in cells {
      guard let start = xml.range(of: "<c r=\"\(reference)\""),
        let close = xml.range(of: ">", range: start.upperBound..<xml.endIndex)
      else { throw Broken() }
      // What stands there is typed over.
      let isEmpty = xml[xml.index(before: close.lowerBound)] == "/"
      let rest = isEmpty ? close.lowerBound..<close.upperBound : close.upperBound..<xml.endIndex
      guard let last = isEmpty ? close : xml.range(of: "</c>", range: rest) else { throw Broken() }
      let from = isEmpty ? xml.index(before: close.lowerBound) : close.lowerBound
      let end = from..<last.upperBound
      let value = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      xml.replaceSubrange(
        end, with: " t=\"inlineStr\"><is><t xml:space=\"preserve\">\(value)</t></is></c>")
    }
    let edited = Array(xml.utf8)
    let copy = try Self.copied(edited)
    guard let replacement = zip_source_buffer(archive, copy, UInt64(edited.count), 1),
      zip_file_replace(archive, UInt64(place), replacement, 0) == 0, zip_close(archive) == 0
    else { throw Broken() }
    return try Self.contents(source)
  }

  /// A copy libzip may free.
  private static func copied(_ bytes: [UInt8]) throws -> UnsafeMutableRawPointer {
    guard let copy = malloc(max(1, bytes.count)) else { throw Broken() }
    UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyBytes(from: bytes)
    return copy
  }

  private static func contents(_ source: OpaquePointer) throws -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw Broken()
    }
    defer { zip_source_close(source) }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    let read = bytes.withUnsafeMutableBytes {
      zip_source_read(source, $0.baseAddress, UInt64($0.count))
    }
    guard read == Int64(bytes.count) else { throw Broken() }
    return bytes
  }
}
