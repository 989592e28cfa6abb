import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Kysely, sql } from "kysely";
import type * as z from "zod";
import type { Database } from "../../../etl/core/database/database";
import { migrate } from "../../../etl/core/database/migrate";
import { answerExport } from "../../../etl/core/export/answer-export";
import {
  type ExportEvent,
  exportEvent,
  hashesAnswer,
  pageAnswer,
  tablesAnswer,
} from "../../../etl/core/export/export-call";
import { exportPages } from "../../../etl/core/export/export-pages";
import { exportTables } from "../../../etl/core/export/export-tables";
import { importTables } from "../../../etl/core/export/import-tables";
import { feedMigrations } from "../../../etl/feeds/ledger/tables";
import { beginExport, endExport } from "../../../scripts/run/export/export-folder";
import { openExport } from "../../../scripts/run/export/open-export";

const TRICKY = `'\\N', '\\\\', '', '"', 'a,b', E'two\\nlines', E'\\r\\n\\t', ' spaces ', 'ünï 😀', null, E'\\\\.'`;

/** A page ends with its first piece of rows. */
const SMALL = { enough: 1, most: 50_000 };

interface Paging {
  readonly onPage?: (table: string, rows: number) => void;
  /** Done before the hashes are asked for. */
  readonly before?: () => Promise<unknown>;
}

/** What an export and its import must keep, on whichever engine `open` gives. */
export function describeExport(engine: string, open: () => Promise<Database<unknown>>): void {
  let database: Database<unknown>;
  let folder: string;
  const run = (statement: string) => sql.raw<Record<string, unknown>>(statement).execute(database.db);
  const empty = async () => {
    await run("drop schema public cascade");
    await run("create schema public");
  };
  const write = async (db: Kysely<unknown> = database.db) => {
    const { keep } = await beginExport(folder);
    const contractOf = (table: string) => (table === "shop" ? { name: "shop" } : undefined);
    const manifest = await exportTables(db, { keep, contractOf });
    await endExport(folder, manifest);
    return manifest;
  };
  /** By answers as the function `export` gives them, made small. */
  const writePages = async ({ onPage = () => undefined, before = async () => undefined }: Paging) => {
    const { keepPieces } = await beginExport(folder);
    const ask = async <Schema extends z.ZodType>(event: Omit<ExportEvent, "caller">, schema: Schema) => {
      const asked = exportEvent.parse({ ...event, caller: "test" });
      return schema.parse(JSON.parse(JSON.stringify(await answerExport(database.db, asked, SMALL))));
    };
    const pages = await exportPages(
      {
        tables: () => ask({ ask: "tables" }, tablesAnswer),
        page: ({ name: table, columns }, after) =>
          ask({ ask: "page", table, columns, after } as ExportEvent, pageAnswer),
        hashes: async () => {
          await before();
          return ask({ ask: "hashes" }, hashesAnswer);
        },
      },
      { keep: keepPieces, contractOf: () => null, onPage },
    );
    await endExport(folder, pages.manifest);
    return pages;
  };
  const restore = async () => {
    const { manifest, open: openFile } = await openExport(folder);
    const onCommit = jest.fn();
    await importTables(database.db, manifest, { open: openFile, onCommit });
    expect(onCommit).toHaveBeenCalledTimes(1);
  };

  describe(`an export from ${engine}`, () => {
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      await empty();
      folder = join(mkdtempSync(join(tmpdir(), "millrace-export-")), "out");
    });
    afterEach(() => rmSync(join(folder, ".."), { recursive: true }));
    afterAll(() => database?.close());

    test("gives every value back, with keys, constraints, indexes and the next number of an identity", async () => {
      // Prepare
      await run(`create table shop (id bigint generated always as identity primary key, "a ""b""" text, n numeric(20, 2) default 7,
        f float8, d date, at timestamptz not null default now(), j jsonb, u uuid, bytes bytea, tags text[], ok boolean,
        unique (u), check (n < 1e12))`);
      await run("create table part (shop bigint references shop, note varchar(9), char_ char(3))");
      await run("create index part_note on part (lower(note)) where note <> 'x'");
      await run(`insert into shop ("a ""b""", n, f, d, j, u, bytes, tags, ok) select text, 0.10 + n, 1 / (1 + n)::float8,
        '2026-02-28'::date - n::int * 100000, jsonb_build_object('k', text), gen_random_uuid(), sha256(n::text::bytea),
        array[text, null, ''], n % 2 = 0 from unnest(array[${TRICKY}]) with ordinality as t (text, n)`);
      await run("insert into shop (f, d) values ('NaN', 'infinity'), ('-Infinity', '0044-03-15 BC')");
      await run("insert into part select id, 'n' || id, 'c' from shop where id < 3");
      await run("create table nothing (a int)");
      await run("create table texts (a text)");
      await run('create table "Über/../x" (a int)');
      await run("insert into texts values (''), (null), (''), ('\\\\N')");
      await run('create table "daily-sales" (a int)');
      const rowsOf = async () =>
        Promise.all(
          ["shop", "part", "nothing", "texts"].map(
            async (name) => (await run(`select t::text from ${name} t order by 1`)).rows,
          ),
        );
      const before = await rowsOf();

      // Act
      const manifest = await write();
      await empty();
      await restore();
      const after = await rowsOf();
      const next = await run(`insert into shop (f) values (1) returning id`);
      const refused = await run("insert into part values (99)").catch((error: unknown) => String(error));
      folder = `${folder}-again`;
      await run("delete from shop where id > 13");
      const again = await write();

      // Assess
      expect(before.map(({ length }) => length)).toEqual([13, 2, 0, 4]);
      expect(after).toEqual(before);
      expect(next.rows).toEqual([{ id: 14 }]);
      expect(refused).toMatch(/part_shop_fkey/);
      const facts = ({ tables }: typeof manifest) =>
        tables.map(({ columns, ...table }) => ({
          ...table,
          columns: columns.map((column) => ({ ...column, lastValue: null })),
        }));
      expect(facts(again)).toEqual(facts(manifest));
      expect(manifest.tables.map(({ name, contract }) => [name, contract])).toEqual([
        ["daily-sales", null],
        ["nothing", null],
        ["part", null],
        ["shop", { name: "shop" }],
        ["texts", null],
        ["Über/../x", null],
      ]);
      expect(manifest.tables.map(({ file }) => file)).toEqual([
        "tables/daily-sales.csv.gz",
        "tables/nothing.csv.gz",
        "tables/part.csv.gz",
        "tables/shop.csv.gz",
        "tables/texts.csv.gz",
        "tables/6.csv.gz",
      ]);
    });

    test("in pages is the same as at once, however many pages a table has", async () => {
      // Prepare
      await run("create table shop (id bigint generated always as identity, note text)");
      await run(
        `insert into shop (note) select repeat(text, 300) || md5(n::text) from unnest(array[${TRICKY}]) as t (text), generate_series(1, 60) as n`,
      );
      await run("delete from shop where id % 7 = 0");
      await run("create table nothing (a int)");
      const { tables } = await write();
      folder = `${folder}-pages`;

      // Act
      const pages: string[] = [];
      const { manifest, sizes } = await writePages({ onPage: (table, rows) => pages.push(`${table} ${rows}`) });
      await empty();
      await restore();

      // Assess
      const facts = (all: typeof tables) => all.map(({ name, file, rows, rowHash }) => ({ name, file, rows, rowHash }));
      expect(facts(manifest.tables)).toEqual(facts(tables));
      expect(pages[0]).toBe("nothing 0");
      expect(pages.length).toBeGreaterThan(3);
      expect(pages.at(-1)).toBe(`shop ${tables[1]?.rows}`);
      expect(tables[1]?.rows).toBeGreaterThan(500);
      expect(sizes.get("shop")).toBeGreaterThan(100_000);
    });

    test.each([
      ["a row more", "insert into shop values (9, 'n')", /The table shop changed.*3 rows.*expected 4 rows/],
      ["another column", "alter table shop add b int", /The table shop changed/],
      ["another table", "create table later (a int)", /The table later changed/],
    ])("in pages is refused with %s meanwhile", async (_, change, message) => {
      await run("create table shop (id bigint, note text)");
      await run("insert into shop select n, 'n' from generate_series(1, 3) as n");

      const refused = await writePages({ before: () => run(change) }).catch((error: unknown) => String(error));

      expect(refused).toMatch(message);
    });

    test("in pages, of which a value changed meanwhile, cannot be restored", async () => {
      await run("create table shop (id bigint, note text)");
      await run("insert into shop select n, 'n' from generate_series(1, 3) as n");

      await writePages({ before: () => run("update shop set note = 'm' where id = 2") });
      await empty();

      await expect(restore()).rejects.toThrow(/The rows of shop are not those that were exported/);
    });

    test("in pages has no page larger than an answer may be", async () => {
      await run("create table shop (note text)");
      await run(
        "insert into shop select string_agg(sha256(n::text::bytea)::text, '') from generate_series(1, 2000) as n",
      );

      const refused = await writePages({}).catch((error: unknown) => String(error));

      expect(refused).toMatch(/A row of shop is too large for an export by pages: got \d+ bytes/);
    });

    test("keeps the ledgers, with which runs go on", async () => {
      await migrate(database.db, "import", feedMigrations);
      await run("insert into etl_run (id, pipeline, status) values (gen_random_uuid(), 'shop', 'succeeded')");
      await run(
        "insert into rejected_row (run, source, line, reason, raw) select id, 's', 1, 'r', E'a\\nb' from etl_run",
      );

      const { tables } = await write();
      await empty();
      await restore();
      await migrate(database.db, "import", feedMigrations);

      expect(tables.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["etl_run", "import_chunk", "rejected_row"]),
      );
      expect((await run("select raw from rejected_row join etl_run on etl_run.id = run")).rows).toEqual([
        { raw: "a\nb" },
      ]);
    });

    test("that was changed is not restored, not in part either", async () => {
      // Prepare
      await run("create table a (n int); ");
      await run("create table b (n int)");
      await run("insert into a values (1)");
      await run("insert into b values (1)");
      await write();
      const file = join(folder, "tables", "b.csv.gz");
      const changed = gzipSync(gunzipSync(readFileSync(file)).toString().replace('"1"', '"2"'));

      // Act
      const full = await restore().catch((error: unknown) => String(error));
      await empty();
      writeFileSync(file, changed);
      const other = await restore().catch((error: unknown) => String(error));
      const { manifest, open: openFile } = await openExport(folder);
      const sha256 = createHash("sha256").update(changed).digest("hex");
      const tables = manifest.tables.map((table) => (table.name === "b" ? { ...table, sha256 } : table));
      const forged = await importTables(
        database.db,
        { ...manifest, tables },
        { open: (table) => openFile(table) },
      ).catch((error: unknown) => String(error));
      const plain = "no gzip";
      writeFileSync(file, plain);
      const itsHash = createHash("sha256").update(plain).digest("hex");
      const unreadable = await importTables(
        database.db,
        { ...manifest, tables: tables.map((table) => (table.name === "b" ? { ...table, sha256: itsHash } : table)) },
        { open: openFile },
      ).catch((error: unknown) => String(error));
      rmSync(join(folder, "export.json"));
      const unended = await restore().catch((error: unknown) => String(error));

      // Assess
      expect(full).toMatch(/The schema public is not empty/);
      expect(other).toMatch(/A file of the export has changed.*b\.csv\.gz/s);
      expect(forged).toMatch(/The rows of b are not those that were exported/);
      expect(unreadable).toMatch(/incorrect header check/);
      expect(unended).toMatch(/There is no complete export/);
      expect((await run("select relname from pg_class where relnamespace = 'public'::regnamespace")).rows).toEqual([]);
    });

    test("is refused, with what it could not keep; views and tables of other schemas are named", async () => {
      await run("create table plain (n int)");
      await run("create view seen as select * from plain");
      await run("create schema other");
      await run("create table other.aside (n int)");
      const { without } = await write();
      await run("drop schema other cascade");
      await run("create type mood as enum ('ok')");
      await run("create table odd (a serial, m mood, g int generated always as (1) stored) partition by range (a)");
      folder = `${folder}-again`;

      const refused = await write().catch((error: unknown) => String(error));

      expect(without).toEqual(["the table other.aside", "the view seen"]);
      expect(refused).toMatch(
        /the generated column odd\.g; the partitioned table odd; the sequence of odd\.a; the type of odd\.m, mood/,
      );
    });
  });
}
