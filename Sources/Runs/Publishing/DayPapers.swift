internal import Columns
internal import History
internal import Payments
internal import Reports
internal import Statements

/// The files of a day's reports: for people, for spreadsheets, for programs, and the list of their hashes.
package struct DayPapers {
  let report: DayReport
  let day: BusinessDay
  let school: String
  let options: ReportOptions
  /// The manifest's line that ties the day to the one before; empty for the first.
  var dayBefore = ""

  /// Writes the files, the manifest last: `sha256sum -c` checks them, and the day before with them.
  ///
  /// - Parameter folder: where; nil to learn their checksums only.
  package func written(in folder: String? = nil) throws -> [PublishedFile] {
    let writers = texts + sheets
    // None needs another: they are written side by side, first what takes longest and cannot be cut.
    let turns =
      writers.indices.filter { writers[$0].isLong } + writers.indices.filter { !writers[$0].isLong }
    let written = concurrently(turns.count) { turn in
      Result { try writers[turns[turn]].written(in: folder) }
    }
    var inOrder = [PublishedFile?](repeating: nil, count: writers.count)
    for (index, file) in zip(turns, written) { inOrder[index] = try file.get() }
    let files = inOrder.compactMap { $0 }
    return files
      + [try PublishedFile.manifest(of: files, others: dayBefore).written(in: folder)]
  }

  /// What is read on a screen or by a program.
  private var texts: [PaperWriter] {
    let layout = TerminalLayout(width: 100, limit: 200, fullListing: "report.json")
    return [
      PaperWriter("report.json") { sink in
        JSONReport.render(report, options: options) { sink.append($0) }
      },
      PaperWriter("report.html") { sink in
        DayPage.render(report, options: options, school: school) { sink.append($0) }
      },
      PaperWriter("anomalies.csv") { sink in
        AnomaliesCSV.render(report, options: options) { sink.append($0) }
      },
      PaperWriter("report.txt") { sink in
        let text = TerminalReport.render(report, options: options, layout: layout)
        sink.append(Array(text.utf8))
      },
    ]
  }

  /// What is laid out as papers: the workbook, its CSV twins, the mail.
  private var sheets: [PaperWriter] {
    let context = PaperContext(
      school: school, outcomes: Decision.Outcome.allCases.map(\.label))
    var writers = [
      PaperWriter("report.xlsx", isLong: true) { sink in
        sink.append(try Self.workbook(report, options, context))
      }
    ]
    for file in PaperCSV.files {
      writers.append(
        PaperWriter(file.name) { sink in
          sink.append(PaperCSV.render(file.paper, of: report, options: options))
        })
    }
    // The day's own folder, wherever the reports are moved to.
    let mail = MailReport.render(report, folder: "\(day)", options: options)
    writers.append(PaperWriter("report-mail.txt") { $0.append(Array(mail.utf8)) })
    return writers
  }

  /// The workbook, read back before anybody sees it: the library writes through temporary files and
  /// does not notice every full disk.
  private static func workbook(
    _ report: DayReport, _ options: ReportOptions, _ context: PaperContext
  ) throws -> [UInt8] {
    let workbook: WorkbookReport.Rendered
    do throws(WorkbookError) {
      workbook = try WorkbookReport.rendered(report, options: options, context: context)
    } catch {
      throw PublishingError(path: "report.xlsx", problem: error.problem)
    }
    guard WorkedSheet.isWhole(workbook.bytes, rows: workbook.rows) else {
      throw PublishingError(path: "report.xlsx", problem: "temporary files are cut short")
    }
    return workbook.bytes
  }
}
