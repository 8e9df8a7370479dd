internal import History
package import Payments
internal import Reports

/// The files of a month's report.
package struct MonthPapers {
  /// `month.html`.
  package let page: [UInt8]
  /// `month.json`.
  package let json: [UInt8]

  /// Renders a month.
  package init(_ month: MonthReport, for run: NightRun) {
    json = MonthJSON.render(month, options: run.reportOptions)
    page = MonthPage.render(
      month, options: run.reportOptions, school: run.configuration.school)
  }

  /// Publishes the files in `folder` and the calendar that leads to them.
  package func publish(in folder: ReportFolder, of run: NightRun) throws {
    var manifest: PublishedFile?
    let stamp = try folder.prepare { path in
      let files = try [
        PaperWriter("month.html") { $0.append(page) },
        PaperWriter("month.json") { $0.append(json) },
      ].map { try $0.written(in: path) }
      manifest = try PublishedFile.manifest(of: files).written(in: path)
    }
    try folder.show(stamp)
    if let manifest {
      try run.store.record(
        PublishedPage(path: folder.name + "/" + manifest.name, sha256: manifest.sha256))
    }
    try run.calendar.publish()
  }
}
