internal import CXlsxWriter
internal import Glibc
internal import Payments
internal import Synchronization

/// One workbook is closed at a time.
private let closing = Mutex<Void>(())

/// The workbook could not be made.
public struct WorkbookError: Error, Hashable, Sendable {
  /// What the system or the library says.
  public var problem: String
}

/// A workbook being written through libxlsxwriter, row by row: what is written leaves memory for a
/// nameless temporary file, so that a sheet may be long.
///
/// The finished file is made in memory and never lies on a disk under a name.
struct WorkbookFile: ~Copyable {
  private let handle: UnsafeMutablePointer<lxw_workbook>
  /// A file in memory, which the library opens by the name the system gives it.
  private let descriptor: Int32

  init() throws(WorkbookError) {
    let descriptor = memfd_create("report.xlsx", 1)  // MFD_CLOEXEC
    guard descriptor >= 0 else { throw WorkbookError(problem: String(cString: strerror(errno))) }
    var options = lxw_workbook_options()
    options.constant_memory = 1
    options.use_zip64 = 0
    guard let handle = workbook_new_opt("/proc/self/fd/\(descriptor)", &options) else {
      close(descriptor)
      throw WorkbookError(problem: "libxlsxwriter: out of memory")
    }
    (self.handle, self.descriptor) = (handle, descriptor)
  }

  deinit {
    lxw_workbook_free(handle)
    close(descriptor)
  }

  /// Title, author and the moment that stands for "now", so that equal reports are equal bytes.
  func describe(title: String, created: Timestamp) {
    title.withCString { title in
      "cardrecon".withCString { author in
        var properties = lxw_doc_properties()
        properties.title = UnsafeMutablePointer(mutating: title)
        properties.author = UnsafeMutablePointer(mutating: author)
        properties.created = time_t(created.seconds)
        workbook_set_properties(handle, &properties)
      }
    }
  }

  func addFormat() -> UnsafeMutablePointer<lxw_format>? { workbook_add_format(handle) }

  func addSheet(_ name: String) throws(WorkbookError) -> UnsafeMutablePointer<lxw_worksheet> {
    guard let sheet = workbook_add_worksheet(handle, name) else {
      throw WorkbookError(problem: "libxlsxwriter refuses the sheet \(name)")
    }
    return sheet
  }

  /// Packs the workbook and gives its bytes.
  consuming func finish() throws(WorkbookError) -> [UInt8] {
    let (handle, descriptor) = (self.handle, self.descriptor)
    // Closing frees the handle too, whatever becomes of the file.
    discard self
    defer { close(descriptor) }
    // The library takes the day it writes from gmtime(), which all threads share.
    let code = closing.withLock { _ in workbook_close(handle) }
    guard code == LXW_NO_ERROR else {
      throw WorkbookError(problem: String(cString: lxw_strerror(code)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else {
      throw WorkbookError(problem: "libxlsxwriter wrote nothing")
    }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
      while filled < buffer.count, let base = buffer.baseAddress {
        count = pread(descriptor, base + filled, buffer.count - filled, off_t(filled))
        guard count > 0 else { return }
        filled += count
      }
    }
    guard bytes.count == Int(status.st_size) else {
      throw WorkbookError(problem: String(cString: strerror(errno)))
    }
    return bytes
  }
}
