/// The program's version, recorded with every run.
package enum ProgramVersion {
  /// As people write it.
  package static let number = "0.2.0"
}
