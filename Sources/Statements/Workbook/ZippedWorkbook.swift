extension ZipArchive: WorkbookParts {
  var names: [String] { members.map(\.name) }

  func part(_ name: String) throws(Refusal) -> StatementFile? {
    guard let member = members.first(where: { $0.name == name }) else { return nil }
    do throws(UnpackError) {
      return try read(member)
    } catch {
      throw error.refusal
    }
  }
}
