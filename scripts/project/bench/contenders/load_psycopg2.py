"""One load as it is commonly done: load_psycopg2.py URL TABLE KEY COLUMNS FILE warm|cold.

The file is in COPY's text format.

The rows are made before the clock starts, so only the load itself is measured; warm: after 20,000 of them went into another table, twice.
"""

import json
import sys
import time

import psycopg2
from memory import watch_memory
from psycopg2.extras import execute_values


def read_rows(path):
    def convert(text):
        return int(text) if text.isdigit() else text

    with open(path, encoding="utf-8") as file:
        return [tuple(convert(field) for field in line.rstrip("\n").split("\t")) for line in file]


def upsert(table, key, columns):
    every = ", ".join([key, *columns])
    assign = ", ".join(f"{column} = excluded.{column}" for column in columns)
    old = ", ".join(f"t.{column}" for column in columns)
    new = ", ".join(f"excluded.{column}" for column in columns)
    return (
        f"insert into {table} as t ({every}) values %s on conflict ({key}) do update set {assign} "
        f"where ({old}) is distinct from ({new}) returning (xmax = 0)"
    )


def load(connection, statement, rows):
    with connection, connection.cursor() as cursor:
        returned = execute_values(cursor, statement, rows, page_size=1000, fetch=True)
    inserted = sum(1 for (is_insert,) in returned if is_insert)
    return inserted, len(returned) - inserted


def main(url, table, key, columns, path, warm_up):
    rows = read_rows(path)
    connection = psycopg2.connect(url)
    peak = watch_memory()
    for _ in range(2 if warm_up == "warm" else 0):
        load(connection, upsert(f"{table}_warm_up", key, columns.split(",")), rows[:20_000])
    started = time.perf_counter()
    inserted, updated = load(connection, upsert(table, key, columns.split(",")), rows)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peakKiB": peak(), "inserted": inserted, "updated": updated}))
    connection.close()


main(*sys.argv[1:])
