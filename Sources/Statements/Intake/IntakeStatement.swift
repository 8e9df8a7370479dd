public import Payments

/// One statement of a run, beside the others.
public struct IntakeStatement: Sendable {
  /// What it is, and what is wrong with it.
  public let statement: Statement
  /// Which part of its file it is, for files that hold several.
  public let member: String
  /// Whether it is another day's, here for context.
  public let isContext: Bool
  /// Rows that no entry stands for, because they were rejected or the statement is held.
  public let rejected: Tally
  /// Rows left out as a whole because the same file was given twice.
  public let repeated: Tally
  /// What its file was taken for; nil when the statement is missing.
  let recognition: Recognition?
  /// Reads its rows again.
  fileprivate let rows: (any RowSource)?

  /// A statement that was given.
  init(_ reading: Reading) {
    var statement = reading.statement
    let isRepeated = statement.faults.contains {
      $0.holds && ($0.kind == .statementDuplicate || $0.kind == .statementReissued)
    }
    if statement.isHeld {
      repeated = isRepeated ? statement.read : Tally()
      rejected = isRepeated ? Tally() : statement.read
      statement.accepted = 0
    } else {
      repeated = Tally()
      rejected = reading.unkeyed
    }
    self.statement = statement
    member = reading.member
    isContext = reading.isContext
    recognition = reading.recognition
    rows = reading.rows
  }

  /// A statement that nobody gave.
  init(missing side: Side, _ channel: Channel, _ day: BusinessDay) {
    var statement = Statement(file: "", sha256: "", format: "", side: side, channel: channel)
    statement.from = day
    statement.to = day
    statement.faults = [
      StatementFault(
        .statementMissing,
        detail: Wording(
          zh: "\(day) 的对账文件缺失，对方账目无法核对，暂不判定。请补齐后重跑。",
          en: "no statement for \(day): the other side cannot be judged. Supply it and run again."))
    ]
    self.statement = statement
    (member, isContext, rejected, repeated) = ("", false, Tally(), Tally())
    (recognition, rows) = (nil, nil)
  }

  /// Whether its rows are quoted by the fingerprints of their keys.
  var quotesByKeys: Bool { rows?.needsKeys == true && statement.accepted > 0 }
}

extension [IntakeStatement] {
  /// Reads a row of one of them again, as text.
  func evidence(
    _ number: Int, _ place: RowPlace, kind: EntryKind, line: Int
  ) throws(StatementError) -> RowEvidence {
    // Field by field: a statement as a whole is too much to copy for a row.
    let quoted = try self[number].rows?.quote(place) ?? QuotedRow()
    return RowEvidence(
      line: EvidenceLine(
        side: self[number].statement.side, file: self[number].statement.file, line: line,
        text: quoted.text, personal: quoted.personal),
      order: quoted.order, serial: quoted.serial, ledgerSerial: quoted.own,
      refundSerial: kind == .refund ? quoted.refundSerial : nil, account: quoted.account)
  }
}

/// One row read again for a report.
public struct RowEvidence: Hashable, Sendable {
  /// The row as text, with its place.
  public var line: EvidenceLine
  /// The school's order number.
  public var order: String?
  /// The channel's serial.
  public var serial: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The refund's serial.
  public var refundSerial: String?
  /// Card or student number.
  public var account: String?
}
