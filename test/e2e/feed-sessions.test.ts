import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { loadChunk } from "../../etl/feeds/load/load-chunk";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { runProgram } from "../../scripts/command-line/run-program";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { csvOf, forget, load, plan, planLive, reading, readings, run } from "../support/models/feeds/feed-run";
import { describeOnPostgres } from "../support/servers/feed-databases";

/** What the sessions of a server tell of runs, and of other databases. */
describeOnPostgres(1, ({ server, first, open }) => {
  test("a column waits for its table's lock a few seconds, and the run then names the session to end", async () => {
    const { note, ...fewer } = readings.columns;
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    await run(first(), { contract: { ...readings, columns: fewer }, objects });
    const holder = await open();
    await sql`begin`.execute(holder.db);
    await sql`select from readings`.execute(holder.db);

    const waiting = run(first(), { contract: readings, objects });

    await expect(waiting).rejects.toThrow(
      /is in use: got no lock within 5 s, expected no column note.*ADD COLUMN "note" text;/,
    );
    await holder.close();
    expect(await run(first(), { contract: readings, objects })).toMatchObject({ chunks: 0 });
  });

  test("a run is over when its connection is closed, and not before", async () => {
    const bearing = { ...readings, maxRejected: { rows: 1 } };
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1"), reading("m2", { day: "2023-02-29" })));
    objects.put("b", csvOf(reading("m3")));
    await forget(first(), readings);
    const other = await open();
    const attended = await plan(other, { contract: bearing, objects, attended: true });
    const [chunk] = attended.list;
    if (chunk === undefined) throw new Error("no chunk");
    await load(other, attended, chunk, { contract: bearing, objects });

    const meanwhile = run(first(), { contract: bearing, objects });
    await expect(meanwhile).rejects.toThrow(`The run ${attended.runId} of readings is under way`);
    await other.close();
    const later = await run(first(), { contract: bearing, objects });

    expect(later).toMatchObject({ takenOver: 1, rows: 3, inserted: 2, rejected: 1 });
  });

  test("a run whose connection was lost and replaced is not over", async () => {
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    const live = new LiveDatabase(await open());
    const { runId, list } = await planLive(live, { contract: readings, objects, attended: true });
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(live.db);
    await server().query("postgres", "select pg_terminate_backend($1, 5000)", [rows[0]?.pid]);

    for (const chunk of list) await loadChunk(live, { runId, chunk, contract: readings, objects });
    const meanwhile = run(first(), { contract: readings, objects });
    await expect(meanwhile).rejects.toThrow(`The run ${runId} of readings is under way`);
    const summary = await summariseFeed(live, readings, runId);
    await live.close();

    expect(summary).toMatchObject({ rows: 1, inserted: 1, again: true });
  });

  test("a database restored from a dump continues where it was", async () => {
    // Prepare
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    await run(first(), { contract: readings, objects });

    // Act
    const file = join(mkdtempSync(join(tmpdir(), "millrace-dump-")), "dump.sql");
    const client = (name: string) => join(dirname(realpathSync(findCloudProgram("initdb").path ?? "")), name);
    await runProgram(client("pg_dump"), [`--dbname=${server().url()}`, `--file=${file}`]);
    await server().query("postgres", "create database restored");
    await runProgram(client("psql"), [`--dbname=${server().url("restored")}`, "--quiet", `--file=${file}`]);
    rmSync(dirname(file), { recursive: true });
    const restored = await openPostgres<FeedTables>(server().url("restored"));
    objects.put("b", csvOf(reading("m2")));
    const summary = await run(restored, { contract: readings, objects });
    await restored.close();

    // Assess
    expect(summary).toMatchObject({ objects: 1, rows: 1, inserted: 1 });
  });
});
