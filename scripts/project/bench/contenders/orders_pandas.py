"""Messages from a batch of orders as it is commonly done: orders_pandas.py FOLDER OUTPUT.

pandas reads, groups and joins; json writes a line for each customer. Amounts are binary floats, rounded at the end.
"""

import json
import sys
import time

import pandas
from memory import watch_memory


def read(folder, kind, **types):
    return pandas.read_csv(
        f"{folder}/{kind}_20260828.csv", dtype=str if not types else {f"{kind[:-1]}_id": str, **types}
    )


def main(folder, output):
    peak = watch_memory()
    started, cpu = time.perf_counter(), time.process_time()
    customers = read(folder, "customers")
    orders = read(folder, "orders", customer_id=str, amount=float)
    items = read(folder, "items")
    customers, orders, items = (frame.drop_duplicates(frame.columns[0]) for frame in (customers, orders, items))
    orders = orders[orders["customer_id"].isin(customers["customer_id"])]
    items = items[items["order_id"].isin(orders["order_id"])].sort_values("item_id")
    by_order = items.groupby("order_id", sort=False)["item_id"].agg(list).rename("item_ids")
    orders = orders.sort_values("order_id").join(by_order, on="order_id")
    orders["order"] = [
        {"id": order, "amount": amount, "item_ids": ids if isinstance(ids, list) else []}
        for order, amount, ids in zip(orders["order_id"], orders["amount"], orders["item_ids"])
    ]
    by_customer = orders.groupby("customer_id", sort=False).agg(total=("amount", "sum"), orders=("order", list))
    joined = customers.join(by_customer, on="customer_id")
    with open(output, "w", encoding="utf-8") as file:
        for row in joined.itertuples(index=False):
            has_orders = isinstance(row.orders, list)
            message = {
                "id": row.customer_id,
                "name": row.customer_name,
                "total_amount_spent": round(row.total, 2) if has_orders else 0,
                "orders": row.orders if has_orders else [],
            }
            file.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
    spent = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu}
    print(json.dumps({**spent, "peakKiB": peak(), "inserted": len(joined)}))


main(*sys.argv[1:])
