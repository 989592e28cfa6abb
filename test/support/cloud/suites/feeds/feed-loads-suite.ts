import { setTimeout as wait } from "node:timers/promises";
import { feedFile, KEYS_IN_ALL, LAST_KEY, ROWS_IN_ALL } from "../../../files/feed-files";
import { runProjectScript } from "../../../processes/run-script";
import { entriesWith } from "../../observe/function-log";
import { runStateMachine } from "../../observe/state-machine-run";
import type { FeedsWorld } from "./feeds-world";

const MINUTES = 60_000;

/** Runs of `sales` one after the other, over a Distributed Map; each step of it may take so many seconds. */
export function feedLoadsSuite(world: () => FeedsWorld, limitSeconds: number): void {
  test(
    "a million rows are there, each once, though one worker is killed and another runs out of time",
    async () => {
      // Prepare
      const { run, logOf, until, onlyMessage, insertFirst, chunksDone, hashOfSales, bucket, reference, deployment } =
        world();

      // Act
      const running = run();
      await until(async () => (await chunksDone()) >= 4);
      const { stdout } = await runProjectScript("ops.ts", ["status", "sales", "--json"], deployment.env);
      await bucket.crashAfter(2);
      const blocker = await insertFirst(LAST_KEY);
      await until(async () => (await logOf("load")).some((line) => line.includes("time was nearly up")));
      await blocker.end();
      const { status } = await running;

      // Assess
      const { progress } = JSON.parse(stdout);
      expect(progress).toMatchObject({ chunks: expect.any(Number), secondsLeft: expect.any(Number) });
      expect(progress.done).toBeGreaterThan(0);
      expect(progress.done).toBeLessThan(progress.chunks);
      expect(progress.rows).toBeGreaterThan(0);
      expect(status).toBe("SUCCEEDED");
      expect(await bucket.stopCrashing()).toBe(false);
      expect((await logOf("load")).filter((line) => line.includes("signal: 9"))).toHaveLength(1);
      const message = await onlyMessage();
      expect(message).toMatch(new RegExp(`^There were ${KEYS_IN_ALL} inserts and \\d+ updates$`, "m"));
      expect(message).toContain(`Rows: ${ROWS_IN_ALL}, objects: 40, chunks: `);
      expect(await hashOfSales()).toEqual(await reference.hash());
    },
    5 * MINUTES,
  );

  test("no worker came near the limit that all of them together passed by far", async () => {
    const { query } = world();
    const [seconds] = await query<{ all: number; longest: number }>(
      "SELECT sum(seconds) AS all, max(seconds) AS longest FROM import_chunk",
    );

    expect(seconds?.all).toBeGreaterThan(limitSeconds);
    expect(seconds?.longest).toBeLessThan(limitSeconds);
  });

  test("progress is in the log: what was planned, each chunk, the sum", async () => {
    const { logOf } = world();
    const planned = entriesWith("chunks", await logOf("plan"));
    const loaded = entriesWith("rows", await logOf("load"));
    const summed = entriesWith("rows", await logOf("summarise"));

    expect(planned).toEqual([loaded.length]);
    expect(loaded.reduce<number>((sum, rows) => sum + Number(rows), 0)).toBe(ROWS_IN_ALL);
    expect(summed).toEqual([ROWS_IN_ALL]);
  });

  test(
    "the next run has nothing to do, and says so",
    async () => {
      // Prepare
      const { run, onlyMessage } = world();

      // Act
      const { status } = await run();

      // Assess
      expect(status).toBe("SUCCEEDED");
      expect(await onlyMessage()).toMatch(/^There was nothing to do/);
    },
    MINUTES,
  );

  test(
    "that no run has succeeded since the schedule was to start one is told once, and nothing where one has",
    async () => {
      // Prepare: the runs of the tests before this one are what succeeded.
      const { onlyMessage, cloud, topic } = world();
      const watch = (scheduled: Date) =>
        runStateMachine(cloud, "millrace-dev-import-overdue", { scheduled: scheduled.toISOString(), seconds: 0 });
      const now = Date.now();

      // Act
      const inTime = await watch(new Date(now - 10 * MINUTES));
      const quiet = await topic.received();
      await watch(new Date(now));
      const message = await onlyMessage();

      // Assess
      expect(inTime.status).toBe("SUCCEEDED");
      expect(quiet).toEqual([]);
      expect(message).toMatch(/^No run of sales has succeeded in the 26 hours since 20\S+Z, in which its schedule/);
    },
    MINUTES,
  );

  test(
    "a corrected object is loaded alone, and its rows win",
    async () => {
      // Prepare: S3 tells times in seconds.
      const { run, upload, onlyMessage, hashOfSales, reference } = world();
      await wait(1_000);
      await upload(feedFile(17, 100));

      // Act
      await run();

      // Assess
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 25000 updates\nRows: 25000, objects: 1, chunks: /);
      expect(await hashOfSales()).toEqual(await reference.hash());
    },
    MINUTES,
  );

  test(
    "a full run reads everything again and changes nothing",
    async () => {
      // Prepare
      const { run, onlyMessage, hashOfSales, reference } = world();

      // Act
      await run({ full: true });

      // Assess
      const message = await onlyMessage();
      expect(message).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(message).toContain(`Rows: ${ROWS_IN_ALL}, objects: 40, chunks: `);
      expect(await hashOfSales()).toEqual(await reference.hash());
    },
    3 * MINUTES,
  );

  test(
    "an object that breaks its contract fails its run, keeps no other out, and is named by the next, which does not read it",
    async () => {
      // Prepare
      const { run, query, logOf, upload, onlyMessage, uploadBroken, verdictOf } = world();
      await uploadBroken("of\nobject");
      await upload({ ...feedFile(41), key: "import/whole.csv" });

      // Act
      const first = await run();
      const message = await onlyMessage();
      const loaded = await logOf("load");
      const again = await run();

      // Assess
      const told =
        /failed at step summarise\.\nError: RejectedObjectsError\nReason: 1 object was rejected, all others are loaded: got s3:.*import\/broken\.csv: .*line break/s;
      expect([first.status, again.status]).toEqual(["FAILED", "SUCCEEDED"]);
      expect(message).toMatch(told);
      expect(await onlyMessage()).toMatch(
        /^There was nothing to do.*1 object was left out, as rejected before: s3:.*import\/broken\.csv/s,
      );
      expect(await logOf("load")).toEqual(loaded);
      const [whole] = await query<{ rows: number }>(
        "SELECT count(*)::int AS rows FROM sales JOIN import_object o ON o.id = source_object WHERE location LIKE '%/whole.csv'",
      );
      expect(whole?.rows).toBe(25_000);
      expect(await verdictOf("import/whole.csv")).toMatchObject({ status: "accepted", accepted: 25_000, rejected: 0 });
      expect(await verdictOf("import/broken.csv")).toMatchObject({
        ...{ object: expect.stringMatching(/^s3:.*import\/broken\.csv$/), feed: "sales", status: "rejected" },
        reason: expect.stringContaining("line break"),
      });
    },
    2 * MINUTES,
  );

  test(
    "corrected, it is loaded by the next run",
    async () => {
      // Prepare
      const { run, upload, onlyMessage, hashOfSales, reference } = world();

      // Act
      await wait(1_000);
      await upload({ ...feedFile(40), key: "import/broken.csv" });
      await run();

      // Assess
      expect(await onlyMessage()).toMatch(/^There were \d+ inserts and \d+ updates\nRows: 25000, objects: 1, chunks: /);
      expect(await hashOfSales()).toEqual(await reference.hash());
    },
    2 * MINUTES,
  );
}
