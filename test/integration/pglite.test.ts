import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite, types } from "@electric-sql/pglite";
import { identifyProcess } from "../../etl/adapters/files/process-identity";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { createStock, loadStock, makeStock, readStock, type StockTables } from "../support/models/stock";
import { describeTypes } from "../support/suites/load/types-suite";

describeTypes("PGlite", openPglite);

describe("openPglite", () => {
  const cache = cacheFolder();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-pglite-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("keeps what was loaded from one opening to the next", async () => {
    const directory = join(folder, "deep", "db");
    const first = await openPglite<StockTables>(directory, { cache });
    await createStock(first.db);
    await loadStock(first, [makeStock()]);
    await first.close();

    const second = await openPglite<StockTables>(directory, { cache });
    expect(await readStock(second)).toEqual([makeStock({ amount: "1.5000" })]);
    await second.close();
  });

  test("reads arrays as PGlite does, of each type, and hears no debug messages", async () => {
    const queries = [
      "select null::text[] as none, '{}'::text[] as empty, '{a,NULL,\"b,c\"}'::text[] as text",
      "select '{1,2}'::bigint[] as bigint, '{{1,2},{3,NULL}}'::int[] as nested, array[1.5]::numeric[] as numeric",
      "select array['a', 'b']::name[] as name, array[true]::bool[] as bool, array['[1]']::jsonb[] as jsonb",
      "select array[1] as twice, 'text' as twice from generate_series(1, 2)",
      "select 'text' as twice, array[1] as twice, 1::bigint as other",
    ];
    const notices: string[] = [];
    const { pglite, close } = await openPglite();
    const plain = await PGlite.create({ parsers: { [types.INT8]: Number } });

    const read = [];
    for (const query of queries) {
      read.push((await pglite.query(query, [], { onNotice: ({ message = "" }) => notices.push(message) })).rows);
    }

    for (const query of queries) expect(read.shift()).toEqual((await plain.query(query)).rows);
    expect(notices).toEqual([]);
    await Promise.all([close(), plain.close()]);
  });

  test("of one cache's files, each database has its own", async () => {
    const kept = join(folder, "cache");
    const first = await openPglite<StockTables>(join(folder, "first"), { cache: kept });
    await createStock(first.db);
    await first.close();

    const second = await openPglite(join(folder, "second"), { cache: kept });

    await expect(createStock(second.db as typeof first.db)).resolves.not.toThrow();
    await second.close();
    expect(readdirSync(kept)).toEqual([expect.stringMatching(/^embedded-database-\d+\.\d+\.\d+$/)]);
  });

  test("a cache that cannot be written keeps no database from being made", async () => {
    const kept = join(folder, "cache");
    writeFileSync(kept, "no folder");

    const { close } = await openPglite(join(folder, "db"), { cache: kept });

    await close();
    expect(readdirSync(folder).sort()).toEqual(["cache", "db"]);
  });

  test("refuses a directory that another process has open, and takes it when that one is dead", async () => {
    const directory = join(folder, "db");
    const holder = spawn(
      process.execPath,
      ["--import", "tsx", join(__dirname, "../support/processes/hold-pglite.ts"), directory],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(holder.stdout, "data");

    const refused = openPglite(directory, { cache, waitMs: 500 });
    await expect(refused).rejects.toMatchObject({
      name: "DatabaseError",
      message: expect.stringMatching(new RegExp(`Another process.*got process ${holder.pid} .*on .*${directory}`)),
    });

    holder.kill("SIGKILL");
    await once(holder, "exit");
    const { close } = await openPglite(directory, { cache });
    await close();
  });

  test("waits for one that is about to close", async () => {
    const directory = join(folder, "db");
    const first = await openPglite(directory, { cache });
    const second = openPglite(directory, { cache });

    await first.close();

    await (await second).close();
  });

  test.each([
    ["this process had before it", { pid: process.pid, host: hostname() }],
    ["another process has since", { pid: process.ppid, host: hostname(), began: "before the last boot" }],
    ["nobody was noted for", undefined],
  ])("takes the lock of a killed process, whose pid %s", async (_, owner) => {
    const directory = join(folder, "db");
    mkdirSync(`${directory}.lock`, { recursive: true });
    utimesSync(`${directory}.lock`, new Date(0), new Date(0));
    if (owner !== undefined) writeFileSync(`${directory}.owner.json`, JSON.stringify(owner));

    const { close } = await openPglite(directory, { cache, waitMs: 0 });

    await close();
  });

  test("leaves the lock to a process that lives, however old the lock is", async () => {
    const directory = join(folder, "db");
    mkdirSync(`${directory}.lock`, { recursive: true });
    utimesSync(`${directory}.lock`, new Date(0), new Date(0));
    const began = await identifyProcess(process.ppid);
    writeFileSync(`${directory}.owner.json`, JSON.stringify({ pid: process.ppid, host: hostname(), began }));

    await expect(openPglite(directory, { cache, waitMs: 0 })).rejects.toThrow(
      /Another process has the embedded database open/,
    );
  });

  test("gives the directory free when its files are not a database", async () => {
    const directory = join(folder, "db");
    const first = await openPglite(directory, { cache });
    await first.close();
    writeFileSync(join(directory, "PG_VERSION"), "9.0\n");

    await expect(openPglite(directory, { cache })).rejects.toMatchObject({
      name: "DatabaseError",
      message: expect.stringContaining(
        `The embedded database in ${directory} cannot be opened: got its engine stopped. Check whether`,
      ),
    });
    await expect(openPglite(directory, { cache, waitMs: 0 })).rejects.toThrow(
      /cannot be opened: got its engine stopped/,
    );
    await (await openPglite(directory, { cache, fresh: true })).close();
  });
});
