import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Client } from "pg";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { cloudMissing, githubTokens, startCloud } from "../support/cloud/cloud";
import { EmulatedFeeds } from "../support/cloud/emulated-feeds";
import { entriesWith, functionLog } from "../support/cloud/function-log";
import { keepProvider } from "../support/cloud/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { countExecutions, runStateMachine, untilNothingRuns } from "../support/cloud/state-machine-run";
import { TopicListener } from "../support/cloud/topic-listener";
import { soon } from "../support/cloud/webhook-cloud";
import { type FeedFile, feedFile, feedFiles, KEYS_IN_ALL, LAST_KEY, ROWS_IN_ALL } from "../support/files/feed-files";
import { describeUnless } from "../support/files/real-data";
import { FeedReference, hashOf } from "../support/models/feed-reference";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { runProjectScript } from "../support/processes/run-script";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
const POLL_MS = 200;
const DATABASE = "warehouse";
/** A 60th of Lambda's 15 minutes. */
const LIMIT_SECONDS = 15;
const GZIPPED = 3;

/** A call of it waits for somebody who holds the table. */
const PATIENT_SECONDS = 180;
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

describeUnless(cloudMissing, "two feeds in the emulated S3, loaded into an existing database", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment, whose plans and bootstrap share a provider. */
  let administrator: Deployment;
  /** The deployment in the hands of the workflow that deploys what was merged. */
  let deployer: Deployment;
  let bucket: EmulatedFeeds;
  let topic: TopicListener;
  let reference: FeedReference;

  beforeAll(async () => {
    const monthly = { expression: "cron(0 2 1 * ? *)" };
    const steps = { load: { timeoutSeconds: LIMIT_SECONDS }, run: { timeoutSeconds: LIMIT_SECONDS } };
    const patient = { load: steps.load, run: { timeoutSeconds: PATIENT_SECONDS } };
    const names = { resourceName: "import", source: { prefix: "import/" } };
    const sales = { ...names, engine: "distributed-map", chunkMiB: 1, schedule: monthly, steps };
    const feeds = { sales, readings: { engine: "lambda", chunkMiB: 1, trigger: "objects", steps: patient } };
    const off = { enabled: false };
    const pipelines = { orders: off, metadata: off };
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: (found) => withExistingDatabase(found, DATABASE, pipelines, feeds),
    }));
    administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    const roles = new WorkflowRoles(cloud, deployment, githubTokens);
    deployer = await keepProvider(await roles.take("deploy"), "deploy");
    await deployer.deploy("network", "etl");
    bucket = new EmulatedFeeds(cloud, "millrace-dev");
    topic = await TopicListener.subscribe(cloud);
    reference = await FeedReference.create(cloud.postgres, "reference");
    for (const file of feedFiles()) await upload(file);
  }, 10 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "a second plan shows no changes",
    async () => {
      expect(plannedChanges(await planOf(administrator, "etl"))).toEqual([]);
    },
    3 * MINUTES,
  );

  test(
    "a million rows are there, each once, though one worker is killed and another runs out of time",
    async () => {
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
      expect(message).toContain(`${ROWS_IN_ALL} rows of 40 objects in `);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
    },
    5 * MINUTES,
  );

  test("no worker came near the limit that all of them together passed by far", async () => {
    const [seconds] = await query<{ all: number; longest: number }>(
      "SELECT sum(seconds) AS all, max(seconds) AS longest FROM import_chunk",
    );

    expect(seconds?.all).toBeGreaterThan(LIMIT_SECONDS);
    expect(seconds?.longest).toBeLessThan(LIMIT_SECONDS);
  });

  test("progress is in the log: what was planned, each chunk, the sum", async () => {
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
      await wait(1_000);
      await upload(feedFile(17, 100));

      // Act
      await run();

      // Assess
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 25000 updates\n25000 rows of 1 objects in /);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
    },
    MINUTES,
  );

  test(
    "a full run reads everything again and changes nothing",
    async () => {
      // Act
      await run({ full: true });

      // Assess
      const message = await onlyMessage();
      expect(message).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(message).toContain(`${ROWS_IN_ALL} rows of 40 objects in `);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
    },
    3 * MINUTES,
  );

  test(
    "an object that breaks its contract fails its run, keeps no other out, and is named by the next, which does not read it",
    async () => {
      // Prepare
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
    },
    2 * MINUTES,
  );

  test(
    "corrected, it is loaded by the next run",
    async () => {
      // Act
      await wait(1_000);
      await upload({ ...feedFile(40), key: "import/broken.csv" });
      await run();

      // Assess
      expect(await onlyMessage()).toMatch(/^There were \d+ inserts and \d+ updates\n25000 rows of 1 objects in /);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
    },
    2 * MINUTES,
  );

  test(
    "of runs at once one loads, and the others end well and tell nobody",
    async () => {
      // Prepare
      await wait(1_000);
      await upload(feedFile(18, 100));

      // Act
      const runs = await Promise.all([1, 2, 3].map(() => run()));

      // Assess: who came after the end found nothing to do, and said so.
      expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
      const [under] = await query<{ most: number }>(
        `SELECT max(n)::int AS most FROM etl_run a, LATERAL (SELECT count(*) AS n FROM etl_run b
          WHERE b.started <= a.started AND b.finished > a.started) AS at`,
      );
      expect(under?.most).toBe(1);
    },
    2 * MINUTES,
  );

  test(
    "the other feed, by one function, is loaded once its objects come",
    async () => {
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
      expect(await onlyMessage()).toMatch(/ rows of 2 objects in 3 chunks/);
      expect(await hashOf(cloud.postgres, DATABASE)).toEqual(await reference.hash());
    },
    5 * MINUTES,
  );

  test(
    "with their engines switched, and other chunks, both read everything again and change nothing",
    async () => {
      // Prepare
      const before = [await hashOf(cloud.postgres, DATABASE), await hashOfReadings()];
      const file = deployer.env.MILLRACE_CONFIG ?? "";
      const switched = {
        sales: { engine: "lambda", chunkMiB: 2 },
        readings: { engine: "distributed-map", chunkMiB: 3 },
      };
      writeFileSync(file, JSON.stringify(override(JSON.parse(readFileSync(file, "utf8")), { feeds: switched })));
      await deployer.deploy("etl");

      // Act
      const runs = [await run({ full: true }), await runStateMachine(cloud, "millrace-dev-readings", { full: true })];

      // Assess
      expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
      expect([await hashOf(cloud.postgres, DATABASE), await hashOfReadings()]).toEqual(before);
      // Where all of its chunks took longer than a call may, there were several; a fast machine needs one.
      const calls = (await functionLog(cloud, "millrace-dev-import-run")).filter((line) => line.includes("step done"));
      const [took] = await query<{ seconds: number }>(
        "SELECT sum(seconds) AS seconds FROM import_chunk WHERE run = (SELECT id FROM etl_run WHERE pipeline = 'sales' ORDER BY started DESC LIMIT 1)",
      );
      expect(took?.seconds).toBeGreaterThan(0);
      expect(calls.length * LIMIT_SECONDS).toBeGreaterThan(took?.seconds ?? 0);
    },
    10 * MINUTES,
  );

  async function runsOfReadings(): Promise<number> {
    const [found] = await query<{ runs: number }>(
      "SELECT count(*)::int AS runs FROM etl_run WHERE pipeline = 'readings'",
    );
    return found?.runs ?? 0;
  }

  /** Somebody else holds what a statement locks, until he is gone. */
  async function hold(statement: string): Promise<Client> {
    const client = new Client(cloud.postgres.connection(DATABASE));
    await client.connect();
    await client.query("BEGIN");
    await client.query(statement);
    return client;
  }

  async function loadedReadings(): Promise<number> {
    const [found] = await query<{ rows: number }>("SELECT count(*)::int AS rows FROM readings").catch(() => []);
    return found?.rows ?? 0;
  }

  async function hashOfReadings() {
    return query(
      "SELECT md5(string_agg(md5((meter, read_at, kwh, estimated)::text), '' ORDER BY meter, read_at)) FROM readings",
    );
  }

  const run = (input?: object) => runStateMachine(cloud, "millrace-dev-import", input);
  const query = <Row extends object>(text: string) => cloud.postgres.query<Row>(DATABASE, text);
  const logOf = (step: string) => functionLog(cloud, `millrace-dev-import-${step}`);

  /** To the bucket, and to the reference; one of them packed. */
  async function upload(file: FeedFile): Promise<void> {
    const isPacked = file.key === feedFile(GZIPPED).key;
    const key = isPacked ? `${file.key}.gz` : file.key;
    await bucket.upload(key, isPacked ? gzipSync(file.csv) : file.csv);
    const head = new HeadObjectCommand({ Bucket: bucket.bucket, Key: key });
    const { LastModified = new Date(0) } = await new S3Client(cloud.client).send(head);
    await reference.add({ ...file, key }, LastModified);
  }

  /** With a line break in quotes, which the contract promises away, in the second chunk. */
  async function uploadBroken(field: string): Promise<void> {
    const { csv } = feedFile(40);
    const at = csv.lastIndexOf(",of object 40,");
    await bucket.upload("import/broken.csv", `${csv.slice(0, at)},"${field}",${csv.slice(at + 14)}`);
  }

  async function chunksDone(): Promise<number> {
    const [found] = await query<{ count: number }>("SELECT count(*)::int FROM import_chunk").catch(() => []);
    return found?.count ?? 0;
  }

  /** Somebody else holds a key: who upserts it waits until he is gone. */
  async function insertFirst(saleId: number): Promise<Client> {
    return hold(
      `INSERT INTO sales SELECT (jsonb_populate_record(sales, jsonb_build_object('sale_id', ${saleId}))).* FROM sales LIMIT 1`,
    );
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await wait(POLL_MS);
  }

  /** The text of the one message that came; a moment is left for a second one, which would be a mistake. */
  async function onlyMessage(): Promise<string> {
    const first = await soon(
      () => topic.received(),
      (came) => came.length > 0,
    );
    await wait(500);
    const messages = [...first, ...(await topic.received())];
    expect(messages).toHaveLength(1);
    return messages[0]?.text ?? "";
  }
});
