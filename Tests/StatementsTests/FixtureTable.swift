/// What every collected file holds: counted over its raw bytes by a script of its own, which knows
/// the layouts but none of this program's code, before it was written down here.
///
/// A line: file, format, entries accepted, rows read, Σ fen of all rows, fault kinds. A message with
/// several statements has a line for each.
enum FixtureTable {
  /// The lines of every file, by its path.
  static var expected: [String: [String]] {
    var (folder, lines) = ("", [String: [String]]())
    for line in text.split(separator: "\n") {
      guard line.hasPrefix("  ") else {
        folder = String(line)
        continue
      }
      let words = line.split(separator: " ", maxSplits: 1)
      lines[folder + words[0], default: []].append(String(words[1]))
    }
    return lines
  }

  private static let text = """
    alipay_merchant/
      CONSTRUCTED_20880211096256330156_20190916.csv.zip alipay-trade 10 10 10
      tr_alipay_account_detail_20121229_truncated.gbk.csv alipay-account 0 3 377800 control-total-mismatch
      tr_alipay_account_empty_comma-padded-trailer.gbk.csv alipay-account 0 0 0 layout-changed
      tr_alipay_trade_detail_20190916.gbk.csv alipay-trade 10 10 10
    alipay_personal/
      deg_example-alipay-records.gbk.csv alipay-personal 0 10 22268751 wrong-day
      ezbk_literal_01.gbk.csv alipay-personal-web 0 4 12365 wrong-day
      ezbk_literal_02.gbk.csv alipay-personal-web 1 1 12
      tr_alipay_personal_web_old_2019.gbk.csv alipay-personal-web 2 2 49633
    bank_csv/
      deg_abc_debit.csv abc-personal 0 5 2235590 running-balance-break
      deg_boc_credit.csv — 0 0 0 unreadable
      deg_boc_debit.csv boc-personal 17 17 1921530
      deg_bocom_credit.csv — 0 0 0 unreadable
      deg_cgb_credit.csv — 0 0 0 unreadable
      deg_cmb_credit.csv — 0 0 0 unreadable
      deg_cmb_debit.csv cmb-personal 0 5 324714 running-balance-break
      deg_hsbchk_debit.csv — 0 0 0 unreadable
      deg_icbc_credit.csv icbc-personal 0 9 498414 running-balance-break
      deg_icbc_debit-v1.csv icbc-personal 0 11 708282 row-rejected
      tr_boc_corp_pipe_201711_masked.gbk.txt boc-corporate 29 29 179470308
    bank_xls/
      deg_ccb_debit.xls ccb-personal 0 6 70326 running-balance-break
      deg_citic_credit.xls citic-credit 13 13 110021
      deg_hxsec_tsv-as-xls.xls hxsec-flow 0 13 57402250 running-balance-break
      deg_spdb_debit.xls bank-generic 4 4 2164
    bank_xml/
      tr_ccb_6WY101_20151019_masked.gb18030.xml ccb-6wy101 8 8 8000
      tr_cmb_GetTransInfo_20161221.gbk.xml cmb-gettransinfo 0 3 907 running-balance-break
      tr_icbc_QPD_20171018_masked.gbk.xml icbc-qpd 0 10 390993 statement-truncated
    campus_card/
      CONSTRUCTED_XYK00002.20261101 campus-transfer 3 3 20000 unknown-status
      tr_synjones_berserker_csv_header_tiangong.csv synjones-ledger 0 0 0
      tr_synjones_berserker_turnover_xjtu-test.json — 0 0 0 unreadable
      tr_thu_ecard_csv_header.csv thu-ecard 0 0 0
      tr_thu_ecard_old_csv_header.csv — 0 0 0 unreadable
    camt052/
      ezbk_literal_01_CNY.xml camt.052 2 2 12357
      ezbk_literal_01_CNY.xml camt.052 1 1 0
      genkgo_camt052.v1.xml camt.052 1 1 0
      genkgo_camt052.v2.other-account.xml camt.052 1 1 0
      genkgo_camt052.v2.with-account-name.xml camt.052 1 1 0
      genkgo_camt052.v2.xml camt.052 1 1 0
      genkgo_camt052.v4.xml camt.052 1 1 0
      genkgo_camt052.v6.Amt-zero.xml camt.052 1 1 0
      genkgo_camt052.v6.xml camt.052 1 1 0
      genkgo_camt052.v8.xml camt.052 1 1 0
    camt053/
      bsp_camt.053.001.02.xml camt.053 3 3 0
      bsp_golden_duplicate_same_day.xml camt.053 2 2 0
      bsp_golden_garbled_amount.xml camt.053 1 1 0
      bsp_golden_multicurrency.xml camt.053 2 2 0
      bsp_golden_multicurrency.xml camt.053 1 1 0
      bsp_golden_no_namespace.xml camt.053 1 1 0
      ezbk_literal_01_CNY.xml camt.053 2 2 12357
      ezbk_literal_01_CNY.xml camt.053 1 1 0
      ezbk_literal_02_CNY.xml camt.053 3 3 37035
      genkgo_camt053.v2.all-balance-types.xml camt.053 0 1 0 control-total-mismatch
      genkgo_camt053.v2.five.decimals.xml camt.053 0 1 0 control-total-mismatch
      genkgo_camt053.v2.minimal.ultimate.xml camt.053 0 1 0 wrong-day
      genkgo_camt053.v2.minimal.xml camt.053 0 1 0 wrong-day
      genkgo_camt053.v2.with-account-name.xml camt.053 1 1 0
      genkgo_camt053.v2.with-party-ids.xml camt.053 0 1 0 wrong-day
      genkgo_camt053.v2.wrong.xml — 0 0 0 unreadable
      genkgo_camt053.v3.xml camt.053 0 1 0 wrong-day
      genkgo_camt053.v4.xml camt.053 0 1 0 wrong-day
      genkgo_camt53.only-Dt-with-DtTm.xml camt.053 0 0 0
      prowide_camt.053.001.07.xml camt.053 0 0 0
    camt054/
      genkgo_camt054.v2.with-account-name.xml camt.054 1 1 0
      genkgo_camt054.v2.xml camt.054 3 3 0
      genkgo_camt054.v4.xml camt.054 3 3 0
      genkgo_camt054.v8-with-UETR.xml camt.054 1 1 0
      genkgo_camt054.v8-with-financial-institution.xml camt.054 1 1 0
    unionpay/
      802310048993424_20150905.zip unionpay-zm 8 8 1322700
      INN15090588ZM_802310048993424 unionpay-zm 8 8 1322700
      RD201015090501_802310048993424 unionpay-summary 0 0 0 unreadable
    wechat_merchant/
      CONSTRUCTED_axios-plugin_bill.ALL.csv.gz wechat-trade 45 45 61
      axios-plugin_bill.ALL.csv wechat-trade 45 45 61
      tr_error_NoBillExist.json wechat-no-bill 0 0 0 unreadable
      tr_gosdk_ALL_20210128.csv wechat-trade 3 3 3
      tr_gosdk_fundflow_20210201_trailer-mismatch.csv wechat-fundflow 0 2 2 control-total-mismatch
      tr_legacy_ALL_20200104.csv wechat-trade 2 2 13
      tr_legacy_SP_ALL_20180821.csv wechat-trade 3 3 3
      tr_officialdoc_SP_ALL_2022_truncated.csv wechat-trade 0 1 1 control-total-mismatch
      tr_officialdoc_fundflow_2018.csv wechat-fundflow 0 1 2 control-total-mismatch
      tr_readme_ALL_norows_nonzero-trailer.csv wechat-trade 0 0 0 control-total-mismatch
      tr_university_SUCCESS_20191103.csv wechat-trade 19 19 19
      tr_wxjava_ALL_2019.csv wechat-trade 0 1 600 control-total-mismatch
      tr_wxjava_ALL_legacy2014_fullwidth-colon.csv wechat-trade 2 2 2
      tr_wxjava_REFUND_2019.csv wechat-trade 0 1 1 control-total-mismatch
      tr_wxjava_SUCCESS_2019.csv wechat-trade 0 1 1 control-total-mismatch
    wechat_personal/
      deg_example-wechat-records.csv wechat-personal 0 27 2903391 wrong-day
      deg_example-wechat-records.xlsx wechat-personal 0 27 2903391 wrong-day
      ezbk_literal_01.csv wechat-personal 0 4 12365 wrong-day
      ezbk_literal_02.csv wechat-personal 1 1 12
    """
}
