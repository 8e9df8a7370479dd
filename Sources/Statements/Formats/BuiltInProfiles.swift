internal import Columns
internal import Payments

extension Profile {
  /// The profiles compiled into the program, as YAML.
  static var sources: [(name: String, bytes: [UInt8])] {
    [
      ("abc-personal", PackageResources.abc_personal_yaml),
      ("alipay-account", PackageResources.alipay_account_yaml),
      ("alipay-personal", PackageResources.alipay_personal_yaml),
      ("alipay-personal-web", PackageResources.alipay_personal_web_yaml),
      ("alipay-summary", PackageResources.alipay_summary_yaml),
      ("alipay-trade", PackageResources.alipay_trade_yaml),
      ("bank-generic", PackageResources.bank_generic_yaml),
      ("boc-corporate", PackageResources.boc_corporate_yaml),
      ("boc-personal", PackageResources.boc_personal_yaml),
      ("bocom-corporate", PackageResources.bocom_corporate_yaml),
      ("campus-transfer", PackageResources.campus_transfer_yaml),
      ("card-accounts", PackageResources.card_accounts_yaml),
      ("card-ledger", PackageResources.card_ledger_yaml),
      ("card-replacements", PackageResources.card_replacements_yaml),
      ("ccb-6wy101", PackageResources.ccb_6wy101_yaml),
      ("ccb-corporate", PackageResources.ccb_corporate_yaml),
      ("ccb-personal", PackageResources.ccb_personal_yaml),
      ("citic-credit", PackageResources.citic_credit_yaml),
      ("cmb-corporate", PackageResources.cmb_corporate_yaml),
      ("cmb-gettransinfo", PackageResources.cmb_gettransinfo_yaml),
      ("cmb-personal", PackageResources.cmb_personal_yaml),
      ("cmb-receipt", PackageResources.cmb_receipt_yaml),
      ("hxsec-flow", PackageResources.hxsec_flow_yaml),
      ("icbc-corporate", PackageResources.icbc_corporate_yaml),
      ("icbc-corporate-voucher", PackageResources.icbc_corporate_voucher_yaml),
      ("icbc-personal", PackageResources.icbc_personal_yaml),
      ("icbc-qhisd", PackageResources.icbc_qhisd_yaml),
      ("icbc-qpd", PackageResources.icbc_qpd_yaml),
      ("ledger-mixed", PackageResources.ledger_mixed_yaml),
      ("ledger-recharge-list", PackageResources.ledger_recharge_list_yaml),
      ("ledger-two-stage", PackageResources.ledger_two_stage_yaml),
      ("synjones-ledger", PackageResources.synjones_ledger_yaml),
      ("thu-ecard", PackageResources.thu_ecard_yaml),
      ("unionpay-portal", PackageResources.unionpay_portal_yaml),
      ("unionpay-summary", PackageResources.unionpay_summary_yaml),
      ("unionpay-zm", PackageResources.unionpay_zm_yaml),
      ("unionpay-zme", PackageResources.unionpay_zme_yaml),
      ("wechat-fundflow", PackageResources.wechat_fundflow_yaml),
      ("wechat-personal", PackageResources.wechat_personal_yaml),
      ("wechat-trade", PackageResources.wechat_trade_yaml),
    ]
  }

  /// The layouts a run knows: the school's own first, then the built-in ones.
  ///
  /// - Parameters:
  ///   - folder: where the school's own lie.
  ///   - only: the one file that is to be tried.
  static func known(folder: String?, only: String?) throws(StatementError) -> [Profile] {
    if let only { return [try ProfileFile(path: only).profile()] }
    var own: [Profile] = []
    if let folder {
      for file in try ProfileFile.all(in: folder) { own.append(try file.profile()) }
    }
    let names = Set(own.map(\.name))
    return own + (try builtIn().filter { !names.contains($0.name) })
  }

  /// The layouts compiled into the program, by name.
  static func builtIn() throws(StatementError) -> [Profile] { try compiled.get() }

  /// The built-in layouts, parsed once: on all cores, as every command that reads a file waits for it.
  private static let compiled: Result<[Profile], StatementError> = {
    let sources = Profile.sources
    let parsed = concurrently(sources.count) { index in
      let (name, bytes) = sources[index]
      return Result { () throws(StatementError) in
        try ProfileFile(name: name, text: String(decoding: bytes, as: UTF8.self)).profile()
      }
    }
    return Result { () throws(StatementError) in
      var profiles: [Profile] = []
      for result in parsed { profiles.append(try result.get()) }
      return profiles
    }
  }()
}
