import { setTimeout as wait } from "node:timers/promises";
import { feedFile, LAST_KEY } from "../../../files/feed-files";
import { entriesWith, functionLog } from "../../observe/function-log";
import { countExecutions, untilNothingRuns } from "../../observe/state-machine-run";
import type { FeedsWorld } from "./feeds-world";

const MINUTES = 60_000;
/** As many as the emulator takes in half a minute; a thousand are with PostgreSQL alone (live-runs.test.ts). */
const EVENTS = 60;

const READINGS_OBJECTS = 6;
const READINGS_ROWS = 60_000;

/** Of one meter an object, an hour a row. */
function readingsOf(object: number): string {
  const rows = Array.from({ length: READINGS_ROWS }, (_, hour) => {
    const at = new Date(Date.UTC(2020, 0, 1, hour)).toISOString();
    return `meter-${object},${at},${(hour * 7 + object) % 1_000}.${hour % 10}00,${hour % 50 === 0}`;
  });
  return `meter,read_at,kwh,estimated\n${rows.join("\n")}\n`;
}

/** Runs and events that come while another run is under way. */
export function feedsAtOnceSuite(world: () => FeedsWorld): void {
  test(
    "of runs at once one loads, and the others end well and tell nobody",
    async () => {
      // Prepare
      const { run, query, upload, hashOfSales, reference } = world();
      await wait(1_000);
      await upload(feedFile(18, 100));

      // Act
      const runs = await Promise.all([1, 2, 3].map(() => run()));

      // Assess: who came after the end found nothing to do, and said so.
      expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
      expect(await hashOfSales()).toEqual(await reference.hash());
      const [under] = await query<{ most: number }>(
        `SELECT max(n)::int AS most FROM etl_run a, LATERAL (SELECT count(*) AS n FROM etl_run b
          WHERE b.pipeline = a.pipeline AND b.started <= a.started AND b.finished > a.started) AS at`,
      );
      expect(under?.most).toBe(1);
    },
    2 * MINUTES,
  );

  test(
    "the other feed, by one function, is loaded once its objects come",
    async () => {
      // Prepare
      const { query, until, loadedReadings, cloud, bucket } = world();

      // Act: each starts an execution, of which one loads.
      for (let object = 0; object < READINGS_OBJECTS; object += 1) {
        await bucket.upload(`readings/${object}.csv`, readingsOf(object));
      }
      await until(async () => (await loadedReadings()) === READINGS_OBJECTS * READINGS_ROWS);
      await untilNothingRuns(cloud, "millrace-dev-readings");

      // Assess
      const log = await functionLog(cloud, "millrace-dev-readings-run");
      expect(entriesWith("rows", log).length).toBeGreaterThan(0);
      const failed = await query("SELECT error FROM etl_run WHERE pipeline = 'readings' AND status <> 'succeeded'");
      expect(failed).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "events at once make two runs, however many they are, and no object is lost",
    async () => {
      // Prepare: whoever begins the first run is at its first chunk until all others have ended.
      const { query, until, hold, runsOfReadings, cloud, bucket } = world();
      const machine = "millrace-dev-readings";
      await untilNothingRuns(cloud, machine);
      const before = { runs: await runsOfReadings(), executions: await countExecutions(cloud, machine) };
      const holder = await hold("LOCK TABLE readings IN SHARE MODE");

      // Act
      const numbers = Array.from({ length: EVENTS }, (_, index) => index);
      const csv = (event: number) => `meter,read_at,kwh,estimated\nevent-${event},2026-01-01T00:00:00Z,1.000,false\n`;
      await Promise.all(numbers.map((event) => bucket.upload(`readings/event-${event}.csv`, csv(event))));
      await until(
        async () =>
          (await countExecutions(cloud, machine)) >= before.executions + EVENTS &&
          (await countExecutions(cloud, machine, "RUNNING")) === 1,
      );
      await holder.end();
      await untilNothingRuns(cloud, machine);

      // Assess
      expect((await runsOfReadings()) - before.runs).toBe(2);
      expect(await query("SELECT count(*)::int AS rows FROM readings WHERE meter LIKE 'event-%'")).toEqual([
        { rows: EVENTS },
      ]);
      expect(await countExecutions(cloud, machine, "FAILED")).toBe(0);
    },
    5 * MINUTES,
  );

  test(
    "a chunk whose function is out of time at each try keeps no other out, and who came meanwhile is served then",
    async () => {
      // Prepare
      const { run, query, logOf, upload, until, onlyMessage, hold, hashOfSales, topic, reference } = world();
      await wait(1_000);
      for (const object of [5, 39]) await upload(feedFile(object, 200));
      const holder = await hold(`SELECT FROM sales WHERE sale_id = ${LAST_KEY} FOR UPDATE`);
      const timedOut = async () => (await logOf("load")).filter((line) => line.includes("time was nearly up")).length;
      const before = await timedOut();
      // What the tests before this one came to was not listened to.
      await topic.received();

      // Act
      const running = run();
      await until(async () => (await timedOut()) > before);
      await upload(feedFile(6, 200));
      const meanwhile = await run();
      const failure = await onlyMessage();
      await holder.end();
      const { status } = await running;

      // Assess
      expect([meanwhile.status, status]).toEqual(["SUCCEEDED", "FAILED"]);
      expect(failure).toMatch(
        /failed at step load of import\/sales-39\.csv, bytes [1-9]\d* to \d+\.\nError: OutOfTimeError/,
      );
      const runs = await query<{ status: string; error: string | null }>(
        "SELECT status, error FROM etl_run WHERE pipeline = 'sales' ORDER BY started DESC LIMIT 2",
      );
      expect(runs).toMatchObject([
        { status: "succeeded" },
        { status: "failed", error: expect.stringMatching(/^1 of 4 chunks were not loaded, all others are/) },
      ]);
      // One chunk of the object that failed, and the other object.
      expect(await onlyMessage()).toMatch(/, objects: 2, chunks: 3,/);
      expect(await hashOfSales()).toEqual(await reference.hash());
    },
    5 * MINUTES,
  );
}
