package import Payments

extension [ReportedAnomaly] {
  /// Anomalies as every report lists them — losses first, then by kind, time and id — with ids that tell
  /// equal ones apart.
  package func inReportOrder() -> [ReportedAnomaly] {
    let anomalies = self
    let rank = Dictionary(
      uniqueKeysWithValues: AnomalyKind.allCases.enumerated().map { ($0.element, $0.offset) })
    // What is sorted is small: an anomaly has thirty fields to copy.
    let places = anomalies.indices.map { place in
      let severity = Severity.allCases.firstIndex(of: anomalies[place].severity) ?? 0
      return (
        class: severity << 16 | (rank[anomalies[place].kind] ?? 0),
        time: anomalies[place].time?.seconds ?? 0, place: place
      )
    }.sorted { left, right in
      if left.class != right.class { return left.class < right.class }
      if left.time != right.time { return left.time < right.time }
      let (mine, other) = (anomalies[left.place].id, anomalies[right.place].id)
      return (mine, left.place) < (other, right.place)
    }
    var reported = places.map { anomalies[$0.place] }
    var counts: [String: Int] = [:]
    for index in reported.indices {
      let count = counts[reported[index].id, default: 0] + 1
      counts[reported[index].id] = count
      if count > 1 { reported[index].id += "-\(count)" }
    }
    return reported
  }
}
