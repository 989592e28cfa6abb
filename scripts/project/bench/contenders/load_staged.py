"""One load by a stage, a temporary or unlogged table, and one upsert: load_staged.py adbc|duckdb URL TABLE KEY COLUMNS FILE.

A file of CSV is read while it is loaded; one in COPY's text format is in memory before the clock starts. Nothing is counted.
"""

import json
import sys
import time
from pathlib import Path

import adbc_driver_postgresql.dbapi
import duckdb
import duckdb_extension_postgres_scanner
import pyarrow
from memory import watch_memory
from pyarrow import csv

ARROW = {
    "bigint": pyarrow.int64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "integer": pyarrow.int32(),
    "text": pyarrow.string(),
    "timestamp with time zone": pyarrow.timestamp("us", "UTC"),
}


def arrow_types(connection, table, columns):
    """The table's types, of these columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname, atttypid::regtype::text, ((atttypmod - 4) >> 16) & 65535, (atttypmod - 4) & 65535"
            f" from pg_attribute where attrelid = '{table}'::regclass and attnum > 0"
        )
        found = {
            name: pyarrow.decimal128(precision, scale) if kind == "numeric" else ARROW[kind]
            for name, kind, precision, scale in cursor.fetchall()
        }
    connection.commit()
    return {column: found[column] for column in columns}


def upsert(table, key, columns):
    every = ", ".join([*key, *columns])
    assign = ", ".join(f"{column} = excluded.{column}" for column in columns)
    old = ", ".join(f"t.{column}" for column in columns)
    new = ", ".join(f"excluded.{column}" for column in columns)
    return (
        f"insert into {table} as t ({every}) select {every} from bench_stage on conflict ({', '.join(key)})"
        f" do update set {assign} where ({old}) is distinct from ({new})"
    )


def open_arrow(path, types):
    """The file as Arrow's batches: of CSV, read while they are used."""
    convert = csv.ConvertOptions(
        column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=["", "\\N"]
    )
    if path.endswith(".csv"):
        return csv.open_csv(path, convert_options=convert)
    read = csv.ReadOptions(column_names=list(types))
    return csv.read_csv(path, read, csv.ParseOptions(delimiter="\t", quote_char=False), convert).to_reader()


def load_by_adbc(connection, url, path, types, statement):
    rows = open_arrow(path, types)
    yield
    with connection.cursor() as cursor:
        cursor.adbc_ingest("bench_stage", rows, mode="create", temporary=True)
        cursor.execute(statement)
        cursor.execute("drop table bench_stage")
    connection.commit()
    yield


def load_by_duckdb(connection, url, path, types, statement):
    package = Path(duckdb_extension_postgres_scanner.__file__).parent
    (extension,) = package.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")
    database = duckdb.connect()
    database.execute(f"load '{extension}'")
    database.execute(f"attach '{url}' as server (type postgres)")
    kinds = {name: database.sql(f"select null::{duckdb_type(kind)} as it").types[0] for name, kind in types.items()}
    if path.endswith(".csv"):
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
        source = f"read_csv('{path}', header = true, columns = {{{columns}}})"
    else:
        database.register("rows", open_arrow(path, types).read_all())
        source = "rows"
    table = statement.split()[2]
    yield
    database.execute(
        f"call postgres_execute('server', 'create unlogged table bench_stage as table {table} with no data')"
    )
    database.execute("call pg_clear_cache()")
    database.execute(f"insert into server.bench_stage ({', '.join(types)}) select {', '.join(types)} from {source}")
    database.execute("call postgres_execute('server', $1)", [statement])
    database.execute("call postgres_execute('server', 'drop table bench_stage')")
    yield


def duckdb_type(kind):
    if pyarrow.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return {"string": "varchar", "bool": "boolean", "date32[day]": "date", "timestamp[us, tz=UTC]": "timestamptz"}.get(
        str(kind), str(kind)
    )


def main(tool, url, table, keys, columns, path):
    key, rest = keys.split(","), columns.split(",")
    connection = adbc_driver_postgresql.dbapi.connect(url)
    types = arrow_types(connection, table, [*key, *rest])
    load = {"adbc": load_by_adbc, "duckdb": load_by_duckdb}[tool](
        connection, url, path, types, upsert(table, key, rest)
    )
    next(load)
    peak = watch_memory()
    started = time.perf_counter()
    next(load)
    print(json.dumps({"seconds": time.perf_counter() - started, "peakKiB": peak()}))
    connection.close()


main(*sys.argv[1:])
