/// Names of files on the command line, of which there may be thousands.
///
/// The library that reads arguments copies all values of an argument with each further one: ten thousand would
/// take it longer than the files themselves. So it is given a long row of them as one value.
enum FileNames {
  /// What no argument can contain.
  private static let mark: Character = "\0"
  /// Shorter rows are left as they are.
  private static let fewest = 64

  /// Arguments with long rows of names put together; the first of a row may be an option's value and stays alone.
  static func joined(_ arguments: [String]) -> [String] {
    var (joined, row) = ([String](), [String]())
    func close() {
      guard row.count > fewest else { return joined += row }
      joined += [row[0], row.dropFirst().joined(separator: String(mark))]
    }
    for argument in arguments {
      if !argument.hasPrefix("-") {
        row.append(argument)
        continue
      }
      close()
      joined.append(argument)
      row = []
    }
    close()
    return joined
  }

  /// The names in the values that were read.
  static func split(_ values: [String]) -> [String] {
    values.flatMap { value in
      value.split(separator: mark, omittingEmptySubsequences: false).map(String.init)
    }
  }
}
