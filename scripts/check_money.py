#!/usr/bin/env python3
"""Recomputes the legs behind the bill from the raw files of one day and holds a report.json against them.

Plain Python over CSV and XML, nothing shared with the program:
    check_money.py FOLDER REPORT.JSON
It reads WeChat's trade and fund bills, Alipay's 业务明细 and 账务明细 and CCB's export, adds up both ends of each leg, and
says where the report has other sums. Exit code 0: all agree to the fen.
"""
import argparse
import collections
import csv
import datetime
import glob
import io
import json
import os
import sys


def fen(text):
    """Yuan with at most two decimals as whole fen."""
    text = text.strip().lstrip("`").replace(",", "") or "0"
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("+-").partition(".")
    assert len(part) <= 2 or not part[2:].strip("0"), text
    return sign * (int(whole or 0) * 100 + int((part + "00")[:2]))


def wechat_rows(path):
    """Rows of a WeChat bill as dictionaries; its summary is left out."""
    lines = open(path, encoding="utf-8-sig").read().splitlines()
    head = lines[0].split(",")
    for line in lines[1:]:
        if not line.startswith("`"):
            return
        yield dict(zip(head, [cell.lstrip("`") for cell in line.split(",`")]))


def alipay_rows(path):
    text = open(path, "rb").read().decode("gb18030")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for row in csv.DictReader(io.StringIO("\n".join(lines))):
        yield {(key or "").strip(): (value or "").strip() for key, value in row.items()}


def trade_wechat(path):
    for row in wechat_rows(path):
        state = row["交易状态"]
        if state == "SUCCESS":
            amount = fen(row["订单金额"])
            yield row["微信订单号"], amount, amount - fen(row["应结订单金额"]), row["交易时间"]
        elif state in ("REFUND", "REVOKED"):
            yield row["微信退款单号"], -fen(row["申请退款金额"]), 0, row["交易时间"]


def trade_alipay(path):
    for row in alipay_rows(path):
        amount = fen(row["订单金额（元）"])
        coupon = abs(amount) - abs(fen(row["商家实收（元）"]))
        key = row["支付宝交易号"]
        if row["业务类型"] == "退款":
            key += " %d" % abs(amount)
        yield key, amount, coupon, row["完成时间"]


def funds_wechat(path):
    for row in wechat_rows(path):
        amount = fen(row["收支金额(元)"])
        yield row["业务类型"], row["微信支付业务单号"], amount, row["收支类型"] == "收入", row["记账时间"], fen(
            row["账户结余(元)"])


def funds_alipay(path):
    for row in alipay_rows(path):
        gain, loss = fen(row["收入金额（+元）"]), abs(fen(row["支出金额（-元）"]))
        kind = {"在线支付": "交易", "交易退款": "退款", "收费": "扣除交易手续费"}.get(row["业务类型"], row["业务类型"])
        yield kind, row["业务流水号"], gain or loss, gain > 0, row["发生时间"], None


def account_leg(trade, funds, refunds_by_amount):
    """Leg 2: rows and fen sent, arrived, matched, in transit, open, unexplained."""
    sent, arrived = collections.defaultdict(list), collections.defaultdict(list)
    seen = set()
    for key, amount, coupon, time in trade:
        if (key, amount, time) in seen:
            continue  # a row that the bill repeats
        seen.add((key, amount, time))
        sent[key].append((amount, coupon, time))
    for kind, key, amount, _, _, _ in funds:
        if kind == "交易":
            arrived[key].append(amount)
        elif kind == "退款":
            arrived[key + (" %d" % amount if refunds_by_amount else "")].append(-amount)
    sums = collections.Counter()

    def add(name, amounts):
        sums[name + " rows"] += len(amounts)
        sums[name + " fen"] += sum(amounts)

    for key, rows in sent.items():
        amounts = [row[0] for row in rows]
        add("sent", amounts)
        there = arrived.get(key)
        if there is None:
            for amount, _, time in rows:
                late = datetime.datetime.strptime(time, "%Y-%m-%d %H:%M:%S").time() >= datetime.time(23, 30)
                add("inTransit" if late else "open", [amount])
        else:
            coupon = rows[0][1] if len(rows) == 1 else 0
            equal = sum(there) in (sum(amounts), sum(amounts) - coupon, sum(amounts) + coupon)
            add("matched" if equal else "open", amounts)
    for key, amounts in arrived.items():
        add("arrived", amounts)
        if key not in sent:
            add("unexplained", amounts)
    return sums


def bank_leg(funds, lines):
    """Leg 3 of a day on which everything is due: withdrawals and the bank's lines of one channel."""
    sums = collections.Counter()
    sent = sorted((time, amount) for kind, _, amount, _, time, _ in funds if kind in ("提现", "自动提现"))
    left = sorted(lines)
    sums["sent rows"], sums["sent fen"] = len(sent), sum(amount for _, amount in sent)
    sums["arrived rows"], sums["arrived fen"] = len(left), sum(amount for _, amount in left)

    def settle(group, used):
        sums["matched rows"] += len(group)
        sums["matched fen"] += sum(amount for _, amount in group)
        for item in group:
            sent.remove(item)
        for line in used:
            left.remove(line)

    for item in list(sent):
        line = next((line for line in left if line[1] == item[1] and line[0] >= item[0]), None)
        if line:
            settle([item], [line])
    for line in list(left):
        runs = [
            sent[a:b] for a in range(len(sent)) for b in range(a + 2, len(sent) + 1)
            if sum(amount for _, amount in sent[a:b]) == line[1] and sent[b - 1][0] <= line[0]]
        if len(runs) == 1:
            settle(runs[0], [line])
    for item in list(sent):
        pairs = [
            (one, two) for i, one in enumerate(left) for two in left[i + 1:]
            if one[1] + two[1] == item[1] and one[0] >= item[0]]
        if len(pairs) == 1:
            settle([item], list(pairs[0]))
    sums["open rows"], sums["open fen"] = len(sent), sum(amount for _, amount in sent)
    # One due withdrawal and one line that may be its money are one case.
    near = [line for line in left if sent and line[0] >= sent[0][0]]
    if len(sent) == 1 and len(near) == 1:
        left.remove(near[0])
    sums["unexplained rows"], sums["unexplained fen"] = len(left), sum(amount for _, amount in left)
    return sums


def ccb_lines(path):
    lines = collections.defaultdict(list)
    rows = list(csv.DictReader(io.StringIO(open(path, "rb").read().decode("gb18030"))))
    for row in rows:
        gain, party = fen(row["贷方发生额（收入）"]), row["对方户名"]
        time = datetime.datetime.strptime(row["交易时间"], "%Y%m%d %H:%M:%S").strftime("%Y-%m-%d %H:%M:%S")
        for channel, word in (("wechat", "财付通"), ("alipay", "支付宝")):
            if gain > 0 and word in party:
                lines[channel].append((time, gain))
    return lines


def fees_taken(funds):
    """Σ of the fees an account was charged, less what was given back."""
    return sum(
        amount if kind == "扣除交易手续费" else -amount
        for kind, _, amount, _, _, _ in funds if kind in ("扣除交易手续费", "退还交易手续费"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("report")
    arguments = parser.parse_args()
    report = json.load(open(arguments.report))
    legs = {(leg["channel"], leg["leg"]): leg for leg in report["legs"]}
    faults, checked = [], 0

    def find(pattern):
        found = glob.glob(os.path.join(arguments.folder, pattern))
        return found[0] if found else None

    bank = find("ccb_*.csv")
    lines = ccb_lines(bank) if bank else {}
    for channel, trade, funds, by_amount in (
        ("wechat", ("wechat_*.csv", trade_wechat), ("wxfund_*.csv", funds_wechat), False),
        ("alipay", ("2088*业务明细.csv", trade_alipay), ("alipay-account_*.csv", funds_alipay), True),
    ):
        if not find(trade[0]) or not find(funds[0]):
            continue
        fund_rows = list(funds[1](find(funds[0])))
        sums = {
            2: account_leg(trade[1](find(trade[0])), fund_rows, by_amount),
            3: bank_leg(fund_rows, lines.get(channel, [])),
        }
        for number, mine in sums.items():
            leg = legs[channel, number]
            for name in ("sent", "arrived", "matched", "inTransit", "open", "unexplained"):
                told = (leg[name]["rows"], leg[name]["fen"])
                here = (mine[name + " rows"], mine[name + " fen"])
                checked += 1
                if told != here:
                    faults.append("%s leg %d, %s: the report says %s, the files %s" % (channel, number, name, told, here))
        moved = sum(amount if gain else -amount for _, _, amount, gain, _, _ in fund_rows)
        for account in report["accounts"]:
            if not account["book"].startswith(channel):
                continue
            told = sum(
                flow["fen"] * (1 if name in ("payment", "fee-returned", "other-in") else -1)
                for name, flow in account["flows"].items())
            checked += 1
            if told != moved:
                faults.append("%s account: the report moves %d, the files %d" % (channel, told, moved))
            if account["openingFen"] is not None:
                first, last = fund_rows[0], fund_rows[-1]
                opening = first[5] - (first[2] if first[3] else -first[2])
                checked += 1
                if (account["openingFen"], account["closingFen"]) != (opening, last[5]):
                    faults.append("%s account: balances %s" % (channel, (opening, last[5])))
        taken = fees_taken(fund_rows)
        told = sum(line["actualFen"] for line in report["fees"] if line["channel"] == channel)
        if any(line["channel"] == channel for line in report["fees"]):
            checked += 1
            if told != taken:
                faults.append("%s fees: the report has %d taken, the files %d" % (channel, told, taken))
    for fault in faults:
        print("check-money: " + fault)
    print("check-money: %d sums recomputed from the files, %d differ" % (checked, len(faults)))
    sys.exit(1 if faults or not checked else 0)


if __name__ == "__main__":
    main()
