import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { cloudMissing, githubTokens, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { TopicListener } from "../support/cloud/topic-listener";
import { describeUnless } from "../support/files/real-data";
import { Checkout } from "../support/processes/checkout";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
const POLL_MS = 500;
const DATABASE = "warehouse";
const INCOMING = "millrace-dev-incoming-123456789012";

describeUnless(cloudMissing, "a developer's own job on the emulated AWS, from nothing to nothing", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment in the hands of the workflow that deploys what was merged. */
  let deployer: Deployment;
  let checkout: Checkout;
  let topic: TopicListener;
  let before: readonly string[];

  beforeAll(async () => {
    const off = { enabled: false };
    const pipelines = { orders: off };
    checkout = await Checkout.create();
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: (found) => withExistingDatabase(found, DATABASE, pipelines),
    }));
    await deployment.bootstrap.create();
    const roles = new WorkflowRoles(cloud, deployment, githubTokens);
    const outdir = join(checkout.root, "cdktf.out");
    deployer = await keepProvider(await roles.take("deploy"), "deploy", outdir);
    await deploy();
    before = await addresses();
    topic = await TopicListener.subscribe(cloud);
  }, 10 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    checkout?.remove();
  });

  test(
    "it is made, passes its test, and its plan adds what is its own and touches nothing of another pipeline",
    async () => {
      // Act
      await checkout.npm("new-feed", ["made-up-sales"]);
      const config = join(checkout.root, "config", "dev.ts");
      const settings = '"made-up-sales": { trigger: "objects", source: { prefix: "sales/" } }';
      writeFileSync(config, readFileSync(config, "utf8").replace('"made-up-sales": {}', settings));
      await checkout.npm("jest", ["test/integration/samples"]);
      await checkout.commit("feat(made-up-sales): a job of our own");
      await deploy();

      // Assess
      const after = await addresses();
      expect(before.filter((address) => !after.includes(address))).toEqual([]);
      // The first pipeline with a database reads the network's outputs: a data source, not a resource.
      const added = after.filter((address) => !before.includes(address) && !address.startsWith("data."));
      expect(added.length).toBeGreaterThan(30);
      for (const address of added) expect(address).toMatch(/made-up-sales|import_steps-group/);
    },
    10 * MINUTES,
  );

  test(
    "an object below its prefix starts it, and its rows come into the database",
    async () => {
      // Act
      await put("sales/monday.csv", "id,day,note,amount\n1,2026-01-05,,120\n2,2026-01-05,,75\n");
      const [run] = await endedRuns(1);

      // Assess
      expect(run?.status).toBe("SUCCEEDED");
      expect(await sums()).toEqual([{ rows: "2", amount: "195.00" }]);
      const { output } = await json("status", "made-up-sales");
      expect(output.summary).toMatchObject({ rows: 2, objects: 1, text: "There were 2 inserts and 0 updates" });
      expect(await messages()).toEqual(["INFO: millrace-dev-made-up-sales succeeded"]);
    },
    3 * MINUTES,
  );

  test(
    "started and followed, it says that there is nothing new, and notifies as at night",
    async () => {
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
    "a pipeline that objects start looks at one again when it is told to",
    async () => {
      // Prepare
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

  test(
    "it is taken away again by reverting its commit, and nothing else goes",
    async () => {
      // Act
      await checkout.git("revert", "--no-edit", "HEAD");
      await deploy();

      // Assess
      expect(await addresses()).toEqual(before);
      expect((await opsEnding(2, "status", "made-up-sales")).output).toContain("There is no such pipeline");
      expect(await sums()).toEqual([{ rows: "3", amount: "200.00" }]);
    },
    6 * MINUTES,
  );

  async function deploy(): Promise<void> {
    await checkout.npm("deploy", ["--yes"], { env: deployer.env });
  }

  async function addresses(): Promise<readonly string[]> {
    const folder = join(checkout.root, "cdktf.out/dev/etl");
    const { stdout } = await new Terraform(folder, { env: deployment.env }).run(["state", "list"]);
    return stdout.split("\n").sort();
  }

  function ops(...args: readonly string[]) {
    return opsEnding(0, ...args);
  }

  function opsEnding(code: number, ...args: readonly string[]) {
    return checkout.npm("ops", args, { env: deployment.env, accept: [code] });
  }

  async function json(...args: readonly string[]) {
    return JSON.parse((await ops(...args, "--json")).stdout);
  }

  async function listRuns() {
    const sfn = new SFNClient(cloud.client);
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const machine = stateMachines.find(({ name }) => name === "millrace-dev-made-up-sales");
    const list = new ListExecutionsCommand({ stateMachineArn: machine?.stateMachineArn });
    return (await sfn.send(list)).executions ?? [];
  }

  /** Waits until there are so many runs, and all of them have ended. */
  async function endedRuns(count: number) {
    for (;;) {
      const runs = await listRuns();
      if (runs.length >= count && runs.every(({ status }) => status !== "RUNNING")) return runs;
      await wait(POLL_MS);
    }
  }

  async function messages(): Promise<readonly string[]> {
    return (await topic.received()).map(({ subject }) => subject);
  }

  function sums() {
    return cloud.postgres.query(DATABASE, "SELECT count(*) AS rows, sum(amount)::text AS amount FROM made_up_sales");
  }

  async function put(Key: string, Body: string): Promise<void> {
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: INCOMING, Key, Body }));
  }
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await wait(POLL_MS);
}
