import Foundation

/// Which files of a target name what others of it declare: by the words of the source text, which a
/// compiler is not needed for.
struct SourceGraph {
  /// For each file, the files that declare a type or a free function it names.
  private(set) var edges: [String: Set<String>] = [:]

  /// - Parameter sources: the files of one target.
  init(_ sources: [TidyTests.Source]) {
    var declaring: [Substring: Set<String>] = [:]
    for source in sources {
      for name in Self.declarations(source.code) {
        declaring[name, default: []].insert(source.path)
      }
    }
    for source in sources {
      var named = Set<String>()
      for line in source.code {
        for word in Self.names(line) { named.formUnion(declaring[word] ?? []) }
      }
      edges[source.path] = named.subtracting([source.path])
    }
  }

  /// The same between the folders the files lie in.
  var folders: SourceGraph {
    var graph = self
    graph.edges = [:]
    func folder(_ path: String) -> String { (path as NSString).deletingLastPathComponent }
    for (path, others) in edges {
      graph.edges[folder(path), default: []].formUnion(others.map(folder))
    }
    for name in graph.edges.keys { graph.edges[name]?.remove(name) }
    return graph
  }

  /// Groups of nodes each of which leads to every other, of more than one node.
  var cycles: [[String]] {
    var reachable: [String: Set<String>] = [:]
    for start in edges.keys {
      var (seen, open) = (Set<String>(), [start])
      while let next = open.popLast() {
        for other in edges[next] ?? [] where seen.insert(other).inserted { open.append(other) }
      }
      reachable[start] = seen
    }
    let groups = edges.keys.map { start in
      (reachable[start] ?? []).filter { reachable[$0]?.contains(start) == true }.sorted()
    }
    return Set(groups.filter { $0.count > 1 }).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// What is declared at the left margin and may be named from another file.
  private static func declarations(_ code: [String]) -> [Substring] {
    let kinds: Set<Substring> = [
      "struct", "class", "enum", "protocol", "typealias", "actor", "func", "let", "var",
    ]
    return code.compactMap { line in
      guard let first = line.first, first != " " else { return nil }
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      guard !words.contains("private"), !words.contains("fileprivate"),
        let place = words.firstIndex(where: { kinds.contains($0) }), place <= 4,
        place + 1 < words.count
      else { return nil }
      return words[place + 1]
    }
  }

  /// Words of a line that are no member of something named before them.
  private static func names(_ line: String) -> [Substring] {
    var found: [Substring] = []
    var start: String.Index?
    for index in line.indices {
      let isLetter = line[index].isLetter || line[index].isNumber || line[index] == "_"
      if isLetter, start == nil { start = index }
      if !isLetter, let begin = start {
        if !follows(".", begin, in: line) { found.append(line[begin..<index]) }
        start = nil
      }
    }
    if let begin = start, !follows(".", begin, in: line) { found.append(line[begin...]) }
    return found
  }

  private static func follows(_ mark: Character, _ index: String.Index, in line: String) -> Bool {
    index > line.startIndex && line[line.index(before: index)] == mark
  }
}
