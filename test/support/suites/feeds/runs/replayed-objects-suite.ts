import { sql } from "kysely";
import {
  csvOf,
  type FeedRun,
  NotBegunError,
  type PlannedRun,
  plan,
  reading,
  readings,
  readTable,
  run,
} from "../../../models/feeds/feed-run";
import type { FeedWorld } from "../describe-feed";

interface LiveRuns extends FeedWorld {
  readonly options: (changes?: Partial<FeedRun>) => FeedRun;
  /** Loads what is left of a run, and ends it. */
  readonly end: (planned: PlannedRun) => Promise<unknown>;
  readonly statuses: () => Promise<readonly string[]>;
}

/** Runs that read objects again, beside others. */
export function testReplays({ database, objects, options, end, statuses }: LiveRuns): void {
  test("that reads an object again leaves the newest where it is, and reads no other", async () => {
    objects.put("b.csv", csvOf(reading("m1", { value: "2.00" }), reading("m2")));
    await run(database, options());
    await sql`delete from readings where meter = 'm2'`.execute(database.db);
    objects.put("a.csv.gz", csvOf(reading("m3")));

    const older = await run(database, options({ replay: ["a.csv"] }));
    const newer = await run(database, options({ replay: ["b.csv", "b.csv"] }));

    expect(older).toMatchObject({ objects: 1, rows: 1, superseded: 1 });
    expect(newer).toMatchObject({ objects: 1, rows: 2, inserted: 1, unchanged: 1 });
    expect((await readTable(database, readings)).map((text) => JSON.parse(text).value)).toEqual([2, 1]);
  });

  test("that is to read again what is not there says so", async () => {
    const refused = run(database, options({ replay: ["a.cs"] }));

    await expect(refused).rejects.toThrow(
      /no such object to read again: got "a\.cs", expected the whole key of one below memory:/,
    );
    expect(await statuses()).toEqual(["failed"]);
  });

  test("that reads an object again replaces no other run, before it or meanwhile", async () => {
    // Prepare
    const first = await plan(database, options());
    await plan(database, options()).catch(() => undefined);
    expect(await end(first)).toMatchObject({ again: true });

    // Act
    const replay = await plan(database, options({ replay: ["a.csv"] }));
    objects.put("b.csv", csvOf(reading("m2")));
    await expect(plan(database, options())).rejects.toThrow(NotBegunError);
    const end1 = await end(replay);
    const next = await run(database, options({ again: true }));

    // Assess
    expect(end1).toMatchObject({ again: true });
    expect(next).toMatchObject({ objects: 1, again: false });
  });
}
