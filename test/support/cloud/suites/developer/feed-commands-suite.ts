import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DATABASE, type DeveloperWorld } from "./developer-world";

const MINUTES = 60_000;

/** What a developer does with a deployed feed, `made-up-sales`, by `npm run ops`; two runs have ended before. */
export function feedCommandsSuite(world: () => DeveloperWorld): void {
  test(
    "started and followed, it says that there is nothing new, and notifies as at night",
    async () => {
      // Prepare
      const { ops, messages } = world();

      // Act
      const { stdout, output } = await ops("start", "made-up-sales", "--wait");

      // Assess
      expect(stdout).toMatch(/^Succeeded after \d+ s\n/);
      expect(stdout).toContain("\nThere was nothing to do");
      expect(output).toMatch(/Started made-up-sales: run [\w-]+\n {2}[\s\S]* {2}run\n[\s\S]* {2}publish success/);
      expect(await messages()).toEqual(["INFO: millrace-dev-made-up-sales succeeded"]);
    },
    3 * MINUTES,
  );

  test(
    "a run is replayed as it was started, and finds nothing new; an object is read again",
    async () => {
      // Prepare
      const { json, listRuns } = world();
      const runs = await listRuns();
      const first = runs.at(-1)?.name ?? "";

      // Act
      const replayed = await json("replay", "made-up-sales", first.slice(0, 8), "--wait");
      const read = await json("replay", "made-up-sales", "sales/monday.csv", "--wait");

      // Assess
      expect(replayed.output.summary.text).toMatch(/^There was nothing to do/);
      expect(read.output.summary).toMatchObject({ rows: 2, unchanged: 2, objects: 1 });
      expect(await listRuns()).toHaveLength(runs.length + 2);
    },
    3 * MINUTES,
  );

  test(
    "its logs are read, its runs and the pipelines listed",
    async () => {
      const { ops } = world();
      const logs = (await ops("logs", "made-up-sales", "--since", "1h")).stdout;
      const list = (await ops("list")).stdout;
      const runs = (await ops("runs", "made-up-sales")).stdout;

      expect(logs).toMatch(/^[\d-]{10} [\d:]{8} run INFO step begins \{"event":/m);
      expect(logs).toMatch(/run INFO step done \{"result":\{.*"inserted":2/);
      expect(list).toMatch(/^made-up-sales +cron\(0 2 \* \* \? \*\) UTC; new objects +succeeded/m);
      expect(list).toMatch(/^metadata +objects uploads\/\* +0 waiting, 0 in work, 0 failed$/m);
      expect(runs.split("\n")).toHaveLength(5);
    },
    3 * MINUTES,
  );

  test(
    "a run that there is not, and an environment that is not deployed, are named",
    async () => {
      // Prepare
      const { opsEnding, checkout, deployment } = world();

      // Act
      const unknown = await opsEnding(2, "replay", "made-up-sales", "monday");
      const env = { ...deployment.env, ENVIRONMENT: "prod" };
      const list = await checkout.npm("ops", ["list"], { env });
      const { output } = await checkout.npm("ops", ["status", "metadata"], { env, accept: [1] });

      // Assess
      expect(unknown.output).toMatch(
        /There is no such run of made-up-sales: got "monday", expected a run such as [\w-]{36}/,
      );
      // The job is config/dev.ts's alone.
      expect(list.stdout).toMatch(/^metadata .* not deployed$/m);
      expect(list.stdout).not.toContain("made-up-sales");
      expect(output).toMatch(/is not deployed: got no .*millrace-prod-/);
    },
    3 * MINUTES,
  );

  test(
    "its logs are followed until somebody ends that",
    async () => {
      // Prepare
      const { ops, messages, checkout, deployment } = world();
      const stop = new AbortController();
      const seen: string[] = [];
      const onLine = (line: string) => {
        seen.push(line);
        if (line.includes('"full":true')) stop.abort();
      };

      // Act
      const options = { env: deployment.env, onLine, signal: stop.signal };
      const following = checkout.npm("ops", ["logs", "made-up-sales", "--follow"], options).catch(() => undefined);
      const input = join(checkout.root, ".git", "input.json");
      writeFileSync(input, '{"full":true}');
      await ops("start", "made-up-sales", "--input", input, "--wait");
      await following;

      // Assess
      expect(seen.filter((line) => line.includes("feed summarised")).length).toBeGreaterThan(3);
      await messages();
    },
    3 * MINUTES,
  );

  test(
    "one that fails says the step and the reason, and ends with 1",
    async () => {
      // Prepare
      const { ops, opsEnding, endedRuns, messages, sums, put, checkout } = world();
      await put("sales/broken.csv", "id,day,note,amount\n3,2026-02-30,,5\n");
      await endedRuns(6);
      await messages();
      const input = join(checkout.root, ".git", "input.json");
      writeFileSync(input, '{"replay":["sales/broken.csv"]}');

      // Act
      const { output } = await opsEnding(1, "start", "made-up-sales", "--input", input, "--wait");
      const status = (await ops("status", "made-up-sales")).stdout;

      // Assess
      const reason = /failed at step run: .*day: got "2026-02-30", expected a calendar day/;
      expect(output).toMatch(reason);
      expect(status).toMatch(reason);
      expect(await messages()).toEqual(["ERROR: millrace-dev-made-up-sales failed"]);
      expect(await sums()).toEqual([{ rows: "2", amount: "195.00" }]);
    },
    3 * MINUTES,
  );

  test(
    "a corrected object is loaded, and starts that lie in the dead-letter queue are redriven as one",
    async () => {
      // Prepare: what EventBridge Scheduler leaves there.
      const { json, endedRuns, sums, put, cloud } = world();
      const sqs = new SQSClient(cloud.client);
      const { QueueUrl } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: "millrace-dev-made-up-sales-dead-letters" }),
      );
      const MessageAttributes = {
        SCHEDULE_ARN: { DataType: "String", StringValue: "arn:aws:scheduler:::schedule/x/x" },
      };
      for (const _ of ["a night", "the next one"]) {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}", MessageAttributes }));
      }
      await put("sales/broken.csv", "id,day,note,amount\n3,2026-02-28,,5\n");
      await endedRuns(8);
      expect((await json("status", "made-up-sales")).deadLetters).toBe(2);

      // Act
      const redriven = await json("redrive", "made-up-sales");

      // Assess
      expect(redriven).toMatchObject({ started: [expect.any(String)], done: 2, left: [] });
      await endedRuns(9);
      expect((await json("status", "made-up-sales")).deadLetters).toBe(0);
      expect(await sums()).toEqual([{ rows: "3", amount: "200.00" }]);
    },
    3 * MINUTES,
  );

  test(
    "a run is undone, and that, too: its feed keeps what was",
    async () => {
      // Prepare
      const { ops, json, endedRuns, listRuns, messages, sums, put, cloud } = world();
      const before = await sums();
      const executions = (await listRuns()).length;
      await put("sales/tuesday.csv", "id,day,note,amount\n1,2026-01-06,,20\n4,2026-01-06,,7\n");
      await endedRuns(executions + 1);
      await messages();
      const [run] = await cloud.postgres.query<{ id: string }>(
        DATABASE,
        "SELECT id FROM etl_run ORDER BY started DESC LIMIT 1",
      );
      const after = await sums();

      // Act
      const undone = await ops("undo", "made-up-sales", run?.id ?? "");
      const told = await messages();
      const back = await sums();
      const [, undoing = ""] = /undone by run (\S+):/.exec(undone.stdout) ?? [];
      const again = await json("undo", "made-up-sales", undoing);
      const forth = await sums();
      await ops("undo", "made-up-sales", again.runId);

      // Assess
      expect(undone.stdout).toMatch(/^run \S+ of made-up-sales undone by run \S+: 1 row restored, 1 removed$/);
      expect(told).toEqual(["INFO: millrace-dev-made-up-sales succeeded"]);
      expect(again).toMatchObject({ status: "succeeded", restored: 1, inserted: 1, conflicts: 0 });
      expect(after).toEqual([{ rows: "4", amount: "107.00" }]);
      expect([back, forth, await sums()]).toEqual([before, after, before]);
    },
    3 * MINUTES,
  );

  test(
    "a pipeline that objects start looks at one again when it is told to",
    async () => {
      // Prepare
      const { ops, json, put, until } = world();
      await put("uploads/letter.txt", "hello");

      // Act
      await ops("replay", "metadata", "uploads/letter.txt");
      await until(async () => (await seen()) === 2);

      // Assess
      expect((await json("status", "metadata")).deadLetters).toBe(0);

      async function seen() {
        const { stdout } = await ops("logs", "metadata");
        return stdout.split("\n").filter((line) => line.includes('"key":"uploads/letter.txt"')).length;
      }
    },
    3 * MINUTES,
  );
}
