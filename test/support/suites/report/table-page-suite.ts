import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { migrate } from "../../../../etl/core/database/migrate";
import type { CoreTables } from "../../../../etl/core/database/tables";
import { feedMigrations } from "../../../../etl/feeds/ledger/tables";
import { readTablePage, type TablePageOptions } from "../../../../etl/report/table/read-table-page";
import { renderTablePage } from "../../../../etl/report/table/render-table-page";
import { fillLargeTable } from "./large-table";

export const HOSTILE = `</script><img src=x onerror="alert(1)">'&`;
const now = new Date("2026-03-10T12:00:00Z");

/** The JSON that a page's charts are drawn from. */
export function embeddedIn(page: string): { days: string[]; values: Record<string, unknown>[] } {
  return JSON.parse(/<script type="application\/json" id="series">(.*?)<\/script>/.exec(page)?.[1] ?? "null");
}

/** What the page of any table must say, on whichever engine `open` gives. */
export function describeTablePage(engine: string, open: () => Promise<Database<CoreTables>>): void {
  let database: Database<CoreTables>;
  const run = (statement: string) => sql.raw(statement).execute(database.db);
  const read = (options: TablePageOptions = {}, table = "sales") =>
    readTablePage(database.db, { pipeline: "shop", table }, { now, ...options });
  const keepRun = async (facts: object = {}) => {
    const id = randomUUID();
    const values = { id, pipeline: "shop", status: "succeeded" as const, started: "2026-03-09T06:00:00Z" };
    await database.db
      .insertInto("etl_run")
      .values({ ...values, ...facts })
      .execute();
    return id;
  };

  describe(`the page of a table from ${engine}`, () => {
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      await run("drop schema public cascade");
      await run("create schema public");
      await migrate(database.db, "shop", {});
    });
    afterAll(() => database?.close());

    test("adds rows and numbers up by the day of the key, and takes keys for no numbers", async () => {
      // Prepare
      await run(`create table sales (sale_id bigint, seen timestamptz, day date, amount numeric(20, 2), weight real,
        primary key (sale_id, day))`);
      await run(`insert into sales values
        (1, now(), '2026-03-01', 90071992547409.93, 1.5), (2, now(), '2026-03-01', 0.01, null),
        (3, now(), '2026-03-03', -5, 'Infinity')`);

      // Act
      const page = await read();

      // Assess
      expect(page.byDay).toEqual({
        value: {
          dayColumn: "day",
          days: ["2026-03-01", "2026-03-02", "2026-03-03"],
          rows: 3,
          undated: 0,
          figures: [
            { title: "Rows", total: "3", perDay: [2, 0, 1], cumulative: [2, 2, 3] },
            {
              title: "amount",
              column: "amount",
              total: "90071992547404.94",
              perDay: [90071992547409.94, 0, -5],
              cumulative: [90071992547409.94, 90071992547409.94, 90071992547404.94],
            },
            { title: "weight", column: "weight", total: "NaN", perDay: [1.5, 0, null], cumulative: [1.5, 1.5, null] },
          ],
        },
      });
      const html = renderTablePage(page);
      expect(html).toContain('<data value="90071992547404.94" data-column="amount">90,071,992,547,404.94</data>');
      expect(html).toContain("newest row: \u22125.00");
      expect(embeddedIn(html).values.map(({ title }) => title)).toEqual(["Rows", "amount", "weight"]);
    });

    test("the mean of seven days is right after a gap, however long", async () => {
      await run("create table sales (day date, n int)");
      await run("insert into sales select '2026-01-01'::date + d, 7 from generate_series(0, 6) d");
      await run("insert into sales values ('2026-02-28', 70)");

      const { values } = embeddedIn(renderTablePage(await read()));

      expect(values[1]?.mean).toEqual([...Array(6).fill(null), 7, 6, 5, 4, 3, 2, 1, 0, 10]);
    });

    test("days that no calendar has are counted and not drawn", async () => {
      await run("create table sales (at timestamp, n int)");
      await run("insert into sales values ('infinity', 1), (null, 2), ('0044-03-15 BC', 3), ('2026-03-01 23:59', 4)");

      const page = await read();

      expect(page.byDay).toMatchObject({ value: { days: ["2026-03-01"], undated: 3, rows: 4 } });
      expect(renderTablePage(page)).toContain("3 rows have no day in at");
    });

    test("a table without days has figures, and no charts", async () => {
      await run("create table sales (shop text primary key, stock int)");
      await run("insert into sales values ('a', 1), ('b', 2)");

      const html = renderTablePage(await read());

      expect(html).toContain('<data value="3" data-column="stock">3</data>');
      expect(html).not.toContain('id="series"');
      expect(html).toContain("by shop");
    });

    test.each(["empty", "missing"])("a table that is %s is reported", async (kind) => {
      if (kind === "empty") await run("create table sales (day date, n int)");
      const html = renderTablePage(await read());
      expect(html).toContain(kind === "empty" ? "The table has no row." : "No table yet");
    });

    test("a database that no pipeline ran on has pages, too", async () => {
      await run("drop table revision, rejected_row, etl_run");
      expect(renderTablePage(await read())).toContain("No table yet");
    });

    test("names and values are text, whatever they look like", async () => {
      // Prepare
      const column = HOSTILE.replaceAll('"', '""');
      await run(`create table "${column}" ("${column}" text, "a.b ""c""" int, day date)`);
      await run(`insert into "${column}" values ('${HOSTILE.replaceAll("'", "''")}', 1, '2026-03-01')`);
      const id = await keepRun({ error: HOSTILE, warnings: JSON.stringify([HOSTILE]) });
      const rejected = { run: id, source: HOSTILE, line: 1, reason: HOSTILE, raw: HOSTILE, byte_offset: null };
      await database.db.insertInto("rejected_row").values(rejected).execute();
      const image = (value: unknown) => JSON.stringify({ [HOSTILE]: value });
      const revision = { run: id, table_name: HOSTILE, key: image(HOSTILE), before: image(HOSTILE), after: image(1) };
      await database.db.insertInto("revision").values(revision).execute();

      // Act
      const html = renderTablePage(await read({}, HOSTILE));

      // Assess
      const shown = html.replaceAll("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;", "SHOWN");
      expect(shown).not.toContain("<img");
      expect(shown).not.toContain("onerror");
      expect(shown.match(/SHOWN/g)?.length).toBeGreaterThanOrEqual(10);
      expect(shown).toContain('data-label="a.b &quot;c&quot;"');
    });

    test("what pages.hide names is nowhere on the page", async () => {
      // Prepare
      const secret = "alice@example.com";
      await run("create table sales (mail text primary key, pay int, day date, other text)");
      await run(`insert into sales values ('${secret}', 424242, '2026-03-01', 'seen')`);
      const quoted = `mail: got ${JSON.stringify(`"${secret}`)}, expected none`;
      const id = await keepRun({ error: quoted, warnings: JSON.stringify([quoted]) });
      await keepRun({ error: quoted, warnings: JSON.stringify([quoted]), started: "2026-03-08T06:00:00Z" });
      const rejected = { run: id, source: "s", line: 1, reason: quoted, raw: `1,${secret}`, byte_offset: null };
      await database.db.insertInto("rejected_row").values(rejected).execute();
      const image = (pay: number, other: string) => JSON.stringify({ mail: secret, pay, other });
      await database.db
        .insertInto("revision")
        .values({ run: id, table_name: "sales", key: image(1, "k"), before: image(424242, "a"), after: image(7, "b") })
        .execute();

      // Act
      const [html, whole] = [
        renderTablePage(await read({ hide: ["mail", "sales.pay", "elsewhere.other"] })),
        renderTablePage(await read()),
      ];

      // Assess
      for (const text of [secret, "424242", "424,242"]) {
        expect(html).not.toContain(text);
        if (text !== "424242") expect(whole).toContain(text);
      }
      expect(html).toContain("seen");
    });

    test("the revision radar says how many days a run revised, how far back and by how much; days of a hidden key it does not", async () => {
      // Prepare
      await run("create table sales (shop text, day date, amount numeric, note text, primary key (shop, day))");
      const id = await keepRun();
      await run(`insert into revision (run, table_name, key, before, after)
        select '${id}', 'sales', jsonb_build_object('shop', 's' || n, 'day', '2026-03-0' || (n + 1) / 2),
          jsonb_build_object('amount', 1000.5, 'note', 'a'), jsonb_build_object('amount', 1000.5 - 600 * n, 'note', 'b')
        from generate_series(1, 4) n`);

      // Act
      const { radar } = await read();
      const html = renderTablePage(await read());
      const hidden = await read({ hide: ["day", "note"] });

      // Assess
      expect(radar).toEqual({
        value: {
          shown: [
            {
              ...{
                run: id,
                started: "2026-03-09 06:00",
                table: "sales",
                column: "amount",
                records: 4,
                days: 2,
                daysBack: 8,
              },
              ...{ oldest: "2026-03-01", newest: "2026-03-02", sum: "-6000.0", largest: "-2400.0" },
            },
            expect.objectContaining({ column: "note", records: 4, sum: null, largest: null }),
          ],
          total: 2,
        },
      });
      expect(html).toContain("Revision radar");
      expect(html).toContain("\u22122,400.0");
      expect(hidden.radar).toMatchObject({
        value: { shown: [{ column: "amount", oldest: null, newest: null, days: null, daysBack: null }], total: 1 },
      });
    });

    test("has what each run cost, by its own time or by that of its chunks, where it runs on AWS", async () => {
      // Prepare
      await run("create table sales (id int primary key)");
      await migrate(database.db, "feeds", feedMigrations);
      const finished = "2026-03-09T06:16:40Z";
      const [loaded, idle] = [
        await keepRun({ finished }),
        await keepRun({ finished, started: "2026-03-08T06:00:00Z" }),
      ];
      await run(
        "insert into import_object (target, location, etag, last_modified, bytes) values ('sales', 'a', 'e', now(), 2)",
      );
      await run(`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
        values ('${loaded}', 'shop', 'folder', 1, 2, 2, 0)`);
      await run(`insert into import_chunk (run, object, first, past, seconds)
        select '${loaded}', id, n, n + 1, 50 from import_object, generate_series(0, 1) n`);
      const shape = { engine: "distributed-map", memoryMb: 1024, region: "us-east-1" } as const;

      // Act
      const page = await read({ shapes: { shop: shape } });
      const onLaptop = await read();

      // Assess
      const shown = [{ chunks: { count: 2, seconds: 100 } }, { id: idle, chunks: null }];
      expect(page.ledger).toMatchObject({ value: { runs: { shown } } });
      expect(renderTablePage(page)).toContain("took 16 min 40 s, cost 0.0017 USD");
      expect(renderTablePage(onLaptop)).not.toContain("USD");
    });

    test("a part that fails leaves the others, and its reason to the log", async () => {
      // Prepare
      await run("create table base (day date, n int)");
      await run("insert into base values ('2026-03-01', 0)");
      await run("create view sales as select day, 1 / n as share from base");
      await keepRun();
      const failed: string[] = [];

      // Act
      const page = await read({ onFailure: (section) => failed.push(section) });

      // Assess
      expect(failed).toEqual(["newest rows", "rows by day"]);
      expect(page.ledger).toMatchObject({ value: { runs: { total: 1 } } });
      expect(renderTablePage(page)).toContain("This could not be read (22012)");
    });

    test("no time is no failure of the page", async () => {
      await run("create table sales (day date, n int)");
      const page = await read({ timeLimitMs: 0 });
      expect(renderTablePage(page)).toContain("The time for this page was over");
    });

    test("says how many changes it does not list", async () => {
      const id = await keepRun();
      await run(`insert into revision (run, table_name, key, before, after) select '${id}', 'sales', jsonb_build_object('k', r),
        (select jsonb_object_agg('c' || c, 1) from generate_series(1, 50) c), (select jsonb_object_agg('c' || c, 2)
        from generate_series(1, 50) c) from generate_series(1, 7) r`);
      expect(renderTablePage(await read())).toContain("50 more changes of these");
    });

    test("is at most 2 MB, with many rows, columns, days, runs and long texts", async () => {
      // Prepare
      await fillLargeTable(run, keepRun);

      // Act: its time is not what this is about.
      const html = renderTablePage(await read({ timeLimitMs: 600_000 }));

      // Assess
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(2_000_000);
      expect(html).toContain('id="rows"');
      expect(html).toContain(" of 201.");
      expect(embeddedIn(html).days).toHaveLength(1_500);
    });
  });
}
