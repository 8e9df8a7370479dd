/// What a channel may take of a payment, by contract.
public struct FeeContract: Hashable, Sendable {
  /// How a fee becomes whole fen.
  public enum Rounding: String, Hashable, Sendable, CaseIterable {
    /// Half a fen and more is one.
    case halfUp = "half-up"
    /// Parts of a fen are dropped.
    case down
    /// Parts of a fen are one.
    case up
  }

  /// The part of the amount, in 1/100,000.
  public var rate: UInt32
  /// How it becomes whole fen.
  public var rounding = Rounding.halfUp
  /// Whether the fee of what is refunded is given back.
  public var returnsFees = true
  /// The first day it holds.
  public var from: BusinessDay?

  /// Makes a contract of a rate in 1/100,000.
  public init(rate: UInt32) { self.rate = rate }

  /// The fee of an amount in fen, in fen.
  ///
  /// - Parameter fen: never negative.
  public func fee(of fen: Int64) -> Int64 { FeeContract.fee(of: fen, rate: rate, rounding) }

  /// A part of an amount in fen, in whole fen.
  public static func fee(of fen: Int64, rate: UInt32, _ rounding: Rounding) -> Int64 {
    let (whole, rest) = (Int128(fen) * Int128(rate)).quotientAndRemainder(dividingBy: 100_000)
    let isMore =
      switch rounding {
      case .halfUp: rest >= 50_000
      case .down: false
      case .up: rest > 0
      }
    return Int64(clamping: whole + (isMore ? 1 : 0))
  }
}

extension [FeeContract] {
  /// The contract that holds on a day: the last that began.
  public func holding(on day: BusinessDay) -> FeeContract? {
    self.last { ($0.from ?? day) <= day }
  }
}

/// A fee in 1/100,000 yuan in whole fen, half a fen away from zero.
public func wholeFen(ofFee fee: Int64) -> Int64 {
  let fen = Int64(clamping: (Int128(fee.magnitude) + 500) / 1_000)
  return fee < 0 ? -fen : fen
}
