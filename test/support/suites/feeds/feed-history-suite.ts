import * as fc from "fast-check";
import { sql } from "kysely";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { summariseFeed } from "../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { undoFeed } from "../../../../etl/feeds/undo/undo-feed";
import type { MemoryRangedObjects } from "../../fakes/memory-ranged-objects";
import { csvOf, endLeases, load, type PlannedRun, plan, reading, readings, run } from "../../models/feeds/feed-run";
import { Killed, killedAfter } from "../../models/feeds/mortal-feed";
import { describeFeed } from "./describe-feed";

const contract: Feed = { ...readings, history: "full" };
/** A header and a row or two: objects are cut into several chunks. */
const CHUNK_BYTES = 90;

const row = fc.record({
  meter: fc.constantFrom<string>("a", "b", "c", "d"),
  value: fc.integer({ min: 1, max: 3 }),
  note: fc.constantFrom("", "x"),
});
const upload = fc.record({
  key: fc.constantFrom<string>("k1", "k2", "k3"),
  /** Seconds: an object that is older than a row's gives way. */
  age: fc.nat(2),
  rows: fc.array(row, { minLength: 1, maxLength: 5 }),
});
/** Where the worker of a chunk is killed, by the statements of its transaction, and what comes after. */
const death = fc.record({
  chunk: fc.nat(2),
  statements: fc.nat(24),
  next: fc.constantFrom("again" as const, "others" as const, "next run" as const),
});
const anyRun = fc.record({
  does: fc.constant("run" as const),
  uploads: fc.array(upload, { maxLength: 3 }),
  deaths: fc.array(death, { maxLength: 2 }),
});
const anyUndo = fc.record({
  does: fc.constant("undo" as const),
  back: fc.nat(2),
  /** The undo is killed after so many statements, if it has as many, and asked for again. */
  statements: fc.nat(60),
});
const anySteps = fc.array(fc.oneof({ weight: 3, arbitrary: anyRun }, { weight: 2, arbitrary: anyUndo }), {
  minLength: 3,
  maxLength: 6,
});

/** Going back in a feed's table: to a time, and from runs, wherever its workers were killed. */
export function describeFeedHistory(engine: string, open: () => Promise<Database<FeedTables>>, numRuns: number): void {
  describeFeed(`the history of a feed on ${engine}`, open, ({ database, objects }) => {
    test("any loads, corrected objects, deaths in chunks and undos: as it was at each time, and back to each state", async () => {
      const seen = { killed: 0, tried: 0, undone: 0, copies: 0 };
      await run(database, { contract, objects });
      await fc.assert(
        fc.asyncProperty(anySteps, async (steps) => {
          const world = new FeedWorld(database, objects, seen);
          await world.begin();
          for (const step of steps) await (step.does === "undo" ? world.undo(step) : world.run(step));
          await world.compareCopies();
        }),
        { numRuns, seed: 20 },
      );
      expect(seen.killed).toBeGreaterThan(numRuns / 2);
      expect(seen.tried).toBeGreaterThan(numRuns / 5);
      expect(seen.undone).toBeGreaterThan(numRuns / 2);
    });
  });
}

type Step<Arbitrary> = Arbitrary extends fc.Arbitrary<infer One> ? One : never;

type Seen = Record<"killed" | "tried" | "undone" | "copies", number>;

/** A feed, what its table was at times and before its runs. */
class FeedWorld {
  readonly #database: Database<FeedTables>;
  readonly #objects: MemoryRangedObjects;
  readonly #seen: Seen;
  readonly #copies: { readonly at: string; readonly rows: readonly string[] }[] = [];
  readonly #runs: { readonly id: string; readonly before: readonly string[] }[] = [];
  #uploads = 0;

  constructor(database: Database<FeedTables>, objects: MemoryRangedObjects, seen: Seen) {
    this.#database = database;
    this.#objects = objects;
    this.#seen = seen;
  }

  /** Its tables are there, and empty but for a row of a first run. */
  async begin(): Promise<void> {
    this.#objects.clear();
    const tables = sql`readings, import_request, import_chunk, import_run, import_object, rejected_row, mended_row, revision, load_history, inserted_key, removed_row, etl_run`;
    await sql`truncate ${tables}`.execute(this.#database.db);
    await this.run({
      does: "run",
      uploads: [{ key: "k0", age: 0, rows: [{ meter: "z", value: 1, note: "" }] }],
      deaths: [],
    });
  }

  async run({ uploads, deaths }: Step<typeof anyRun>): Promise<void> {
    for (const { key, age, rows } of uploads) this.#put(key, age, rows);
    await endLeases(this.#database);
    const before = await this.#read();
    const planned = await plan(this.#database, { contract, objects: this.#objects, chunkBytes: CHUNK_BYTES });
    this.#runs.push({ id: planned.runId, before });
    const left: PlannedRun["list"][number][] = [];
    let isAbandoned = false;
    for (const [at, chunk] of planned.list.entries()) {
      const dies = deaths.find((one) => one.chunk === at);
      if (dies !== undefined && (await this.#isKilled(planned, chunk, dies.statements))) {
        isAbandoned = dies.next === "next run";
        if (isAbandoned) break;
        if (dies.next === "others") {
          left.push(chunk);
          continue;
        }
        this.#seen.tried += 1;
      }
      await load(this.#database, planned, chunk, { contract, objects: this.#objects });
      await this.#copy();
    }
    for (const chunk of isAbandoned ? [] : left) {
      this.#seen.tried += 1;
      await load(this.#database, planned, chunk, { contract, objects: this.#objects });
      await this.#copy();
    }
    if (!isAbandoned) await summariseFeed(new LiveDatabase(this.#database), contract, planned.runId);
    await this.#copy();
  }

  /** Undoes a run and all after it. One that nobody ended cannot be undone before another run began. */
  async undo({ back, statements }: Step<typeof anyUndo>): Promise<void> {
    const from = this.#runs.at(-1 - back);
    if (from === undefined || (await this.#statusOf(from.id)) === "running") return;
    const before = await this.#read();
    const left = back === 0 ? before : this.#runs.at(-back)?.before;
    const wanted = { run: from.id, by: "test", isCascade: true };
    const undo = (on: Database<FeedTables>) =>
      undoFeed(new LiveDatabase(on), contract, wanted).catch((error: Error) => {
        if (!/This run changed nothing/.test(error.message)) throw error;
        expect(left).toEqual(from.before);
        return undefined;
      });
    let report = await undo(killedAfter(this.#database, statements)).catch(whenKilled);
    if (report === "killed") {
      this.#seen.killed += 1;
      expect(await this.#read()).toEqual(before);
      report = await undo(this.#database);
    }
    if (report === undefined) return;
    this.#seen.undone += report.runId === null ? 0 : 1;
    const after = await this.#read();
    expect([report.conflicts, after]).toEqual([0, from.before]);
    if (report.runId !== null) this.#runs.push({ id: report.runId, before });
    await this.#copy();
  }

  async compareCopies(): Promise<void> {
    for (const { at, rows } of this.#copies) {
      expect(await this.#read(sql`millrace_as_of(null::readings, ${at}::timestamptz)`)).toEqual(rows);
    }
  }

  /** Another object than all before, also under the name of one. */
  #put(key: string, age: number, rows: readonly Step<typeof row>[]): void {
    this.#uploads += 1;
    const at = new Date(Date.UTC(2099, 0, 1, 0, 0, this.#uploads - age));
    const unique = reading("own", { at: `2026-02-01T00:00:0${this.#uploads % 10}Z`, count: String(this.#uploads) });
    const lines = rows.map(({ meter, value, note }) => reading(meter, { value: `${value}.00`, note }));
    this.#objects.put(key, csvOf(...lines, unique), at);
  }

  /** Whether a worker died of it: with as many statements as a chunk needs, it did not. */
  async #isKilled(planned: PlannedRun, chunk: PlannedRun["list"][number], statements: number): Promise<boolean> {
    const before = await this.#read();
    const mortal = killedAfter(this.#database, statements);
    const counts = await load(mortal, planned, chunk, { contract, objects: this.#objects }).catch(whenKilled);
    if (counts !== "killed") return false;
    this.#seen.killed += 1;
    expect(await this.#read()).toEqual(before);
    return true;
  }

  async #statusOf(run: string): Promise<string | undefined> {
    const query = this.#database.db.selectFrom("etl_run").select("status").where("id", "=", run);
    return (await query.executeTakeFirst())?.status;
  }

  async #copy(): Promise<void> {
    this.#seen.copies += 1;
    const rows = await this.#read();
    const { rows: now } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(this.#database.db);
    this.#copies.push({ at: now[0]?.at ?? "", rows });
    await sql`select pg_sleep(0.001)`.execute(this.#database.db);
  }

  /** The contract's columns, in the key's order. */
  async #read(from = sql`readings`): Promise<readonly string[]> {
    const columns = sql.join(Object.keys(contract.columns).map((column) => sql.id(column)));
    const { rows } = await sql<{
      row: string;
    }>`select to_jsonb(r)::text as row from (select ${columns} from ${from} as t) r
      order by meter collate "C", at`.execute(this.#database.db);
    return rows.map((one) => one.row);
  }
}

function whenKilled(error: unknown): "killed" {
  if (error instanceof Killed || (error instanceof Error && error.cause instanceof Killed)) return "killed";
  throw error;
}
