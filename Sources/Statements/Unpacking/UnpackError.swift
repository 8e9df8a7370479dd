internal import Files
internal import Payments

/// Why a zip or gzip file could not be unpacked.
struct UnpackError: Error, Hashable, Sendable {
  /// What kind of failure it is.
  enum Kind: Hashable, Sendable {
    /// The file stops before its end.
    case truncated
    /// Its structure or its packed data is broken, or something follows its end.
    case damaged
    /// It unpacks, but not to the bytes that were packed.
    case checksum
    /// A member needs a password.
    case encrypted
    /// A member is packed by a method nobody here knows.
    case unsupported
    /// It unpacks to more than a statement can be.
    case tooLarge
    /// It unpacks to so much more than it is that it can only be an attack.
    case suspiciousRatio
    /// It holds too many members.
    case tooManyMembers
    /// A member's name leads out of the archive's own folder.
    case unsafeName
    /// The disk has no room for what it unpacks to.
    case noRoom
    /// The file cannot be read to its end.
    case unreadable
  }

  /// What kind of failure it is.
  var kind: Kind
  /// The member concerned; nil when it is the file as a whole.
  var member: String?
  /// What happened and what to do.
  var reason: Wording
}

extension UnpackError {
  /// What is said of the file.
  var refusal: Refusal { Refusal(kind == .truncated ? .statementTruncated : .unreadable, reason) }

  static func noRoom(_ problem: FileProblem) -> UnpackError {
    UnpackError(kind: .noRoom, member: nil, reason: Refusal(noRoom: problem).reason)
  }

  static func unreadable(_ error: StatementError) -> UnpackError {
    UnpackError(kind: .unreadable, member: nil, reason: error.wording)
  }

  private init(_ kind: Kind, _ member: String?, zh: String, en: String) {
    let suffix = member.map { ("：\($0)", " (\($0))") } ?? ("", "")
    self.init(kind: kind, member: member, reason: Wording(zh: zh + suffix.0, en: en + suffix.1))
  }

  static func truncated(_ member: String? = nil) -> UnpackError {
    UnpackError(
      .truncated, member, zh: "压缩文件不完整，请重新下载",
      en: "the packed file stops before its end: download it again")
  }

  static func damaged(_ member: String? = nil) -> UnpackError {
    UnpackError(
      .damaged, member, zh: "压缩文件已损坏，请重新下载",
      en: "the packed file is damaged: download it again")
  }

  static func trailing(_ count: Int) -> UnpackError {
    UnpackError(
      .damaged, nil, zh: "压缩数据结束后还有 \(count) 字节无关内容，请重新下载",
      en: "\(count) bytes that belong to nothing follow the packed data: download it again")
  }

  static func checksum(_ member: String? = nil) -> UnpackError {
    UnpackError(
      .checksum, member, zh: "解压结果与校验和不符，请重新下载",
      en: "what was unpacked does not agree with its checksum: download it again")
  }

  static func encrypted(_ member: String) -> UnpackError {
    UnpackError(
      .encrypted, member, zh: "压缩文件有密码，没有可用的密码：写入配置 passwords 所指的文件（一行一个，权限 600），或解压后再放入",
      en:
        "the packed file needs a password, and none that is known opens it: write it into the file that "
        + "`passwords` names (one a line, mode 600), or unpack it first")
  }

  static func unsupported(_ member: String) -> UnpackError {
    UnpackError(
      .unsupported, member, zh: "压缩方法无法识别，请解压后再放入",
      en: "the method it is packed by is not known: unpack it first and deliver its contents")
  }

  static func tooLarge(_ member: String?, limit: Int) -> UnpackError {
    UnpackError(
      .tooLarge, member, zh: "解压后超过 \(limit >> 20) MiB 的上限",
      en: "it unpacks to more than the limit of \(limit >> 20) MiB")
  }

  static func suspiciousRatio(_ member: String?, ratio: Int) -> UnpackError {
    UnpackError(
      .suspiciousRatio, member, zh: "压缩比超过 \(ratio):1，疑为压缩炸弹，不予解压",
      en: "it unpacks to more than \(ratio) times its size, as only an attack does")
  }

  static func tooManyMembers(_ count: Int, limit: Int) -> UnpackError {
    UnpackError(
      .tooManyMembers, nil, zh: "压缩文件内有 \(count) 个文件，超过上限 \(limit)",
      en: "the packed file holds \(count) members, more than the limit of \(limit)")
  }

  static func unsafeName(_ member: String) -> UnpackError {
    UnpackError(
      .unsafeName, member, zh: "压缩文件内的文件名指向外部目录，不予解压",
      en: "a member's name leads out of the archive's folder; the archive is refused")
  }
}
