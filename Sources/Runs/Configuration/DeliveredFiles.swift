internal import Glibc
package import Payments

extension Configuration {
  /// Every file of every configured pattern for a day, by path.
  package func files(on day: BusinessDay) -> [String] {
    var found: Set<String> = []
    for pattern in sources.flatMap(\.files) + ledger {
      let name = Configuration.name(pattern, on: day)
      found.formUnion(Configuration.matches(incoming + "/" + name))
    }
    return found.sorted()
  }

  private static func matches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }
}
