import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { runFeedHere } from "../../scripts/run/feed/run-feed-here";
import { SilentProgress } from "../../scripts/run/terminal/silent-progress";
import { writeSales } from "../support/files/sales-files";

/** What each stage writes, so that a trigger there stops it. */
const STAGES = {
  "beginning the run": "insert on import_run",
  "settling the table": "insert or update on import_target",
  "entering objects": "insert on import_object",
  "ending the plan": "update of chunks on import_run",
  "claiming a chunk": "insert on import_chunk",
  "writing rows": "insert on sales",
  "counting a chunk": "update on import_chunk",
  "ending the run": "update of judged on import_run",
};

/** Serialization failure, deadlock; ended by an administrator, by a crash, by a restart; a lost connection. */
const PASSING = ["40001", "40P01", "57P01", "57P02", "57P03", "08006"];

describe("import tries again, on PGlite", () => {
  let folder: string;
  let database: Database<FeedTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const run = () =>
    runFeedHere(
      database,
      { contract: "sales", from: join(folder, "in"), workers: 1 },
      { progress: new SilentProgress() },
    );
  const ledger = () =>
    database.db.selectFrom("etl_run").select(["status", "error", "inserted"]).orderBy("started").execute();

  /** Fails the first so many writes of a stage with such an error; a sequence counts what a rollback undoes. */
  const failFirst = async (times: number, code: string, stage: keyof typeof STAGES) => {
    await execute(`create function fail_first() returns trigger language plpgsql as $$ begin
      if nextval('tries') <= ${times} then raise exception 'once more' using errcode = '${code}'; end if;
      return null; end $$`);
    const event = STAGES[stage];
    await execute(`create trigger fail_first before ${event} for each statement execute function fail_first()`);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-tries-"));
    database = await openPglite<FeedTables>();
    writeSales(join(folder, "in"), { "0.csv": { first: 0, rows: 3 } });
    await run();
  });
  beforeEach(async () => {
    await execute("create sequence tries");
    await execute(
      "truncate sales, import_request, import_chunk, import_run, import_object, import_target, rejected_row, rejected_header, mended_row, etl_run",
    );
  });
  afterEach(async () => {
    await execute("drop function if exists fail_first cascade");
    await execute("drop sequence tries");
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const stages = Object.keys(STAGES) as (keyof typeof STAGES)[];
  test.each([
    ...PASSING.map((code) => ["writing rows", code] as const),
    ...stages.map((stage, index) => [stage, PASSING[index % PASSING.length] ?? ""] as const),
  ])("at %s after %s, and each row counts once", async (stage, code) => {
    await failFirst(1, code, stage);

    const summary = await run();

    expect(summary).toMatchObject({ rows: 3, inserted: 3 });
    expect(await ledger()).toEqual([{ status: "succeeded", error: null, inserted: 3 }]);
    expect(await tries()).toBeGreaterThan(1);
  });

  test.each(stages)("not after anything else at %s, and the ledger has the run as failed", async (stage) => {
    await failFirst(100, "P0001", stage);

    const isOfARow = stage === "writing rows";
    await expect(run()).rejects.toThrow(
      isOfARow ? /by a trigger or a type of the table: .*once more/ : /a trigger or function .* refused: got once more/,
    );

    // What of a chunk is refused is found by writing halves.
    expect(await tries()).toBe(isOfARow ? 3 : 1);
    const hasBegun = stage !== "beginning the run";
    const failed = { status: "failed", error: expect.stringContaining("once more"), inserted: isOfARow ? 0 : null };
    expect(await ledger()).toEqual(hasBegun ? [failed] : []);
  });

  test("bounded: a lasting failure is reported, and the ledger has the run as failed", async () => {
    await failFirst(100, "40001", "ending the run");

    await expect(run()).rejects.toThrow(/could not serialise/);

    expect(await tries()).toBe(6);
    expect(await ledger()).toMatchObject([{ status: "failed", error: expect.stringContaining("could not serialise") }]);
  });

  test("not with less time than another try may take, as near the end of a Lambda", async () => {
    const live = new LiveDatabase(database, { remainingMs: () => 10_000 });
    await failFirst(100, "40001", "ending the run");

    await expect(live.run((db) => db.updateTable("import_run").set({ judged: true }).execute())).rejects.toThrow(
      /could not serialise/,
    );

    expect(await tries()).toBe(1);
  });

  test("not where rejected rows cannot be kept, and the ledger has the run as failed all the same", async () => {
    await execute("alter table rejected_row add constraint full_disk check (raw = '')");
    appendFileSync(join(folder, "in", "0.csv"), "not,a,sale\n");

    await expect(run()).rejects.toThrow(/full_disk/);

    expect(await ledger()).toMatchObject([{ status: "failed", error: expect.stringContaining("full_disk") }]);
  });

  async function tries(): Promise<number> {
    const { rows } = await sql<{ tries: number }>`select last_value as tries from tries`.execute(database.db);
    return rows[0]?.tries ?? 0;
  }
});
