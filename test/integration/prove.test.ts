import { createHash } from "node:crypto";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import type { Feed } from "../../etl/core/contract/contract";
import type { Database } from "../../etl/core/database/database";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { renderProof } from "../../scripts/run/prove/proof";
import { type CovidProving, proveCovid } from "../../scripts/run/prove/prove-covid";
import { proveFeed } from "../../scripts/run/prove/prove-feed";
import { readStoredRun } from "../../scripts/run/prove/stored-run";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { RECOVERIES_HEADER, recoveryRow, runCovidOn, sourceOf } from "../support/models/covid-run";
import { csvOf, reading, readings, run } from "../support/models/feeds/feed-run";

const CASES = "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,2,0\n2020-01-23,x,0\n";
const RECOVERIES = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 5)].join("\n");

describe("a run is proven", () => {
  let database: Awaited<ReturnType<typeof openPglite<unknown>>>;
  const read = (statement: string) => readPglite(database, statement);
  const covid = () => database as unknown as Database<CovidTables>;
  const feeds = () => database as unknown as Database<FeedTables>;
  const execute = (statement: string) => sql.raw(statement).execute(database.db);

  beforeAll(async () => {
    database = await openPglite();
  });
  afterAll(() => database?.close());

  describe("of covid", () => {
    let runId: string;
    const contents: Record<string, string> = { cases: CASES, recoveries: RECOVERIES };
    const prove = async (changes: Partial<CovidProving> = {}) =>
      proveCovid(await readStoredRun(read, "covid", runId.slice(0, 8)), {
        ...{ read, join: "left", missingRecoveries: "fail" },
        open: async ({ name }) => sourceOf(name, contents[name] ?? ""),
        ...changes,
      });

    beforeAll(async () => {
      ({ runId } = await runCovidOn(covid(), CASES, RECOVERIES, { maxRejected: { rows: 1 } }));
      // A later run changes the same days: the proof is by the bytes.
      await runCovidOn(covid(), "date,cases,deaths\n2020-01-21,7,7\n2020-01-22,8,8\n", RECOVERIES);
    });

    test("by its hash: the same rows, whatever came later", async () => {
      const proof = await prove();
      expect(proof).toMatchObject({ outcome: "same", rows: 2, rejected: { was: 1, now: 1 } });
      expect(renderProof(proof)).toMatch(
        new RegExp(`^run ${runId} of covid: the same 2 rows and 1 rejected one, hash [0-9a-f]{64}$`),
      );
    });

    test("a row that today's code leaves out is the first that differs, as the table was at the run's end", async () => {
      const proof = await prove({ join: "inner" });
      expect(proof).toMatchObject({
        ...{ outcome: "differs", rows: 1, compared: 1 },
        first: { key: { date: "2020-01-22" }, was: { cases: "2", recoveries: null } },
      });
      expect(renderProof(proof)).toContain(
        'the first row that differs: covid_daily, date "2020-01-22": then {"date":"2020-01-22","cases":"2","deaths":"0","recoveries":null}, now no row',
      );
    });

    test("another value of a row, in the columns that differ", async () => {
      // As if today's code read these bytes another way: they are checked first, and read again.
      const open: CovidProving["open"] = async ({ name }) => {
        const texts = [contents[name] ?? "", (contents[name] ?? "").replace("2020-01-22,2,0", "2020-01-22,3,0")];
        return { ...sourceOf(name, ""), open: () => sourceOf(name, texts.shift() ?? "").open() };
      };
      expect(await prove({ open })).toMatchObject({
        ...{ outcome: "differs", compared: 2 },
        first: { table: "covid_daily", key: { date: "2020-01-22" }, was: { cases: "2" }, now: { cases: "3" } },
      });
    });

    test("code that loads nothing of it says why", async () => {
      contents.recoveries = "Date,Country\n";
      await execute(`update etl_run set sources = replace(sources::text, sources -> 0 ->> 'sha256',
        '${createHash("sha256").update(contents.recoveries).digest("hex")}')::jsonb where id = '${runId}'`);
      const proof = await prove();
      expect(proof).toMatchObject({ outcome: "differs", failure: expect.stringContaining("header") });
      expect(renderProof(proof)).toContain("it loads nothing of it: ");
      contents.recoveries = RECOVERIES;
    });

    test("of a version without hashes, by the rows that are known; not where nothing is", async () => {
      const { runId: other } = await runCovidOn(covid(), "date,cases,deaths\n2020-02-01,7,7\n", RECOVERIES);
      await execute(`update etl_run set result = null where id = '${other}'`);
      runId = other;
      contents.cases = "date,cases,deaths\n2020-02-01,7,7\n";
      const proof = await prove();
      expect(proof).toMatchObject({ outcome: "same", compared: 1, result: { was: null } });
      await runCovidOn(covid(), "date,cases,deaths\n2020-02-01,9,9\n", RECOVERIES);
      await execute("update load_history set kept = 'none'");
      const none = await prove();
      expect(none).toMatchObject({ outcome: "unknown", compared: 0 });
      expect(renderProof(none)).toContain("nothing is proven");
    });

    test("not from other bytes", async () => {
      contents.cases = "date,cases,deaths\n2020-02-01,7,8\n";
      await expect(prove()).rejects.toThrow(/not the bytes that the run read.*got sha256 .*expected/s);
    });
  });

  describe("of a feed", () => {
    const objects = new MemoryRangedObjects();
    const contract: Feed = {
      ...readings,
      columns: { ...readings.columns, count: { type: "integer", nullable: true, max: 5 } },
      maxRejected: { rows: 1 },
    };
    let runId: string;
    const prove = async (today: Feed = contract) =>
      proveFeed(await readStoredRun(read, "readings", runId), today, { read, open: async () => objects });
    const withColumns = (columns: Partial<Feed["columns"]>): Feed =>
      ({ ...contract, columns: { ...contract.columns, ...columns } }) as Feed;

    beforeAll(async () => {
      objects.put("a.csv", csvOf(reading("m1", { note: "none" }), reading("m2", { note: "none" }), reading("m3")));
      objects.put("b.csv", csvOf(reading("m4", { count: "4" }), reading("m9", { count: "9" })));
      ({ runId } = await run(feeds(), { contract, objects }));
      objects.put("c.csv", csvOf(reading("m1", { note: "newer" })));
      await run(feeds(), { contract, objects });
    });

    test("by the hashes of its chunks", async () => {
      const proof = await prove();
      expect(proof).toMatchObject({ outcome: "same", rows: 4, rejected: { was: 1, now: 1 }, compared: 0 });
      expect(proof.result).toEqual({ was: expect.stringMatching(/^[0-9a-f]{64}$/), now: proof.result.was });
    });

    test("a change of meaning shows the first row that the table still has of it and differs, sensitive values masked", async () => {
      const note = { type: "text", nullable: true, nullText: "none" } as const;
      const proof = await prove(withColumns({ note }));
      expect(proof).toMatchObject({
        ...{ outcome: "differs", at: "memory:a.csv, from byte 0" },
        first: { table: "readings", key: { meter: "m2" }, was: { note: "none" }, now: { note: null } },
      });
      const masked = await prove(
        withColumns({ note: { ...note, sensitive: true }, meter: { type: "text", sensitive: true } }),
      );
      expect(masked.first).toEqual({
        ...{ table: "readings", key: { meter: "•••", at: "2026-01-01T00:00:00" } },
        ...{ was: { note: "•••" }, now: { note: null } },
      });
    });

    test("a row that was rejected, and one that is rejected now", async () => {
      expect(await prove(withColumns({ count: { type: "integer", nullable: true } }))).toMatchObject({
        ...{ outcome: "differs", rejected: { was: 1, now: 0 }, at: "memory:b.csv, from byte 0" },
        first: { key: { meter: "m9" }, now: { count: "9" } },
      });
      expect(await prove(withColumns({ count: { type: "integer", nullable: true, max: 3 } }))).toMatchObject({
        ...{ outcome: "differs", rejected: { was: 1, now: 2 } },
        first: { key: { meter: "m4" }, was: { count: "4" } },
      });
    });

    test("of a table in a schema of its own", async () => {
      await execute("create schema shop");
      const elsewhere: Feed = { ...contract, name: "elsewhere", table: "shop.readings" };
      const other = await run(feeds(), { contract: elsewhere, objects });
      // As for `ops sql`, its owner lets the reader in.
      await execute("grant usage on schema shop to millrace_reader");
      await execute("grant select on shop.readings to millrace_reader");
      await execute(`update import_chunk set result = null where run = '${other.runId}'`);
      const stored = await readStoredRun(read, "elsewhere", other.runId);
      // One row gave way to a newer object's.
      expect(await proveFeed(stored, elsewhere, { read, open: async () => objects })).toMatchObject({
        ...{ outcome: "same", rows: 5, compared: 4, rejected: { was: 1, now: 1 } },
      });
    });

    test("an object that today's code refuses as a whole", async () => {
      const proof = await prove(withColumns({ more: { type: "text" } }));
      expect(proof).toMatchObject({ outcome: "differs", failure: expect.stringContaining("more"), rows: 0 });
    });

    test("of a version without hashes, by the rows that are still in the table; not without any", async () => {
      await execute(`update import_chunk set result = null where run = '${runId}'`);
      expect(await prove()).toMatchObject({ outcome: "same", compared: 3, result: { was: null } });
      await execute("delete from readings where meter in ('m2', 'm3', 'm4')");
      // That row is gone from the table: it counts as one that today's code adds.
      expect(await prove()).toMatchObject({ outcome: "differs", first: { key: { meter: "m2" } } });
      await execute("update readings set source_object = null");
    });

    test("not if the object is not there any more, or another one", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      await expect(prove()).rejects.toThrow(/bytes that the run read are not there any more.*memory:a\.csv/s);
    });

    test.each([
      ["zz", /no such run: got "zz"/],
      ["ffffffff", /no such run/],
    ])("%s is no run", async (beginning, says) => {
      await expect(readStoredRun(read, "readings", beginning)).rejects.toThrow(says);
    });

    test("a mend or an undo, and a run that failed, cannot be proven", async () => {
      await execute(`update etl_run set mended_by = 'ann' where id = '${runId}'`);
      await expect(prove()).rejects.toThrow(/read no raw bytes/);
      await execute(`update etl_run set mended_by = null, status = 'failed' where id = '${runId}'`);
      await expect(prove()).rejects.toThrow(/did not succeed: got failed/);
    });
  });
});
