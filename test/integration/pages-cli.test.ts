import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { migrate } from "../../etl/core/database/migrate";
import type { CoreTables } from "../../etl/core/database/tables";
import { feedMigrations } from "../../etl/feeds/ledger/tables";
import { writePages } from "../../scripts/run/pages/write-pages";
import { FILES } from "../support/files/orders-files";
import { readings } from "../support/models/feeds/feed-run";
import { runEtl } from "../support/processes/run-etl";

let folder: string;
const page = (...path: string[]) => readFileSync(join(folder, ".millrace", "pages", ...path), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-pages-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("npm run etl -- pages writes a page for each pipeline that ran, and the index", async () => {
  // Prepare
  mkdirSync(join(folder, "incoming"));
  for (const kind of ["customers", "orders", "items"] as const) {
    writeFileSync(join(folder, "incoming", `${kind}_20230828.csv`), FILES[kind]);
  }
  const runs = [
    ["feed", "sales", "--quiet"],
    ["covid", "--quiet"],
    ["orders", "incoming", "--quiet"],
  ];
  for (const args of runs) expect(await runEtl(folder, args)).toMatchObject({ code: 0 });
  const { stdout } = await runEtl(folder, ["metadata", join("incoming", "orders_20230828.csv")]);
  writeFileSync(join(folder, "uploads.jsonl"), stdout);
  const hide = { pages: { hide: ["sales.product"] } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(hide));

  // Act
  const env = { MILLRACE_CONFIG: join(folder, "config.json") };
  const end = await runEtl(folder, ["pages", "--uploads", "uploads.jsonl"], env);

  // Assess
  expect(end).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("4 pages, and an index of all") });
  const index = page("index.html");
  for (const name of ["covid", "sales", "orders", "metadata"]) {
    expect(index).toContain(`<a href="${name}/index.html">${name}</a>`);
  }
  expect(page("covid", "index.html")).toContain('data-column="cases"');
  expect(page("sales", "index.html")).toContain('data-column="amount"');
  expect(page("sales", "index.html")).not.toContain('data-label="product"');
  // Where a row came from is no figure.
  expect(page("sales", "index.html")).not.toContain('data-column="source_offset"');
  expect(page("orders", "index.html")).toContain("<b>20230828</b>");
  expect(page("metadata", "index.html")).toContain("text/csv");
});

test("looking makes no database, and an index without pipelines says so", async () => {
  const end = await runEtl(folder, ["pages"]);
  expect(end).toMatchObject({ code: 0, stdout: expect.stringContaining("0 pages") });
  expect(page("index.html")).toContain("No pipeline ran yet");
  expect(() => page("..", "db", "PG_VERSION")).toThrow("ENOENT");
});

test("a line that is not from etl metadata is reported, and the earlier pages stay", async () => {
  expect(await runEtl(folder, ["pages"])).toMatchObject({ code: 0 });
  const before = page("index.html");
  writeFileSync(join(folder, "uploads.jsonl"), '{"size": -1}\n');
  const end = await runEtl(folder, ["pages", "--uploads", "uploads.jsonl"]);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toMatch(/^error: The line is not from etl metadata[\s\S]*uploads.jsonl/);
  expect(end.stderr).not.toContain("    at ");
  expect(page("index.html")).toBe(before);
});

test("each table of a feed has a page, and no name leads out of the folder or to the page of another", async () => {
  // Prepare
  const database = await openPglite<CoreTables>();
  await migrate(database.db, "import", feedMigrations);
  await sql`insert into etl_run (id, pipeline, status) values
    (gen_random_uuid(), 'meters', 'failed'), (gen_random_uuid(), '../../up <b>', 'succeeded'),
    (gen_random_uuid(), '../../up %b', 'succeeded'), (gen_random_uuid(), '../../up _25b', 'succeeded')`.execute(
    database.db,
  );
  await sql`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
    select id, pipeline, 's3://raw/', 2, 2, 2, 0 from etl_run where pipeline = 'meters'`.execute(database.db);
  await sql`with object as (insert into import_object (target, location, etag, last_modified, bytes) values
      (${readings.table}, 'a', '1', now(), 1), ('shop.sales', 'b', '2', now(), 1) returning id)
    insert into import_chunk (run, object, first, past) select run, id, 0, 1 from import_run, object`.execute(
    database.db,
  );

  // Act
  const pages = join(folder, ".millrace", "pages");
  const written = await writePages(database.db, pages, { ordersFolder: join(folder, "none") });
  await database.close();

  // Assess
  const index = page("index.html");
  const links = [...index.matchAll(/<a href="([^"]*)">/g)].map(([, href = ""]) => href);
  expect(written.pages).toBe(5);
  expect(links).toEqual([
    "meters-readings/index.html",
    ...["meters-shop-sales", "-up-b", "-up-b-", "-up-_25b"].map((readable) => {
      return expect.stringMatching(new RegExp(`^${readable}\\.[0-9a-f]{16}/index\\.html$`));
    }),
  ]);
  expect(new Set(links.map((href) => href.toLowerCase())).size).toBe(5);
  expect(index).toContain("../../up &lt;b&gt;");
  for (const href of links) expect(readFileSync(join(pages, href), "utf8")).toContain("<!doctype html>");
});
