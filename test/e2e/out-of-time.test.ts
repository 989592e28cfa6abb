import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import type { CoreTables } from "../../etl/core/database/tables";
import type { Source } from "../../etl/core/ports";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { MemoryLists } from "../../etl/feeds/plan/memory-lists";
import { type PlanOptions, planFeed } from "../../etl/feeds/plan/plan";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { asStepError, OUT_OF_TIME } from "../../handlers/step-error";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow, runCovidOn, sourceOf } from "../support/models/covid-run";
import { csvOf, reading, readings, run } from "../support/models/feeds/feed-run";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

/** What the function has left: as much as the work needs to come to where it hangs, and what is kept to tell it. */
const LEFT_MS = 8_000;

const cases = [CASES_HEADER, "2020-01-21,1,0"].join("\n");
const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n");
const never = () => new Promise<never>(() => undefined);

describeUnless(postgresMissing, "a step whose time is up", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  /** A database of its own, in which `prepare` has run, and a function that has little time left. */
  async function stageOf<Tables extends CoreTables>(name: string, prepare: (db: Database<Tables>) => Promise<unknown>) {
    await server.query("postgres", `create database ${name}`);
    const watcher = await openPostgres<Tables>(server.url(name));
    await prepare(watcher);
    const end = Date.now() + LEFT_MS;
    const remainingMs = () => end - Date.now();
    const live = new LiveDatabase(await openPostgres<Tables>(server.url(name), { remainingMs }), { remainingMs });
    const ledger = async () =>
      (await sql`select status, error from etl_run order by started desc limit 1`.execute(watcher.db)).rows;
    const close = async () => {
      await live.close();
      await watcher.close();
    };
    return { watcher, live, remainingMs, ledger, close };
  }

  const hanging = (name: string): Source => ({ name, location: `memory:${name}`, open: never });
  test.concurrent.each<[string, string, () => Promise<readonly Source[]>]>([
    ["in a download", "download", never],
    ["before a source is open", "opening", async () => [sourceOf("cases", cases), hanging("recoveries")]],
    ["while a source is copied", "copying", async () => [hanging("cases"), sourceOf("recoveries", recoveries)]],
  ])("%s says so, has the run in the ledger as failed, and the next one completes", async (_, name, fetch) => {
    // Prepare
    const { watcher, live, remainingMs, ledger, close } = await stageOf<CovidTables>(name, (database) =>
      runCovidOn(database, cases, recoveries),
    );

    // Act
    const outcome = await failureOf(runCovidOn(live, "", "", { fetch }));

    // Assess
    expect(remainingMs()).toBeGreaterThan(0);
    expect(asStepError(outcome)).toMatchObject({ name: OUT_OF_TIME });
    expect(await ledger()).toEqual([{ status: "failed", error: outcome.message }]);
    const next = await runCovidOn(watcher, cases, recoveries);
    expect(next).toMatchObject({ status: "succeeded", unchanged: 1, warnings: [] });
    await close();
  });

  const list = () => ({ contract: readings, objects: objectsOf(csvOf(reading("m1"))), manifests: new MemoryLists() });
  class EndlessObjects extends MemoryRangedObjects {
    override async *list(): AsyncGenerator<never> {
      yield await never();
    }
  }
  test.concurrent.each<[string, string, Partial<PlanOptions>]>([
    ["in a listing", "listing", { objects: new EndlessObjects() }],
    ["in a manifest", "manifest", { manifests: Object.assign(new MemoryLists(), { put: never }) }],
    ["at a lock", "locked", {}],
  ])("%s has a planned import in the ledger as failed", async (_, name, changes) => {
    // Prepare
    const { watcher, live, remainingMs, ledger, close } = await stageOf<FeedTables>(name, (database) =>
      run(database, list()),
    );
    await sql`begin`.execute(watcher.db);
    if (name === "locked") await sql`lock table import_object`.execute(watcher.db);

    // Act
    const outcome = await failureOf(planFeed(live, { ...list(), ...changes }));

    // Assess
    expect(remainingMs()).toBeGreaterThan(0);
    await sql`rollback`.execute(watcher.db);
    expect(asStepError(outcome)).toMatchObject({ name: OUT_OF_TIME });
    expect(await ledger()).toEqual([{ status: "failed", error: outcome.message }]);
    await close();
  });
});

function objectsOf(content: string): MemoryRangedObjects {
  const objects = new MemoryRangedObjects();
  objects.put("a", content);
  return objects;
}

function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => Promise.reject(new Error("it succeeded")),
    (error) => error,
  );
}
