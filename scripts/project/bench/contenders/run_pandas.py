"""The covid pipeline as it is commonly done: run_pandas.py URL CASES RECOVERIES.

Files are read and checked by pandas, joined by date, and upserted by psycopg2's execute_values.
"""

import json
import sys
import time

import pandas
import psycopg2
from memory import watch_memory
from psycopg2.extras import execute_values

UPSERT = (
    "insert into covid_daily as t (date, cases, deaths, recoveries) values %s on conflict (date) do update "
    "set cases = excluded.cases, deaths = excluded.deaths, recoveries = excluded.recoveries "
    "where (t.cases, t.deaths, t.recoveries) is distinct from (excluded.cases, excluded.deaths, excluded.recoveries) "
    "returning (xmax = 0)"
)


def read_cases(path):
    frame = pandas.read_csv(path, dtype={"date": str, "cases": "int64", "deaths": "int64"})
    assert (frame[["cases", "deaths"]] >= 0).all(axis=None)
    assert frame["date"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    return frame


def read_recoveries(path):
    frame = pandas.read_csv(path, dtype={"Date": str, "Recovered": "Int64"})
    frame = frame[(frame["Country/Region"].str.lower() == "us") & frame["Province/State"].isna()]
    assert (frame["Recovered"] >= 0).all()
    return frame[["Date", "Recovered"]].drop_duplicates("Date", keep="last")


def main(url, cases_path, recoveries_path):
    connection = psycopg2.connect(url)
    peak = watch_memory()
    marks = [time.perf_counter()]
    cases, recoveries = read_cases(cases_path), read_recoveries(recoveries_path)
    marks.append(time.perf_counter())
    merged = cases.merge(recoveries, how="left", left_on="date", right_on="Date").drop(columns="Date")
    merged = merged.astype(object).where(merged.notna(), None)
    rows = list(merged.itertuples(index=False, name=None))
    marks.append(time.perf_counter())
    with connection, connection.cursor() as cursor:
        returned = execute_values(cursor, UPSERT, rows, page_size=1000, fetch=True)
    marks.append(time.perf_counter())
    inserted = sum(1 for (is_insert,) in returned if is_insert)
    stages = {
        "read and check": marks[1] - marks[0],
        "merge, make tuples": marks[2] - marks[1],
        "execute_values": marks[3] - marks[2],
    }
    seconds, updated = marks[3] - marks[0], len(returned) - inserted
    result = {"seconds": seconds, "peakKiB": peak(), "inserted": inserted, "updated": updated, "stages": stages}
    print(json.dumps(result))
    connection.close()


main(*sys.argv[1:])
