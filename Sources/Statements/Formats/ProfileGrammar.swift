/// Which keys may stand where in a profile.
indirect enum ProfileGrammar: Sendable {
  case any
  /// A list or a mapping with free keys, all of one kind.
  case each(ProfileGrammar)
  case keys([String: ProfileGrammar])

  private static func keys(_ names: String, _ nested: [String: ProfileGrammar] = [:]) -> Self {
    var known = nested
    for name in names.split(separator: " ") { known[String(name)] = .any }
    return .keys(known)
  }

  private static let kind = keys("is amount orNonZero moves")
  private static let total = keys("name count sum of")
  private static let line = keys("prefix name after until count sum of")
  private static let form = keys("header without names")
  private static let cut = keys("after until")

  /// The keys of a whole profile.
  static let top = keys(
    """
    name side channel view separator separatorGuard quoting firstLine headerless commentPrefix signature \
    signatureGroups generic freeText required requiredAnyOf requiredMoney feesAreNegative \
    midnightIsDay sign cutoff timeLength dayFromName dayOnly yuanWords shortRows personal personalNumbers \
    unreconciledWords
    """,
    [
      "title": keys("zh en"), "columns": .each(.any), "amounts": .each(.any),
      "preamble": .keys(["merchant": cut, "from": cut, "to": cut, "exported": cut]),
      "fixed": keys("width starts digits terminator", ["fields": .each(.any)]),
      "xml": keys(
        "root record more count page pages",
        [
          "shared": .each(.any), "answer": keys("path good"),
          "message": keys("path good"),
        ]),
      "kinds": keys("column match", ["values": .each(kind), "others": kind]),
      "contents": .keys(["payments": form, "refunds": form]),
      "verifies": keys("layout line rows payments refunds fees"),
      "refundStatus": keys("column done failed"), "status": keys("column success unposted person"),
      "direction": keys(
        "moneyIn moneyOut amount", ["flag": keys("column moneyIn moneyOut")]),
      "topUpWords": keys("columns words"), "channelWords": .each(.any),
      "trailer": keys(
        "header endMark starts", ["totals": .each(total), "lines": .each(line)]),
    ])
}
