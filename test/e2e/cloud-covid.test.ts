import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Client } from "pg";
import * as z from "zod";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { type ManagedDatabase, rotatePassword } from "../../scripts/cloud/managed-databases";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, githubTokens, runOps, runScript, startCloud } from "../support/cloud/cloud";
import { functionLog } from "../support/cloud/function-log";
import { keepProvider } from "../support/cloud/kept-provider";
import { MOTO_FORGETS } from "../support/cloud/moto-forgets";
import { restoreDrill } from "../support/cloud/restore-drill";
import { ACCOUNT } from "../support/cloud/roles/emulated-roles";
import { inHandsOf, sendHome } from "../support/cloud/roles/people";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { runStateMachine, untilNothingRuns } from "../support/cloud/state-machine-run";
import { TopicListener } from "../support/cloud/topic-listener";
import { file, hang, status } from "../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../support/feeds/feed-server";
import { describeUnless, realData } from "../support/files/real-data";
import { forgottenAttributes, type PlannedChange, plannedChanges, planOf } from "../support/plans/plan-changes";
import { copyWithChangedHandler } from "../support/processes/changed-sources";

const MINUTES = 60_000;
const MACHINE = "millrace-dev-covid";
const PAGES = "millrace-dev-pages-123456789012";
const COVID_PAGE = "pages/covid/index.html";
/** Long enough for an honest run on a busy machine. */
const LOAD_TIMEOUT_SECONDS = 20;
/** A statement gives up so long before the function's end, and a function takes its time to start. */
const AHEAD_SECONDS = 8;

/** A stack's JSON, as far as a test changes it. */
const synthesized = z.looseObject({
  resource: z.looseObject({ aws_budgets_budget: z.record(z.string(), z.looseObject({})) }),
});

interface Totals {
  readonly days: number;
  readonly cases: number;
  readonly deaths: number;
  readonly recoveries: number;
}

describeUnless(cloudMissing ?? realData.missing, "the daily feed, deployed to the emulated AWS", () => {
  let feed: FeedServer;
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment, whose plans and bootstraps share a provider. */
  let administrator: Deployment;
  /** The deployment in the hands of the workflow that deploys. */
  let deployer: Deployment;
  let roles: WorkflowRoles;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;
  let database: ManagedDatabase;
  let topic: TopicListener;

  beforeAll(async () => {
    feed = await startFeedServer();
    serve(realData.cases());
    const sources = { cases: feed.url("/cases.csv"), recoveries: feed.url("/recoveries.csv") };
    const steps = { load: { timeoutSeconds: LOAD_TIMEOUT_SECONDS }, fetch: { timeoutSeconds: 30 } };
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: {
        budget: { monthlyUsd: 100 },
        pipelines: { covid: { sources, steps }, metadata: { recipients: { emails: ["metadata@example.com"] } } },
      },
    }));
    before = await cloud.inventory();
    administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
    deployer = await keepProvider(await roles.take("deploy"), "deploy");
    const [deployed] = await deployer.deploy("network", "etl");
    if (deployed === undefined) throw new Error("no RDS instance was deployed");
    database = deployed;
    // As the documents say: only now is there a VPC for the roles to know.
    await administrator.bootstrap.create();
    topic = await TopicListener.subscribe(cloud);
  }, 20 * MINUTES);

  afterAll(async () => {
    await feed.close();
    await cloud?.stop();
  });

  test(
    "a second plan shows no changes but what moto forgets",
    async () => {
      // Act
      // One after the other: they share a provider, which is each stack's in turn.
      const plans: unknown[] = [];
      for (const stack of ["state-backend", "network", "etl"]) plans.push(await planOf(administrator, stack));

      // Assess
      expect(plans.flatMap(plannedChanges)).toEqual([]);
      const expected = MOTO_FORGETS.map(({ type, attribute }) => `${type}.${attribute}`);
      expect([...new Set(plans.flatMap(forgottenAttributes))].sort()).toEqual(expected.sort());
    },
    10 * MINUTES,
  );

  test(
    "the first run loads 254 days and says so",
    async () => {
      // Act
      const { status: ended } = await run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      const message = await onlyMessage();
      expect(message).toMatch(/^There were 254 inserts and 0 updates$/m);
      expect(message).toMatch(/^Page: ENVIRONMENT=dev npm run ops -- page covid$/m);
      expect(message).toMatch(
        new RegExp(`/s3/object/${PAGES}\\?region=${cloud.region}&prefix=pages/covid/index.html$`, "m"),
      );
      expect(await totals()).toMatchObject({ days: 254 });
    },
    5 * MINUTES,
  );

  test(
    "the next run finds the sources unchanged",
    async () => {
      // Act
      await run();

      // Assess
      const message = await onlyMessage();
      expect(message).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(message).toMatch(/^Sources unchanged: true$/m);
    },
    5 * MINUTES,
  );

  test(
    "changed sources give exact counts, and the objects of an earlier day replay it",
    async () => {
      // Prepare
      const first = await totals();
      const earlier = (await run()).output;
      await topic.received();
      const [header, ...days] = realData.cases().trimEnd().split("\n");
      const changed = days.map((day, index) => (index < 3 ? day.replace(/\d+$/, "7") : day));

      // Act
      serve(`${[header, ...changed, "2020-10-01,7264000,207000"].join("\n")}\n`);
      await run();

      // Assess
      expect(await onlyMessage()).toMatch(/^There were 1 inserts and 3 updates$/m);
      expect(await totals()).toMatchObject({ days: 255 });

      // Act
      const { objects } = JSON.parse(earlier ?? "{}");
      await run({ objects });

      // Assess
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 3 updates$/m);
      const [day] = await query<Totals>("DELETE FROM covid_daily WHERE date = '2020-10-01' RETURNING 1");
      expect(day).toBeDefined();
      expect(await totals()).toEqual(first);
      serve(realData.cases());
    },
    5 * MINUTES,
  );

  test(
    "a person who may look reads the database, statement by statement, with his name in the log, and does nothing else",
    async () => {
      // Prepare
      const reader = await inHandsOf(cloud, deployment, "reader");

      // Act
      const list = await ops(reader, 0, "list");
      const status = await ops(reader, 0, "status", "covid");
      const runs = await ops(reader, 0, "runs", "covid");
      const logs = await ops(reader, 0, "logs", "covid", "--since", "2h");
      const csv = await ops(reader, 0, "sql", "--csv", "select count(*) as days, max(date) as newest from covid_daily");
      const ledger = await ops(reader, 0, "sql", "select status, inserted from etl_run order by started limit 1");
      const mistake = await ops(reader, 1, "sql", "select nothing from covid_daily");
      const write = await ops(reader, 1, "sql", "delete from covid_daily");
      const long = await ops(reader, 0, "sql", "--json", "select generate_series(1, 1000000)");
      const audit = await ops(reader, 0, "audit", "--since", "2h");
      const pages = ["--folder", join(cloud.folder, "pages")];
      const page = await ops(reader, 0, "page", "covid", ...pages);
      const index = await ops(reader, 0, "page", "--json", ...pages);
      const none = await ops(reader, 1, "page", "metadata", ...pages);
      const start = await ops(reader, 1, "start", "covid");
      const redrive = await ops(reader, 1, "redrive", "covid");
      await sendHome(cloud, deployment, "reader");

      // Assess
      expect(list.stdout).toMatch(/^covid .*succeeded/m);
      expect(list.output).not.toContain("not looked at");
      expect(status.stdout).toMatch(/^succeeded: There were/m);
      expect(runs.stdout.split("\n").length).toBeGreaterThan(1);
      expect(logs.stdout).toMatch(/load INFO step done/);
      expect(csv.stdout).toMatch(/^days,newest\r?\n254,2020-09-30$/);
      expect(ledger.stdout).toBe("status     inserted\nsucceeded  254\n(1 row)");
      expect(mistake.output).toMatch(/column "nothing" does not exist \(42703\)\nLINE 1: select nothing from/);
      expect(write.output).toMatch(/permission denied for table covid_daily|read-only transaction/);
      expect(mistake.output + write.output).not.toMatch(/ at .*\.[jt]s:/);
      expect(audit.stdout).toMatch(/assumed-role\/person-reader\/test +1 +select count/);
      expect(audit.stdout).toMatch(/assumed-role\/person-reader\/test +failed +delete from covid_daily/);
      expect(JSON.parse(long.stdout)).toMatchObject({ cut: "rows", columns: ["generate_series"] });
      expect(long.output).toContain("cut at 10,000 rows: there are more");
      expect(page.stdout).toMatch(/pages\/covid\/index\.html \(made 20/);
      expect(readFileSync(page.stdout.replace(/ \(made.*/, ""), "utf8")).toContain('data-column="cases"');
      const listed = readFileSync(JSON.parse(index.stdout).path, "utf8");
      expect(listed).toMatch(/<a href="covid\/index\.html">covid<\/a>[\s\S]*succeeded/);
      expect(listed).toContain("metadata");
      expect(none.output).toMatch(/There is no page of metadata yet[\s\S]*Wait for the schedule/);
      for (const refused of [start, redrive]) expect(refused.output).toMatch(/not authorized to perform/);
      const said = JSON.stringify(await functionLog(cloud, "millrace-dev-sql"));
      expect(said).toContain("delete from covid_daily");
      expect(said).toContain("assumed-role/person-reader/test");
      expect(said).not.toContain("2020-09-30");
    },
    5 * MINUTES,
  );

  test(
    "a person who operates starts, replays and redrives, and deploys nothing",
    async () => {
      // Prepare
      const operator = await inHandsOf(cloud, deployment, "operator");
      await putStart();

      // Act
      const started = await ops(operator, 0, "start", "covid", "--wait");
      const [, run = ""] = /run ([\w-]+)/.exec(started.output) ?? [];
      const replayed = await ops(operator, 0, "replay", "covid", run, "--wait");
      const redriven = await ops(operator, 0, "redrive", "covid");
      const logs = await ops(operator, 0, "logs", "covid", "--since", "2h");
      const asked = await ops(operator, 0, "sql", "select 1 as one");
      const listed = await ops(operator, 0, "list");
      const beside = await Promise.all(
        [
          {
            service: "secretsmanager",
            target: "secretsmanager.GetSecretValue",
            body: { SecretId: database.secretArn },
          },
          { service: "lambda", path: "/2015-03-31/functions/millrace-dev-covid-load/invocations", body: {} },
        ].map((call) => callCloud(cloud, { ...call, credentials: credentialsOf(operator) })),
      );
      await sendHome(cloud, deployment, "operator");
      await untilNothingRuns(cloud, MACHINE);
      await topic.received();

      // Assess
      expect(started.stdout).toMatch(/^Succeeded after/);
      expect(replayed.stdout).toMatch(/^Succeeded after/);
      expect(redriven.stdout).toMatch(/^covid: 1 dead letters, started again as \S+$/);
      expect(logs.stdout).toMatch(/load INFO step done/);
      expect(asked.stdout).toBe("one\n1\n(1 row)");
      expect(listed.output).not.toContain("not looked at");
      for (const answer of beside) expect([answer.status, answer.ok]).toEqual([expect.any(Number), false]);
      for (const answer of beside) expect(await answer.text()).toMatch(/AccessDenied|not authorized to perform/);
    },
    5 * MINUTES,
  );

  restoreDrill(() => ({ cloud, deployment }));

  test(
    "a page that fails leaves the run succeeded and the page of before, and is told in the log",
    async () => {
      // Prepare
      const stood = await versions(COVID_PAGE);
      await query("ALTER ROLE millrace_reader CONNECTION LIMIT 0");

      // Act
      const { status: ended } = await run();
      await query("ALTER ROLE millrace_reader CONNECTION LIMIT -1");

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(stood.length).toBeGreaterThan(2);
      expect(await versions(COVID_PAGE)).toEqual(stood);
      const log = (await functionLog(cloud, "millrace-dev-pages")).join("\n");
      expect(log).toMatch(/"step failed"[\s\S]*millrace_reader could not log in/);
    },
    5 * MINUTES,
  );

  test(
    "a rotated password is read again, without a failure",
    async () => {
      // Prepare
      await rotatePassword(cloud, database);

      // Act
      const { status: ended } = await run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
    },
    5 * MINUTES,
  );

  test(
    "a source that comes back is fetched by a retry",
    async () => {
      // Prepare: the step's own five attempts fail, the state machine's next one does not.
      const down = Array.from({ length: 5 }, () => status(503));
      feed.serve("/cases.csv", ...down, file(realData.cases()));

      // Act
      const { status: ended } = await run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
    },
    5 * MINUTES,
  );

  test(
    "a source that stays down fails the run with one message, and nothing is loaded",
    async () => {
      // Prepare
      const stood = await totals();
      feed.serve("/cases.csv", status(503));
      const asked = feed.requests.length;

      // Act
      const { status: ended } = await run();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await onlyMessage()).toMatch(/failed at step fetch.*SourceUnavailableError.*executions\/details/s);
      expect(feed.requests.slice(asked).filter(({ path }) => path === "/cases.csv")).toHaveLength(4 * 5);
      expect(await objectText("pages/index.html")).toContain("the run failed at step fetch");
      expect(await totals()).toEqual(stood);
      serve(realData.cases());
    },
    5 * MINUTES,
  );

  test(
    "a database that is down fails the run with one message, and the next run finds it up again",
    async () => {
      // Prepare
      const stood = await totals();
      await cloud.postgres.stop();

      // Act
      const { status: ended } = await run();
      await cloud.postgres.start();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await onlyMessage()).toMatch(/failed at step load.*TransientDatabaseError/s);
      expect(await totals()).toEqual(stood);
      expect((await run()).status).toBe("SUCCEEDED");
      await topic.received();
    },
    5 * MINUTES,
  );

  test(
    "a load that waits for a lock gives up ahead of its time-out, is tried once more, fails with one message and leaves nothing",
    async () => {
      // Prepare: new data, and somebody who keeps the table to himself.
      const stood = await totals();
      serve(`${realData.cases().trimEnd()}\n2020-10-01,7264000,207000\n`);
      const blocker = new Client(cloud.postgres.connection(database.name));
      await blocker.connect();
      await blocker.query("BEGIN; LOCK TABLE covid_daily");

      // Act
      const began = Date.now();
      const { status: ended } = await run();
      await blocker.end();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await onlyMessage()).toMatch(
        /failed at step load.*OutOfTimeError.*waiting for a lock that other sessions hold/s,
      );
      expect(Date.now() - began).toBeGreaterThan(2 * (LOAD_TIMEOUT_SECONDS - AHEAD_SECONDS) * 1000);
      expect(await totals()).toEqual(stood);
      expect((await run()).status).toBe("SUCCEEDED");
      expect(await onlyMessage()).toMatch(/^There were 1 inserts and 0 updates$/m);
      expect(await query("SELECT id FROM etl_run WHERE status = 'running'")).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "a source that never answers ends fetch by its time-out, with one message",
    async () => {
      // Prepare
      feed.serve("/recoveries.csv", hang());

      // Act
      const { status: ended } = await run();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await onlyMessage()).toMatch(/failed at step fetch/);
      serve(realData.cases());
    },
    5 * MINUTES,
  );

  test(
    "a changed handler updates its own function only, and an unchanged one none",
    async () => {
      // Prepare
      const copy = join(cloud.folder, "changed");
      await copyWithChangedHandler(copy, "covid/fetch");

      // Act
      await deployment.build(copy);
      const changed = plannedChanges(await planOf(administrator, "etl"));
      await deployment.build();
      const unchanged = plannedChanges(await planOf(administrator, "etl"));

      // Assess
      expect(functionsOf(changed)).toEqual([expect.stringContaining("covid_fetch")]);
      expect(changed.every(({ address }) => address.includes("covid_fetch"))).toBe(true);
      expect(unchanged).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "a budget of another amount is the same budget, changed",
    async () => {
      // Prepare: what synthesis would write for another amount.
      const etl = deployer.terraform("etl");
      const file = join(etl.folder, "cdk.tf.json");
      const stack = synthesized.parse(JSON.parse(readFileSync(file, "utf8")));
      const [[name, budget] = ["none", {}]] = Object.entries(stack.resource.aws_budgets_budget);
      const body = { AccountId: ACCOUNT, BudgetName: "millrace-dev-monthly" };
      const target = "AWSBudgetServiceGateway.DescribeBudget";

      // Act
      budget.limit_amount = "120";
      writeFileSync(file, JSON.stringify(stack));
      const { output } = await etl.apply("-refresh=false", `-target=aws_budgets_budget.${name}`);
      const told = await (await callCloud(cloud, { service: "budgets", target, body })).json();

      // Assess
      expect(output).toContain("Apply complete! Resources: 0 added, 1 changed, 0 destroyed.");
      expect(told).toMatchObject({ Budget: { BudgetLimit: { Amount: "120", Unit: "USD" } } });
    },
    5 * MINUTES,
  );

  test(
    "destroyed in order, nothing of ours is left",
    async () => {
      // Prepare
      await topic.remove();

      // Act
      const refused = await runScript(deployment, "destroy", ["--confirm", "destroy-prod"], { expected: 2 });
      const destroyer = await keepProvider(await roles.take("destroy"), "destroy");
      const destroyed = await runScript(destroyer, "destroy", ["--confirm", "destroy-dev"]);
      await runScript(administrator, "bootstrap", ["--destroy", "--quiet", "--confirm", "millrace-dev-state-backend"]);

      // Assess
      expect(refused.output).toContain("Nothing was destroyed");
      for (const kind of ["raw", "pages"]) {
        expect(destroyed.output).toMatch(new RegExp(`millrace-dev-${kind}-\\S+: [1-9]\\d* object versions deleted`));
      }
      expect(await cloud.inventory()).toEqual(before);
    },
    10 * MINUTES,
  );

  function serve(cases: string): void {
    feed.serve("/cases.csv", file(cases));
    feed.serve("/recoveries.csv", file(realData.recoveries()));
  }

  const ops = (person: Deployment, code: number, ...args: readonly string[]) => runOps(person, args, code);
  const credentialsOf = ({ env }: Deployment) => ({
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    sessionToken: env.AWS_SESSION_TOKEN,
  });
  const run = (input?: object) => runStateMachine(cloud, MACHINE, input);
  /** What EventBridge Scheduler leaves where it could not start a run. */
  async function putStart(): Promise<void> {
    const sqs = new SQSClient(cloud.client);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${MACHINE}-dead-letters` }));
    const MessageAttributes = { SCHEDULE_ARN: { DataType: "String", StringValue: "arn:aws:scheduler:::schedule/x/x" } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}", MessageAttributes }));
  }

  const query = <Row extends object>(text: string) => cloud.postgres.query<Row>(database.name, text);

  /** The newest first. */
  async function versions(Prefix: string): Promise<readonly string[]> {
    const s3 = new S3Client(cloud.client);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: PAGES, Prefix }));
    return Versions.map(({ VersionId = "" }) => VersionId);
  }

  async function objectText(Key: string): Promise<string> {
    const { Body } = await new S3Client(cloud.client).send(new GetObjectCommand({ Bucket: PAGES, Key }));
    return (await Body?.transformToString()) ?? "";
  }

  async function totals(): Promise<Totals | undefined> {
    const sums = "sum(cases)::float8 AS cases, sum(deaths)::float8 AS deaths, sum(recoveries)::float8 AS recoveries";
    const [row] = await query<Totals>(`SELECT count(*)::int AS days, ${sums} FROM covid_daily`);
    return row;
  }

  /** The text of the one message that came; a moment is left for a second one, which would be a mistake. */
  async function onlyMessage(): Promise<string> {
    await wait(500);
    const messages = await topic.received();
    expect(messages).toHaveLength(1);
    return messages[0]?.text ?? "";
  }
});

function functionsOf(changes: readonly PlannedChange[]): readonly string[] {
  return changes.filter(({ type }) => type === "aws_lambda_function").map(({ address }) => address);
}
