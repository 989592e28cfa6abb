"""The limit: DuckDB makes the messages of a batch in one statement: orders_duckdb.py FOLDER OUTPUT."""

import json
import sys
import time

import duckdb
from memory import watch_memory

MESSAGES = """
copy (
  with items as (
    select order_id, list(item_id order by item_id) as item_ids
    from read_csv('{folder}/items_20260828.csv', all_varchar = true) group by order_id
  ), orders as (
    select customer_id, sum(amount::decimal(18, 6)) as total, list(
      {{'id': order_id, 'amount': amount::decimal(18, 6), 'item_ids': coalesce(item_ids, [])}} order by order_id) as orders
    from read_csv('{folder}/orders_20260828.csv', all_varchar = true) left join items using (order_id)
    group by customer_id
  )
  select customer_id as id, customer_name as name, coalesce(total, 0) as total_amount_spent, coalesce(orders, []) as orders
  from read_csv('{folder}/customers_20260828.csv', all_varchar = true) left join orders using (customer_id)
) to '{output}' (format json)
"""


def main(folder, output):
    connection = duckdb.connect()
    peak = watch_memory()
    started, cpu = time.perf_counter(), time.process_time()
    (messages,) = connection.execute(MESSAGES.format(folder=folder, output=output)).fetchone()
    spent = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu}
    print(json.dumps({**spent, "peakKiB": peak(), "inserted": messages}))


main(*sys.argv[1:])
