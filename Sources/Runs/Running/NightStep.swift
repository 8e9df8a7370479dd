internal import Foundation

/// The steps of a night, in order. Between any two of them a machine may lose its power.
enum NightStep: String, CaseIterable {
  case decided, archived, judged, prepared, recorded, shown, forward

  /// Says that the run has come this far.
  ///
  /// A debug build kills itself here when `CARDRECON_DIE_AT` names the step, so that tests can stop
  /// a run between two given steps; a release build holds nothing of it.
  static func reached(_ step: NightStep) {
    #if DEBUG
      if ProcessInfo.processInfo.environment["CARDRECON_DIE_AT"] == step.rawValue {
        kill(getpid(), SIGKILL)
      }
    #endif
  }
}
