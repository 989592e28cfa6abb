import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import Papa from "papaparse";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { findContract } from "../../etl/feeds/feeds";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { requireStored, storedFolder } from "../support/files/stored-runs";
import { runCovidOn } from "../support/models/covid-run";
import { run } from "../support/models/feeds/feed-run";
import { runEtl } from "../support/processes/run-etl";

const read = (name: string, file: string) => readFile(join(storedFolder(name), file), "utf8");

/** One run of each pipeline, from made-up raw files, with what it made when it was stored: rows, rejected rows, and the ledger's hash. */
describe("a stored run has the result that it had", () => {
  let database: Database<CovidTables & FeedTables>;

  beforeAll(async () => {
    database = await openPglite();
  });
  afterAll(() => database?.close());

  /** The table's rows, and what the ledger has of the run. */
  const resultOf = async (runId: string, table: string, key: string, without: readonly string[] = []) => {
    const { rows } = await sql<{
      row: string;
    }>`select (to_jsonb(t) ${sql.raw(without.map((name) => `- '${name}'`).join(" "))})::text as row
      from ${sql.table(table)} t order by ${sql.raw(key)}`.execute(database.db);
    const { rows: rejected } = await sql<{
      raw: string;
    }>`select raw from rejected_row where run = ${runId} order by id`.execute(database.db);
    const { rows: kept } = await sql<{ result: string }>`select result from etl_run where id = ${runId}`.execute(
      database.db,
    );
    return {
      rows: rows.map(({ row }) => row),
      rejected: rejected.map(({ raw }) => raw),
      result: kept[0]?.result,
    };
  };

  test("covid", async () => {
    const { runId } = await runCovidOn(
      database as unknown as Database<CovidTables>,
      await read("covid", "cases.csv"),
      await read("covid", "recoveries.csv"),
      { maxRejected: { rows: 1 } },
    );
    requireStored("covid", await resultOf(runId, "covid_daily", "date"));
  });

  test("a feed, sales", async () => {
    const objects = new MemoryRangedObjects();
    for (const file of ["a.csv", "b.csv"]) objects.put(file, await read("sales", file));
    const contract = { ...findContract("sales"), maxRejected: { rows: 2 } };
    const { runId } = await run(database as unknown as Database<FeedTables>, { contract, objects });
    requireStored("sales", await resultOf(runId, "sales", "sale_id, line", ["source_object", "source_offset"]));
  });

  test("orders", async () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-stored-orders-"));
    try {
      const { stdout, stderr } = await runEtl(folder, ["orders", storedFolder("orders"), "--quiet"]);
      expect(stderr).toBe("");
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
      const [report = ""] = files.filter((file) => /rejected\/.*rows\.csv$/.test(file));
      const { data } = Papa.parse<{ raw: string }>(readFileSync(join(folder, report), "utf8"), {
        header: true,
        skipEmptyLines: true,
      });
      const rejected = data.map(({ raw }) => raw);
      requireStored("orders", { messages: stdout.trimEnd().split("\n"), rejected });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("another result than the stored one", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-stored-"));
    file = join(folder, "stored.json");
    copyFileSync(join(storedFolder("."), "stored.json"), file);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("fails with the first row that differs, and says how it is accepted; accepted, it passes", () => {
    const stored = JSON.parse(readFileSync(file, "utf8"));
    const [first, ...others] = stored.covid.rows;
    const changed = {
      ...stored.covid,
      rows: [first, ...others.map((row: string) => row.replace('"deaths": 1', '"deaths": 2'))],
    };
    const compare = (update: boolean) => requireStored("covid", changed, { file, update });

    expect(() => compare(false)).toThrow(
      /^A change of meaning: .*\n {2}rows, the first that differs: then .*deaths\\": 1.*, now .*deaths\\": 2.*\n.*data-plan.*\n.*UPDATE_STORED_RUNS=1 npm test/,
    );
    compare(true);
    compare(false);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ...stored, covid: changed });
  });
});
