internal import Yams

/// A statement layout as data: what a bank's or channel's file looks like and what its columns mean.
///
/// Profiles are YAML; the built-in ones are compiled into the program. One engine reads them all, so
/// a new bank is a new profile, not new code.
struct Profile: Decodable, Sendable {
  /// The layout's machine name.
  var name: String
  var title: Title
  var side: String
  var channel: String
  /// The byte between two fields.
  var separator: String
  /// When set, a separator counts only when this byte follows it.
  var separatorGuard: String?
  var quoting: Quoting?
  /// What the first line of a file starts with, where the layout has such a line.
  var firstLine: String?
  /// Lines starting with this are not data.
  var commentPrefix: String?
  /// Header names that together identify the layout.
  var signature: [String]
  var preamble: [String: Cut]?
  /// The column a stray separator belongs to.
  var freeText: String?
  /// Role → header names, the first that the file has.
  var columns: [String: [String]]
  /// Roles without which a file of this layout cannot be read.
  var required: [String]
  /// Roles of which one is enough.
  var requiredAnyOf: [String]?
  var sign: Sign?
  /// Header → decimals its amounts may carry.
  var amounts: [String: Int]
  var kinds: Kinds?
  var refundStatus: RefundStatus?
  var status: Status?
  var direction: Direction?
  var topUpWords: TopUpWords?
  var channelWords: [String: [String]]?
  var trailer: Trailer?
  /// Headers whose values name a person.
  var personal: [String]?
  /// Headers whose values are a person's numbers.
  var personalNumbers: [String]?

  struct Title: Decodable, Sendable {
    var zh: String
    var en: String
  }

  enum Quoting: String, Decodable, Sendable { case none, rfc4180 }

  /// Whether an amount must be positive or only its magnitude counts.
  enum Sign: String, Decodable, Sendable { case positive, absolute }

  /// The text between two marks of a line.
  struct Cut: Decodable, Sendable {
    var after: String
    var until: String
  }

  /// How a column's word tells what happened.
  struct Kinds: Decodable, Sendable {
    var column: [String]
    var values: [String: Kind]
  }

  struct Kind: Decodable, Sendable {
    enum Meaning: String, Decodable, Sendable {
      case payment, refund, credit, manualCredit, reversal, reversalIfKeyed, transferIn
      case transferOut, unreconciledChannel, notTopUp
    }
    var `is`: Meaning
    /// Amount columns, the first that the file has (or the first that is not zero).
    var amount: [String]
    var orNonZero: Bool?
    /// How the row moves its card's balance; absent when the profile does not know.
    var moves: Move?

    enum Move: String, Decodable, Sendable { case up, down }
  }

  struct RefundStatus: Decodable, Sendable {
    var column: [String]
    var done: [String]
    var failed: [String]
  }

  struct Status: Decodable, Sendable {
    var column: [String]
    var success: [String]
    var unposted: [String]
  }

  /// Two amount columns, one per direction.
  struct Direction: Decodable, Sendable {
    var moneyIn: [String]
    var moneyOut: [String]
  }

  struct TopUpWords: Decodable, Sendable {
    var columns: [String]
    var words: [String]
  }

  struct Trailer: Decodable, Sendable {
    /// What the trailer's own header line starts with.
    var header: String?
    var totals: [Total]?
    /// A line holding this must follow the data.
    var endMark: String?
    var lines: [Line]?

    enum Rows: String, Decodable, Sendable { case all, payment, refund }

    struct Total: Decodable, Sendable {
      var name: String
      var count: Rows?
      var sum: String?
      var of: Rows?
    }

    struct Line: Decodable, Sendable {
      var prefix: String
      var name: String
      var after: String
      var until: String
      var count: Rows?
      var sum: String?
      var of: Rows?
    }
  }
}

extension Profile {
  /// The profiles compiled into the program, as YAML.
  static var sources: [(name: String, bytes: [UInt8])] {
    [
      ("alipay-trade", PackageResources.alipay_trade_yaml),
      ("card-ledger", PackageResources.card_ledger_yaml),
      ("ccb-corporate", PackageResources.ccb_corporate_yaml),
      ("wechat-trade", PackageResources.wechat_trade_yaml),
    ]
  }

  /// The layouts compiled into the program, by name.
  static func builtIn() throws(StatementError) -> [Profile] {
    var profiles: [Profile] = []
    for (name, bytes) in sources {
      do {
        let text = String(decoding: bytes, as: UTF8.self)
        profiles.append(try YAMLDecoder().decode(Profile.self, from: text).normalised())
      } catch {
        throw StatementError.profile(name: name, problem: String(describing: error))
      }
    }
    return profiles
  }
}
