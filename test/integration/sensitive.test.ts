import { inspect } from "node:util";
import { type Kysely, sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { defineFeed } from "../../etl/core/contract/contract";
import type { TablesOf } from "../../etl/core/contract/types";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import type { CoreTables } from "../../etl/core/database/tables";
import { loadRecords } from "../../etl/core/load/load-records";
import type { Notification, Progress } from "../../etl/core/ports";
import { readSource, withinLimit } from "../../etl/core/runs/read-source";
import { type Pipeline, runPipeline } from "../../etl/core/runs/run-pipeline";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { sourceOf } from "../support/models/covid-run";
import { forget, load as loadPart, plan, run } from "../support/models/feeds/feed-run";

/** What must stand nowhere but in the table; it is a value that the contract lets in. */
const SECRET = "DE89370400440532013000";

const payments = defineFeed({
  name: "payments",
  table: "payments",
  columns: {
    id: { type: "integer" },
    note: { type: "text", nullable: true },
    iban: { type: "text", sensitive: true, pattern: "^[A-Z]{2}\\d+$" },
    amount: { type: "bigint" },
  },
  key: ["id"],
});
const HEADER = "id,note,iban,amount";
const GOOD = `1,fine,${SECRET},5`;

/** What a file has behind its header, or all of it. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  "a sensitive value that is none": `${HEADER}\n1,a,${SECRET}!,5\n`,
  "an ordinary value that is none": `${HEADER}\nx,a,${SECRET},5\n`,
  "a number beyond what a number holds": `${HEADER}\n1,a,${SECRET},9007199254740993\n`,
  "a row with a field too many": `${HEADER}\n1,a,b,${SECRET},5\n`,
  "a row with a field too few": `${HEADER}\n1,${SECRET},5\n`,
  "a row that is shifted, of the right width": `${HEADER}\n1,a,5,${SECRET}\n`,
  "a broken quote": `${HEADER}\n1,"a"b,${SECRET},5\n`,
  "a quote that swallows lines": `${HEADER}\n1,"a,${SECRET},5\n2,b,${SECRET},5\n`,
  "no header": `${GOOD}\n2,b,${SECRET},5\n`,
  "a header with a column twice": `id,${SECRET},id\n`,
  "text that is no UTF-8": Buffer.concat([Buffer.from(`${HEADER}\n1,${SECRET},`), Buffer.from([0xff, 10])]),
  "a line that is too long": `${HEADER}\n${SECRET}${"x".repeat(1_100_000)}\n`,
};

/** What a table does, by SQL; the row that is loaded keeps the contract. */
const tables: Readonly<Record<string, string>> = {
  "a check": "alter table payments add constraint few check (amount < 5)",
  "another unique column": `insert into payments (id, iban, amount) values (9, '${SECRET}', 1); create unique index on payments (iban)`,
  "a foreign key":
    "create table if not exists known (iban text primary key); alter table payments add foreign key (iban) references known",
  "a trigger": "create trigger stop before insert on payments for each row execute function stop_it('P0001')",
  "a trigger that raises an error of the server":
    "create trigger stop before insert on payments for each row execute function stop_it('XX001')",
  "a function of an index": "create index on payments (cast_it(iban))",
};

const functions = [
  `create or replace function stop_it() returns trigger language plpgsql as $$ begin
    raise exception 'no %', new.iban using errcode = tg_argv[0], detail = new.iban, hint = new.iban; end $$`,
  `create or replace function deny_it() returns trigger language plpgsql as $$ begin
    raise exception 'no %', new using errcode = '42501'; end $$`,
  `create or replace function cast_it(value text) returns integer immutable language plpgsql as $$ begin
    return value::integer; end $$`,
];

/** Whatever a person may come to see of a run: what was thrown, with all causes, and all that the ledgers keep. */
async function outputs<Tables>(db: Kysely<Tables>, ...told: readonly unknown[]): Promise<string> {
  const kept: unknown[] = [];
  for (const table of ["etl_run", "rejected_row", "import_run", "import_chunk", "import_object"]) {
    const { rows: there } = await sql<{ there: boolean }>`select to_regclass(${table}) is not null as there`.execute(
      db,
    );
    if (there[0]?.there === true)
      kept.push((await sql`select to_jsonb(t)::text from ${sql.table(table)} t`.execute(db)).rows);
  }
  return inspect([told, kept], { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

async function prepare<Tables>(db: Kysely<Tables>): Promise<void> {
  for (const statement of functions) await sql.raw(statement).execute(db);
}

/** Statement by statement: a prepared one is one. */
async function change<Tables>(db: Kysely<Tables>, statements: string): Promise<void> {
  for (const statement of statements.split("; ")) await sql.raw(statement).execute(db);
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a feed with a sensitive column that is imported", () => {
  let database: Database<FeedTables>;
  let objects: MemoryRangedObjects;

  beforeAll(async () => {
    database = await openPglite();
    await prepare(database.db);
  });
  beforeEach(async () => {
    objects = new MemoryRangedObjects({ piece: 65_536 });
    await forget(database, payments);
  });
  afterAll(() => database?.close());

  test.each(Object.keys(files).filter((what) => !what.includes("beyond")))(
    "tells nothing of it where there is %s",
    async (what) => {
      objects.put("a.csv", files[what] ?? "");

      const error = await thrownBy(run(database, { contract: payments, objects }));

      expect(error).toBeInstanceOf(Error);
      expect(await outputs(database.db, error)).not.toContain(SECRET.slice(0, 8));
    },
  );

  test("tells nothing of it where quotes of a part do not pair, behind the header or in it", async () => {
    objects.put("a.csv", `${HEADER}\n${`${GOOD}\n`.repeat(4)}1,"a,${SECRET},5\n`);
    const inRow = await thrownBy(run(database, { contract: payments, objects, chunkBytes: 64 }));
    objects.put("a.csv", `"${SECRET}\n${`${GOOD}\n`.repeat(4)}`);
    const inHeader = await thrownBy(run(database, { contract: payments, objects, chunkBytes: 64 }));

    expect(inRow).toMatchObject({ message: expect.stringContaining("hold a line break") });
    expect(inHeader).toMatchObject({ message: expect.stringContaining("hold a line break") });
    expect(await outputs(database.db, inRow, inHeader)).not.toContain(SECRET.slice(0, 8));
  });

  test("finds a header behind the first part without telling what stands there", async () => {
    objects.put("a.csv", `"${SECRET}\n${`${GOOD}\n`.repeat(4)}`);
    const parts = { contract: payments, objects, chunkBytes: 64 };

    const planned = await plan(database, parts);
    const second = planned.list.slice(1, 2);

    await Promise.all(second.map((part) => loadPart(database, planned, part, parts)));
    const error = await thrownBy(summariseFeed(new LiveDatabase(database), payments, planned.runId));

    expect(error).toMatchObject({ message: expect.stringContaining("hold a line break") });
    expect(await outputs(database.db, error)).not.toContain(SECRET.slice(0, 8));
  });

  test.each(Object.keys(tables))("tells nothing of it where %s of the table refuses a row", async (what) => {
    await run(database, { contract: payments, objects });
    await change(database.db, tables[what] ?? "");
    objects.put("a.csv", `${HEADER}\n${GOOD}\n`);

    const error = await thrownBy(run(database, { contract: payments, objects }));

    expect(error).toBeInstanceOf(Error);
    expect(await outputs(database.db, error)).not.toContain(SECRET.slice(0, 8));
  });

  test("says by which names of the contract a file without a header was looked at", async () => {
    objects.put("a.csv", files["no header"] ?? "");

    await expect(run(database, { contract: payments, objects })).rejects.toThrow(
      "The header has no column id: got 4 fields, of which 0 are names of the contract's columns",
    );
  });

  test("keeps SQLSTATE and names, and what to do", async () => {
    await run(database, { contract: payments, objects });
    await change(
      database.db,
      "create trigger deny before update on import_chunk for each row execute function deny_it()",
    );
    objects.put("a.csv", `${HEADER}\n${GOOD}\n`);

    await expect(run(database, { contract: payments, objects })).rejects.toThrow(
      /may not do this.*got SQLSTATE 42501; .*not shown.*Grant the privilege/,
    );
    await sql`drop trigger deny on import_chunk`.execute(database.db);
  });
});

type PaymentTables = TablesOf<typeof payments> & CoreTables;

describe("a feed with a sensitive column that is read as records", () => {
  let database: Database<PaymentTables>;
  const notifications: Notification[] = [];
  const warnings: string[] = [];
  const progress: Progress = { advance: () => undefined, finish: () => undefined };

  beforeAll(async () => {
    database = await openPglite();
    await prepare(database.db);
  });
  beforeEach(async () => {
    notifications.length = 0;
    warnings.length = 0;
    await sql`drop table if exists payments`.execute(database.db);
    await sql`create table payments (id integer primary key, note text, iban text, amount bigint)`.execute(database.db);
  });
  afterAll(() => database?.close());

  const load = (content: string | Uint8Array, key: "id" | "iban" = "id") => {
    const rest = (["id", "note", "iban", "amount"] as const).filter((column) => column !== key);
    const pipeline: Pipeline<PaymentTables> = {
      name: "payments",
      migrations: {},
      fetch: async () => [sourceOf("payments", content)],
      load: (trx, [source = sourceOf("payments", "")], of) => {
        const read = withinLimit(readSource(source, payments, of, progress), of, { rows: 0 }, "maxRejected");
        return loadRecords(trx, { table: "payments", key: [key], columns: rest, records: read, run: of.runId });
      },
    };
    return runPipeline(pipeline, {
      database,
      notifier: { notify: async (notification) => void notifications.push(notification) },
      onWait: () => undefined,
      onWarning: (text) => void warnings.push(text),
    });
  };
  const all = (told: unknown) => outputs(database.db, told, notifications, warnings);

  test.each(Object.keys(files))("tells nothing of it where there is %s", async (what) => {
    const error = await thrownBy(load(files[what] ?? ""));

    expect(error).toBeInstanceOf(Error);
    expect(notifications).toHaveLength(1);
    expect(await all(error)).not.toContain(SECRET.slice(0, 8));
  });

  test.each(Object.keys(tables))("tells nothing of it where %s of the table refuses a row", async (what) => {
    await change(database.db, tables[what] ?? "");

    const error = await thrownBy(load(`${HEADER}\n${GOOD}\n`));

    expect(error).toBeInstanceOf(Error);
    expect(notifications).toHaveLength(1);
    expect(await all(error)).not.toContain(SECRET.slice(0, 8));
  });

  test("counts what it revised, and tells neither the record nor its key", async () => {
    await sql`alter table payments drop constraint payments_pkey`.execute(database.db);
    await sql`create unique index on payments (iban)`.execute(database.db);
    await load(`${HEADER}\n${GOOD}\n`, "iban");

    const report = await load(`${HEADER}\n${GOOD.replace("fine", "")}\n`, "iban");

    expect(report).toMatchObject({ updated: 1, revisions: { total: 1, first: [] } });
    expect(report.warnings).toContainEqual(expect.stringContaining("note was known and is NULL now in 1 record. "));
    expect(await all(report)).not.toContain(SECRET.slice(0, 8));
  });
});
