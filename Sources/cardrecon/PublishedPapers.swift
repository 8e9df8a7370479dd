import History
import Payments
import Reports
import Statements

/// The files of a day that are laid out as papers: the workbook, its CSV twins, the mail.
extension Nightly {
  func papers(
    _ report: DayReport, _ day: BusinessDay, options: ReportOptions
  ) -> [PaperWriter] {
    let context = PaperContext(
      school: configuration.school, outcomes: Decision.Outcome.allCases.map(\.label))
    var writers = [
      PaperWriter("report.xlsx", isLong: true) { try Self.workbook(report, options, context) }
    ]
    for file in PaperCSV.files {
      writers.append(
        PaperWriter(file.name) { PaperCSV.render(file.paper, of: report, options: options) })
    }
    // The day's own folder, wherever the reports are moved to.
    let mail = MailReport.render(report, folder: "\(day)", options: options)
    writers.append(PaperWriter("report-mail.txt") { Array(mail.utf8) })
    return writers
  }

  /// The workbook, read back before anybody sees it: the library writes through temporary files and
  /// does not notice every full disk.
  private static func workbook(
    _ report: DayReport, _ options: ReportOptions, _ context: PaperContext
  ) throws -> [UInt8] {
    let bytes: [UInt8]
    do throws(WorkbookError) {
      bytes = try WorkbookReport.render(report, options: options, context: context)
    } catch {
      throw PublishingError(path: "report.xlsx", problem: error.problem)
    }
    guard WorkedSheet.isWhole(bytes) else {
      throw PublishingError(path: "report.xlsx", problem: "temporary files are cut short")
    }
    return bytes
  }
}

/// A file of a day's reports, and how it is written.
struct PaperWriter {
  let name: String
  /// Whether it takes longer than the others, on one core.
  let isLong: Bool
  let write: () throws -> [UInt8]

  init(_ name: String, isLong: Bool = false, _ write: @escaping () throws -> [UInt8]) {
    self.name = name
    self.isLong = isLong
    self.write = write
  }
}

/// A file ready to be published.
struct PublishedFile {
  let name: String
  let bytes: [UInt8]
  let sha256: String

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    sha256 = History.sha256(bytes)
  }

  /// What `sha256sum -c` checks files by.
  ///
  /// - Parameter others: further lines.
  static func manifest(of files: [PublishedFile], others: String = "") -> PublishedFile {
    let lines = files.map { "\($0.sha256)  \($0.name)\n" }.joined() + others
    return PublishedFile("manifest.sha256", Array(lines.utf8))
  }
}
