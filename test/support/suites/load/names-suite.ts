import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import type { RevisionTable } from "../../../../etl/core/database/tables";
import { encodeCopyText } from "../../../../etl/core/load/copy-text";
import { loadRecords } from "../../../../etl/core/load/load-records";
import { copyIntoStage, countPages, createStage, dropStage } from "../../../../etl/core/load/stage";
import { NO_HABITS } from "../../../../etl/core/load/table-habits";
import { upsertStage } from "../../../../etl/core/load/upsert";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { upsertNewest } from "../../../../etl/feeds/load/upsert-newest";
import { MemoryRangedObjects } from "../../fakes/memory-ranged-objects";
import { plan, run } from "../../models/feeds/feed-run";
import { batchesOf } from "../../models/stock";

const ROOT = join(__dirname, "../../../../etl");
const STATEMENTS = ["stage", "upsert", "revise", "pieces", "compare-written", "plain-first"]
  .map((name) => `core/load/${name}.ts`)
  .concat("feeds/load/upsert-newest.ts", "feeds/target/create-target.ts");
const SYSTEM = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "source_object", "source_offset"];

/** Were names of helper columns once. */
const OTHERS = ["page", "first", "last", "past", "is_new", "is_insert", "least_0", "greatest_0", "offset", "written"];

/** Each word of the files that write the loaders' statements: a table may have a column of any of these names. */
const WORDS = [
  ...new Set([
    ...OTHERS,
    ...STATEMENTS.flatMap((file) => readFileSync(join(ROOT, file), "utf8").match(/\b[a-z][a-z0-9_]*\b/g) ?? []),
  ]),
].filter((word) => !SYSTEM.includes(word) && !word.startsWith("millrace_"));

type Row = Record<string, string>;
type Tables = { readonly [table: string]: Row } & { readonly revision: RevisionTable };

/** Tables whose columns are called as what the loaders' own SQL has, and tables that have nothing but their key. */
export function describeNames(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describe(`names of columns on ${engine}`, () => {
    let database: Database<FeedTables>;
    let runId: string;

    beforeAll(async () => {
      database = await open();
      ({ runId } = await plan(database, { contract: pairs, objects: new MemoryRangedObjects() }));
    });
    afterAll(() => database?.close());

    const any = () => database as unknown as Database<Tables>;
    const row = (at: number, mark: string): Row =>
      Object.fromEntries(WORDS.map((word) => [word, `${String(at).padStart(6, "0")} ${mark}`]));

    test("the statements have words", () => {
      expect(WORDS.length).toBeGreaterThan(150);
      expect(WORDS).toEqual(expect.arrayContaining(["select", "t", "s", "d", "differing", "joined", "paged"]));
    });

    test.each(["page", "last", "key"])(
      "any of them, with %s as the key, loads records with their revisions",
      async (key) => {
        // Prepare
        await makeTable(any().db, "worded", WORDS, [key]);
        const columns = WORDS.filter((word) => word !== key);
        const load = (rows: readonly Row[]) =>
          any()
            .db.transaction()
            .execute((trx) =>
              loadRecords(trx, {
                table: "worded",
                key: [key],
                columns,
                records: batchesOf(rows, 2),
                run: runId,
              }),
            );
        const changed = { ...row(1, "a"), [columns[0] ?? ""]: "changed" };

        // Act
        const first = await load([row(1, "a"), row(2, "a")]);
        const second = await load([row(3, "a"), changed, { ...changed }, row(2, "a")]);

        // Assess
        expect(first).toMatchObject({ inserted: 2, updated: 0 });
        expect(second).toMatchObject({ inserted: 1, updated: 1, unchanged: 1, duplicates: 1, revisions: 1 });
      },
    );

    test.each([true, false])("any of them is joined piece by piece (rows read at once: %s)", async (isDense) => {
      // Prepare
      await makeTable(any().db, "worded", [...WORDS, "source_object", "source_offset"], ["page"]);
      const columns = WORDS.filter((word) => word !== "page");
      const target = { table: "worded", key: ["page"], columns };
      const rows = Array.from({ length: 9 }, (_, at) => row(at, "a"));
      const inPieces = (write: "records" | "import") =>
        any()
          .db.transaction()
          .execute(async (trx) => {
            const staged = ["page", ...columns, "source_offset"];
            await createStage(trx, "worded", staged);
            const records = rows.map((each, at) => ({ ...each, source_offset: at }));
            await copyIntoStage(
              trx,
              staged,
              encodeCopyText(batchesOf(records, 3), staged, () => undefined),
            );
            const pieces = { pages: await countPages(trx), size: 1, isDense };
            const counts =
              write === "records"
                ? await upsertStage(trx, target, { history: undefined, pieces, habits: NO_HABITS })
                : await upsertNewest(trx as never, target, {
                    object: 1,
                    pieces,
                    habits: NO_HABITS,
                    name: { full: `public.${target.table}`, ledger: target.table },
                    history: undefined,
                  });
            await dropStage(trx);
            return counts;
          });

      // Act, Assess
      expect(await inPieces("records")).toMatchObject({ inserted: rows.length, updated: 0 });
      expect(await inPieces("records")).toMatchObject({ inserted: 0, updated: 0 });
      await sql`truncate worded`.execute(database.db);
      expect(await inPieces("import")).toMatchObject({ inserted: rows.length, updated: 0 });
      expect(await inPieces("import")).toMatchObject({ inserted: 0, updated: 0 });
    });

    test("any of them is imported, the newest object wins", async () => {
      // Prepare
      const contract: Feed = {
        name: "worded-import",
        table: "worded_import",
        columns: Object.fromEntries(WORDS.map((word) => [word, { type: "text", nullable: word !== "page" }])),
        key: ["page"],
      };
      const objects = new MemoryRangedObjects();
      const csv = (...rows: readonly Row[]) =>
        [WORDS.join(), ...rows.map((each) => WORDS.map((word) => each[word]).join())].join("\n");

      // Act
      objects.put("1.csv", csv(row(2, "a"), row(1, "a"), row(1, "a")));
      const first = await run(database, { contract, objects });
      objects.put("2.csv", csv({ ...row(1, "a"), fate: "changed" }, row(3, "a")));
      const second = await run(database, { contract, objects });

      // Assess
      expect(first).toMatchObject({ inserted: 2, updated: 0, superseded: 1 });
      expect(second).toMatchObject({ inserted: 1, updated: 1 });
    });

    test.each([
      ["one column", ["a"]],
      ["nothing but its key", ["a", "b"]],
    ])("a table of %s takes records and imports, and twice is once", async (_what, key) => {
      // Prepare
      const table = `keys_${key.length}`;
      await makeTable(any().db, table, key, key);
      const values = (at: number): Row => Object.fromEntries(key.map((column) => [column, `${column}${at}`]));
      const load = () =>
        any()
          .db.transaction()
          .execute((trx) =>
            loadRecords(trx, {
              table,
              key: key as [string],
              columns: [],
              records: batchesOf([values(2), values(1), values(2)], 2),
              run: runId,
            }),
          );
      const contract = { ...pairs, name: table, table: `${table}_import`, key: key as [string] };
      const columns = Object.fromEntries(key.map((column) => [column, { type: "text" }] as const));
      const objects = new MemoryRangedObjects();
      objects.put("1.csv", `${key.join()}\n${key.map(() => "x").join()}\n${key.map(() => "y").join()}\n`);

      // Act, Assess
      expect(await load()).toMatchObject({ inserted: 2, updated: 0, duplicates: 1, revisions: 0 });
      expect(await load()).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
      const imported = { contract: { ...contract, columns }, objects };
      expect(await run(database, imported)).toMatchObject({ inserted: 2, updated: 0 });
      expect(await run(database, { ...imported, full: true })).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
    });
  });
}

const pairs: Feed = {
  name: "pairs",
  table: "pairs_of_names",
  columns: { a: { type: "text" }, b: { type: "text" } },
  key: ["a"],
};

async function makeTable(db: Kysely<Tables>, table: string, columns: readonly string[], key: readonly string[]) {
  const typed = columns.map(
    (column) => sql`${sql.id(column)} ${sql.raw(column.startsWith("source_") ? "bigint" : "text")}`,
  );
  await sql`drop table if exists ${sql.table(table)}`.execute(db);
  await sql`create table ${sql.table(table)} (${sql.join(typed)}, primary key (${sql.join(key.map((column) => sql.id(column)))}))`.execute(
    db,
  );
}
