"""An import as it is commonly done: feed_pandas.py URL FILE.

pandas reads the file in parts; psycopg2's execute_values upserts each and commits it.
"""

import json
import sys
import time

import pandas
import psycopg2
from memory import watch_memory
from psycopg2.extras import execute_values

COLUMNS = ("sale_id", "line", "sold_at", "day", "product", "note", "quantity", "amount", "is_return")
REST = COLUMNS[2:]
UPSERT = (
    f"insert into sales_usual as t ({', '.join(COLUMNS)}) values %s on conflict (sale_id, line) do update set "
    + ", ".join(f"{column} = excluded.{column}" for column in REST)
    + f" where ({', '.join('t.' + column for column in REST)})"
    + f" is distinct from ({', '.join('excluded.' + column for column in REST)}) returning (xmax = 0)"
)
TYPES = {"sold_at": str, "day": str, "product": str, "note": str, "amount": str}


def main(url, path):
    connection = psycopg2.connect(url)
    peak = watch_memory()
    started = time.perf_counter()
    inserted = updated = 0
    for part in pandas.read_csv(path, dtype=TYPES, chunksize=100_000):
        part = part.astype(object).where(part.notna(), None)
        rows = list(part.itertuples(index=False, name=None))
        with connection, connection.cursor() as cursor:
            returned = execute_values(cursor, UPSERT, rows, page_size=1000, fetch=True)
        new = sum(1 for (is_insert,) in returned if is_insert)
        inserted += new
        updated += len(returned) - new
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peakKiB": peak(), "inserted": inserted, "updated": updated}))
    connection.close()


main(*sys.argv[1:])
