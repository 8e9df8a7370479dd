"""Reads a published day's report.xlsx and report.json and says what does not hold."""

import datetime
import json
import pathlib
import sys
from decimal import Decimal

import jsonschema
import openpyxl

SHEETS = [
    "对账汇总表", "资金勾稽表", "差错明细表", "在途明细表", "资金到账核对表", "手续费核对表", "渠道账户收支表",
    "渠道资金余额调节表", "对账文件清单", "账龄分析表", "运行说明",
]
SERIALS = {"差错编号", "渠道流水号", "商户订单号", "一卡通流水号", "账号", "SHA-256 校验值"}
TIMES = {"时间", "判定日"}
FILLED = ["处理结果", "处理人", "复核人", "处理日期", "凭证号", "备注"]
DIGITS = "零壹贰叁肆伍陆柒捌玖"

faults = []


def check(holds, what):
    if not holds:
        faults.append(what)


def fen(value):
    """A cell's yuan as fen; a fraction of a fen is a fault of its own."""
    exact = Decimal(repr(value)) * 100
    check(exact == int(exact), f"{value} is no whole number of fen")
    return int(exact)


def capitals(words):
    """Fen of an amount in capital numerals: the way back, written without looking at the way there."""
    sign = -1 if words.startswith("人民币负") else 1
    rest = words.removeprefix("人民币").removeprefix("负").removesuffix("整")
    total = section = digit = above = 0
    for letter in rest:
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(letter) + 1)
            digit = 0
        elif letter == "万":
            section, digit, total = 0, 0, total + (section + digit) * 10_000
        elif letter == "亿":
            above, total, section, digit = (above + total + section + digit) * 10**8, 0, 0, 0
        elif letter == "元":
            above, total, section, digit = (above + total + section + digit) * 100, 0, 0, 0
        elif letter == "角":
            above, digit = above + digit * 10, 0
        elif letter == "分":
            above, digit = above + digit, 0
    return sign * above


def frame(sheet):
    """What every sheet has, whatever it says."""
    name = sheet.title
    check(sheet.freeze_panes in ("A4", "C4"), f"{name}: heading frozen at {sheet.freeze_panes}")
    check(sheet.auto_filter.ref, f"{name}: no filter")
    check(sheet.print_title_rows == "$1:$3", f"{name}: repeats {sheet.print_title_rows}")
    check(sheet.page_setup.orientation == "landscape", f"{name}: not across")
    check(str(sheet.page_setup.paperSize) == "9", f"{name}: not A4")
    check(sheet.sheet_properties.pageSetUpPr.fitToPage, f"{name}: not fitted")
    check(sheet.page_setup.fitToHeight == 0, f"{name}: fitted to one page")
    footer = sheet.oddFooter.center.text or ""
    check("&P" in footer and "&N" in footer, f"{name}: no page numbers: {footer}")
    check("单位：元" in sheet["A2"].value, f"{name}: no unit")
    for row in sheet.iter_rows():
        for cell in row:
            check(cell.data_type != "f", f"{name}!{cell.coordinate} is a formula")
    text = [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]
    check("财务负责人" in text[-1] and "复核" in text[-1], f"{name}: nobody signs")


def sums(sheet):
    """Adds every column up again, page by page and in all; gives the sheet's totals by heading."""
    name, heads = sheet.title, [cell.value for cell in sheet[3]]
    check(all(heads), f"{name}: a column has no heading")
    page, whole, totals, rows = {}, {}, {}, []
    for cells in sheet.iter_rows(min_row=4):
        mark = cells[0].value
        if isinstance(mark, str) and mark.startswith("大写金额"):
            head, words = mark.removeprefix("大写金额（").split("）：")
            total = totals.get(head, totals.get(head + "（元）"))
            check(capitals(words) == total, f"{name}: {mark} is not {total}")
            break
        if mark not in ("页小计", "合计"):
            if all(cell.value is None for cell in cells):
                break
            rows.append(dict(zip(heads, cells)))
            for head, cell in zip(heads, cells):
                if isinstance(cell.value, (int, float)):
                    page[head] = page.get(head, 0) + fen(cell.value)
            continue
        expected = page if mark == "页小计" else whole
        if mark == "页小计":
            for head, value in page.items():
                whole[head] = whole.get(head, 0) + value
        elif not whole:
            expected = page
        for head, cell in zip(heads[1:], cells[1:]):
            if cell.value is None:
                continue
            sum_of = fen(cell.value)
            check(sum_of == expected.get(head), f"{name}!{cell.coordinate}: {sum_of}")
            if mark == "合计":
                totals[head] = sum_of
        page = {}
    return rows, totals


def cells(name, rows):
    """Serials are text, dates are dates, amounts are numbers with two decimals."""
    for row in rows:
        for head, cell in row.items():
            if cell.value is None:
                continue
            place = f"{name}!{cell.coordinate}"
            if head in SERIALS:
                check(cell.data_type == "s" and cell.number_format == "@", f"{place} is no text")
            if head in TIMES:
                check(isinstance(cell.value, datetime.datetime), f"{place} is no date")
            if head.startswith("金额") or head in ("差额", "渠道扣款", "读入金额", "手续费"):
                check(cell.number_format.startswith("#,##0.00"), f"{place} is no amount")
                check(isinstance(cell.value, (int, float)), f"{place} is no number")


def compare(book, report):
    """The totals of the sheets beside those of report.json."""
    totals, rows = {}, {}
    for sheet in book.worksheets[:-1]:
        rows[sheet.title], totals[sheet.title] = sums(sheet)
        cells(sheet.title, rows[sheet.title])
    anomalies, pending = report["anomalies"], report["pending"]
    by_id = {row["差错编号"].value: row for row in rows["差错明细表"]}
    check(len(by_id) == len(anomalies), f"{len(by_id)} anomalies, not {len(anomalies)}")
    for anomaly in anomalies:
        row = by_id[anomaly["id"]]
        check(fen(row["金额（元）"].value) == anomaly["amountFen"], anomaly["id"])
        for head, field in [
            ("渠道流水号", "channelSerial"), ("商户订单号", "merchantOrder"),
            ("一卡通流水号", "ledgerSerial"), ("账号", "account"),
        ]:
            expected = anomaly[field]
            if expected and expected[0] in "=+-@":
                expected = "'" + expected
            check(row[head].value == expected, f"{anomaly['id']} {head}")
        if anomaly["time"]:
            check(f"{row['时间'].value:%F %T}" == anomaly["time"], f"{anomaly['id']} time")
    open_ones = [a for a in anomalies if a["status"] in ("open", "reopened")]
    sources = report["sources"]
    told = {fees["channel"] for fees in report["fees"]}
    expected = {
        ("差错明细表", "金额（元）"): sum(a["amountFen"] for a in anomalies),
        ("在途明细表", "金额（元）"): sum(p["amountFen"] for p in pending),
        ("对账汇总表", "渠道扣款"): sum(s["payments"]["fen"] for s in sources),
        ("对账汇总表", "渠道退款"): sum(s["refunds"]["fen"] for s in sources),
        ("对账汇总表", "手续费"): sum(s["fees"]["fen"] for s in sources),
        ("对账汇总表", "一卡通入账"): sum(s["credits"]["fen"] for s in sources),
        ("对账汇总表", "一卡通扣减"): sum(s["reversals"]["fen"] for s in sources),
        ("对账汇总表", "差额"): sum(s["differenceFen"] for s in sources),
        ("手续费核对表", "实收手续费"): sum(f["actualFen"] for f in report["fees"])
        + sum(s["fees"]["fen"] for s in sources if s["source"] not in told),
        ("手续费核对表", "手续费差额"): sum(f["actualFen"] - f["expectedFen"] for f in report["fees"]),
        ("资金到账核对表", "转出"): sum(end["fen"] for p in report["payouts"] for end in p["sent"]),
        ("资金到账核对表", "到账"): sum(end["fen"] for p in report["payouts"] for end in p["arrived"]),
        ("对账文件清单", "读入金额"): sum(c["fenRead"] for c in report["conservation"]),
        ("账龄分析表", "金额（元）"): sum(a["amountFen"] for a in open_ones),
        ("账龄分析表", "笔数"): len(open_ones) * 100,
    }
    for (sheet, head), value in expected.items():
        found = totals[sheet].get(head, 0)
        check(found == value, f"{sheet} {head}: {found}, report.json says {value}")
    adjustments = rows["渠道资金余额调节表"]
    check(len(adjustments) > len(report["adjustments"]) > 0, "渠道资金余额调节表 is empty")
    for row, rest in zip(adjustments, adjustments[1:]):
        if row["项目"].value == "调节后净额":
            left = fen(row["渠道账单"].value) - fen(row["一卡通"].value)
            check(fen(rest["渠道账单"].value) == left, "渠道资金余额调节表 does not meet")
    for leg in report["legs"]:
        for unit in ("rows", "fen"):
            ends = leg["opening"][unit] + leg["sent"][unit]
            parts = sum(leg[part][unit] for part in ("matched", "inTransit", "notProven", "open"))
            check(ends == parts, f"leg {leg['channel']} {leg['leg']}: {ends} {unit} are not {parts}")
    return sum(len(found) for found in rows.values())


def validate(path, schema):
    """A report.json against the committed schema."""
    report = json.loads(path.read_text())
    validator = jsonschema.Draft202012Validator(json.loads(pathlib.Path(schema).read_text()))
    for error in validator.iter_errors(report):
        check(False, f"{path.name} {error.json_path}: {error.message}")
    return report


def reports(folder, schema):
    """Reports alone, of every shape the program prints."""
    files = sorted(pathlib.Path(folder).glob("*.json"))
    verdicts = {validate(path, schema)["verdict"] for path in files}
    check(len(files) > 3 and len(verdicts) > 1, f"only {verdicts} in {len(files)} reports")
    for fault in faults:
        print(f"check-workbook: {fault}")
    print(f"{len(files)} reports, {len(faults)} faults")
    return 1 if faults else 0


def main(folder, schema):
    folder = pathlib.Path(folder)
    report = validate(folder / "report.json", schema)
    book = openpyxl.load_workbook(folder / "report.xlsx")
    check(book.sheetnames == SHEETS, f"sheets: {book.sheetnames}")
    for sheet in book.worksheets:
        frame(sheet)
    count = compare(book, report)
    work = book["差错明细表"]
    heads = [cell.value for cell in work[3]]
    check(heads[-6:] == FILLED, f"columns to fill in: {heads[-6:]}")
    lists = [rule for rule in work.data_validations.dataValidation if rule.type == "list"]
    check(lists and all("已退款" in rule.formula1 for rule in lists), "no list of outcomes")
    for fault in faults:
        print(f"check-workbook: {fault}")
    print(f"{len(book.sheetnames)} sheets, {count} rows, {len(faults)} faults")
    return 1 if faults else 0


if sys.argv[1] == "--json":
    sys.exit(reports(*sys.argv[2:]))
sys.exit(main(*sys.argv[1:]))
