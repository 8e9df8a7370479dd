import Payments
import Reports
import Runs

extension NightsResult {
  /// What a run did besides the day it was asked for, a line each.
  func news(_ language: Language) -> [String] {
    changes.map { $0.sentence(language) }
      + fromArchive.map { day, files in
        let names = files.joined(separator: language == .zh ? "、" : ", ")
        return language == .zh
          ? "\(day)：incoming 中已没有 \(names)，取自存档"
          : "\(day): \(names) no longer in the folder, taken from the archive"
      }
      + leftOut.map { day, files in
        let names = files.joined(separator: language == .zh ? "、" : ", ")
        return language == .zh
          ? "\(day)：\(names) 已被拒用，未采用" : "\(day): \(names) was refused and is left out"
      }
  }
}
