"""What a user would do with DuckDB instead: read both files, join by order number, three lists."""

import json
import sys

import duckdb

wechat, ledger = sys.argv[1:3]
connection = duckdb.connect()
connection.execute("set threads = 2")
columns = [
    "time", "appid", "merchant", "sub", "device", "serial", "order_no", "payer", "type", "status",
    "bank", "currency", "settled", "coupon", "refund", "refund_order", "refunded", "refunded_coupon",
    "refund_type", "refund_status", "product", "attach", "fee", "rate", "amount", "requested", "note",
]
names = {name: "VARCHAR" for name in columns}
connection.execute(
    """
    create temp table paid as
    select order_no, serial, cast(amount as decimal(18, 2)) as amount
    from read_csv(?, header = false, skip = 1, delim = ',`', quote = '', escape = '',
                  columns = %s, auto_detect = false, null_padding = true, strict_mode = false)
    where status = 'SUCCESS'
    """ % json.dumps(names).replace('"', "'"),
    [wechat],
)
connection.execute(
    """
    create temp table credited as
    select "商户订单号" as order_no, cast("金额" as decimal(18, 2)) as amount
    from read_csv(?, header = true, delim = ',', all_varchar = true)
    where "交易类型" = '充值' and "状态" = '成功'
    """,
    [ledger],
)
missing = connection.execute(
    "select count(*) from (select serial from paid anti join credited using (order_no))"
).fetchone()[0]
double = connection.execute(
    """
    select sum(n - 1) from (
      select order_no, count(*) as n from paid semi join credited using (order_no)
      group by order_no having count(*) > 1)
    """
).fetchone()[0]
different = connection.execute(
    """
    select count(*) from paid join credited using (order_no)
    where paid.amount <> credited.amount
    """
).fetchone()[0]
print(json.dumps({"missing": missing, "double": int(double or 0), "different": different}))
