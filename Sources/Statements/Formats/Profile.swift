internal import Payments

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
  /// What kind of book it is; ``BookView/trade`` unless told.
  var view: BookView?
  /// The byte between two fields; any of comma, TAB, `|` and `;` when absent.
  var separator: String?
  /// When set, a separator counts only when this byte follows it.
  var separatorGuard: String?
  var quoting: Quoting?
  /// What the first line of a file starts with, where the layout has such a line.
  var firstLine: String?
  /// The columns by their order, where files of the layout have no header.
  var headerless: [String]?
  /// Lines starting with this are not data.
  var commentPrefix: String?
  /// Records of one width instead of separated fields.
  var fixed: Fixed?
  /// Where an XML answer keeps its records.
  var xml: XMLForm?
  /// Header names that together identify the layout.
  var signature: [String]
  /// Groups of header names; one of each must be there too.
  var signatureGroups: [[String]]?
  /// Whether the names are common ones, so that a header that nearly fits means nothing.
  var generic: Bool?
  var preamble: [String: Cut]?
  /// The column a stray separator belongs to.
  var freeText: String?
  /// Role → header names, the first that the file has.
  var columns: [String: [String]]
  /// Roles without which a file of this layout cannot be read.
  var required: [String]
  /// Roles of which one is enough.
  var requiredAnyOf: [String]?
  /// Whether the columns that tell the direction of money must be there, in one form or another.
  var requiredMoney: Bool?
  /// Whether the fee column is negative where we pay.
  var feesAreNegative: Bool?
  /// Whether midnight stands for a time that is not known.
  var midnightIsDay: Bool?
  var sign: Sign?
  /// Header → decimals its amounts may carry, or `fen`.
  var amounts: [String: AmountUnit]
  /// How many of the time column's first characters are the time.
  var timeLength: Int?
  /// Where a row does not tell its day: the eight digits in the file's name are it.
  var dayFromName: Bool?
  /// Where the source's day ends, as `23:00`; at midnight unless told.
  var cutoff: String?
  /// Whether a date alone is a time: the row may have happened at any moment of it.
  var dayOnly: Bool?
  /// Currency words that are the yuan; rows in another currency are excluded.
  var yuanWords: [String]?
  /// Whether rows may have fewer fields than the header.
  var shortRows: Bool?
  var kinds: Kinds?
  var refundStatus: RefundStatus?
  var status: Status?
  var direction: Direction?
  var topUpWords: TopUpWords?
  var channelWords: [String: [String]]?
  /// Words of a ledger's channel column for top-ups that no statement tells.
  var unreconciledWords: [String]?
  var trailer: Trailer?
  /// Forms of the layout that tell payments only, or refunds only.
  var contents: Contents?
  /// For a summary: the layout whose totals it states, and where.
  var verifies: Verifies?
  /// Headers whose values name a person.
  var personal: [String]?
  /// Headers whose values are a person's numbers.
  var personalNumbers: [String]?

  /// Records of a fixed number of bytes, one a line.
  struct Fixed: Decodable, Sendable {
    /// Bytes of a record without its line end.
    var width: Int
    /// The record's first bytes, where they are always the same.
    var starts: [String]?
    /// First and last bytes that are digits in every record.
    var digits: [[Int]]?
    /// A record that starts so ends the file.
    var terminator: String?
    /// Header → first and last byte, counted from 1.
    var fields: [String: [Int]]
  }

  /// A bank's answer in XML: records are elements, fields their leaves.
  struct XMLForm: Decodable, Sendable {
    /// Local name of the root element.
    var root: String
    /// Path of a record's element below the root, e.g. `eb/out/rd`.
    var record: String
    /// Where the message says which one it is, for banks that put several into one frame.
    var message: Answer?
    /// Fields every record shares: header → path below the root.
    var shared: [String: String]?
    /// Where the answer says whether it is one: path, and the words that mean yes.
    var answer: Answer?
    /// Path of a mark that, when not empty, says that more pages follow.
    var more: String?
    /// Path of the number of records.
    var count: String?
    /// Paths of this page's number and of the number of pages.
    var page: String?
    var pages: String?

    struct Answer: Decodable, Sendable {
      var path: String
      var good: [String]
    }
  }

  /// How an amount is written.
  struct AmountUnit: Decodable, Hashable, Sendable {
    /// Decimals of the yuan; 0 where the column is in fen.
    var decimals: Int
    /// Whether it is a whole number of fen.
    var isFen: Bool
    /// The power of ten of a yuan its values are in: `fen` and two decimals alike.
    var scale: Int { isFen ? 2 : decimals }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let decimals = try? container.decode(Int.self) {
        self.init(decimals: decimals, isFen: false)
        return
      }
      guard try container.decode(String.self) == "fen" else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "expected a number of decimals, or fen")
      }
      self.init(decimals: 0, isFen: true)
    }

    init(decimals: Int, isFen: Bool) {
      self.decimals = decimals
      self.isFen = isFen
    }
  }

  /// Where the source's day ends.
  var cut: DayCut { cutoff.flatMap { DayCut($0) } ?? .midnight }

  /// Whether its rows move no money.
  var isList: Bool { view == .accounts || view == .replacements }

  struct Title: Decodable, Sendable {
    var zh: String
    var en: String

    var wording: Wording { Wording(zh: zh, en: en) }
  }

  enum Quoting: String, Decodable, Sendable { case none, rfc4180 }

  /// Whether an amount must be positive or only its magnitude counts.
  enum Sign: String, Decodable, Sendable { case positive, absolute }

  /// The text between two marks of a line.
  struct Cut: Decodable, Sendable {
    var after: String
    var until: String
  }

  /// Where a summary states the totals of a detail statement: on the last line that starts with a
  /// word, as the line's words counted from 1.
  struct Verifies: Decodable, Sendable {
    var layout: String
    var line: String
    var rows: Int
    var payments: Int
    var refunds: Int
    var fees: Int?
  }

  /// How a column's word tells what happened.
  struct Kinds: Decodable, Sendable {
    var column: [String]
    var values: [String: Kind]
    /// How a word is compared: the whole of it unless told.
    var match: Match?
    /// What a word that is not listed means; held as unknown when absent.
    var others: Kind?

    enum Match: String, Decodable, Sendable { case exact, prefix, contains }
  }

  struct Kind: Decodable, Sendable {
    enum Meaning: String, Decodable, Sendable {
      case payment, refund, credit, manualCredit, reversal, reversalIfKeyed, transferIn
      case transferOut, unreconciledChannel, notTopUp, fee, feeReturned, withdrawal, failed
    }
    var `is`: Meaning
    /// Amount columns, the first that the file has (or the first that is not zero).
    var amount: [String]?
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
    /// Of a list of accounts: words that speak of the person, not of the card.
    var person: [String]?
  }

  /// Which way money went: two amount columns, or one with a sign or a word beside it.
  struct Direction: Decodable, Sendable {
    var moneyIn: [String]?
    var moneyOut: [String]?
    /// The one amount column; its sign tells the direction unless ``flag`` does.
    var amount: [String]?
    var flag: Flag?

    struct Flag: Decodable, Sendable {
      var column: [String]
      var moneyIn: [String]
      var moneyOut: [String]
    }
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
    /// Lines that start so follow the data.
    var starts: [String]?
    var lines: [Line]?

    enum Rows: String, Decodable, Sendable { case all, payment, refund, moneyIn, moneyOut }

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
