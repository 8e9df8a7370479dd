/// A promise of the program was broken: its own fault, never the user's.
package struct BrokenPromise: Error, CustomStringConvertible {
  /// Which one, in both languages.
  package var description: String
}
