extension [UInt8] {
  /// The array's bytes, with the error type kept.
  func withRaw<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = withUnsafeBytes { raw -> Swift.Result<Result, Failure> in
      do throws(Failure) {
        return .success(try body(raw))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
