internal import Columns
import Payments

/// Hands over what is written of elements one after the other: pieces of them at once, and not many in
/// memory together.
///
/// - Parameter write: adds one element to the bytes of its piece.
func inPieces<Elements: RandomAccessCollection>(
  _ elements: Elements, to sink: ([UInt8]) -> Void,
  _ write: (Elements.Element, inout [UInt8]) -> Void
) {
  let (piece, batch) = (128, 32)
  var rest = elements[...]
  while !rest.isEmpty {
    let some = rest.prefix(piece * batch)
    rest = rest.dropFirst(piece * batch)
    let written = concurrently((some.count + piece - 1) / piece) { index in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(piece * 2_048)
      for element in some.dropFirst(index * piece).prefix(piece) { write(element, &bytes) }
      return bytes
    }
    for bytes in written { sink(bytes) }
  }
}
