import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Deployment } from "../../../../../scripts/cloud/deployment";
import { realData } from "../../../files/real-data";
import { callCloud } from "../../call-cloud";
import { runOps } from "../../cloud";
import { functionLog } from "../../observe/function-log";
import { untilNothingRuns } from "../../observe/state-machine-run";
import { inHandsOf, sendHome } from "../../roles/people";
import { type CovidCloud, MACHINE } from "./covid-cloud";

const MINUTES = 60_000;

/** What people may do who have the policies for them. */
export function peopleSuite(getWorld: () => CovidCloud): void {
  test(
    "a person who may look reads the database, statement by statement, with his name in the log, and does nothing else",
    async () => {
      const world = getWorld();
      // Prepare
      const reader = await inHandsOf(world.cloud, world.deployment, "reader");

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
      const pages = ["--folder", join(world.cloud.folder, "pages")];
      const page = await ops(reader, 0, "page", "covid", ...pages);
      const index = await ops(reader, 0, "page", "--json", ...pages);
      const none = await ops(reader, 1, "page", "metadata", ...pages);
      const start = await ops(reader, 1, "start", "covid");
      const redrive = await ops(reader, 1, "redrive", "covid");
      const mend = await ops(reader, 1, "mend", "covid", fileOf("millrace_row,Date\n1,2020-09-30\n"));
      const undo = await ops(reader, 1, "undo", "covid", "3f2a");
      await sendHome(world.cloud, world.deployment, "reader");

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
      for (const refused of [start, redrive, mend, undo]) expect(refused.output).toMatch(/not authorized to perform/);
      const said = JSON.stringify(await functionLog(world.cloud, "millrace-dev-sql"));
      expect(said).toContain("delete from covid_daily");
      expect(said).toContain("assumed-role/person-reader/test");
      expect(said).not.toContain("2020-09-30");
    },
    5 * MINUTES,
  );

  test(
    "a person who operates starts, replays and redrives, and deploys nothing",
    async () => {
      const world = getWorld();
      // Prepare
      const operator = await inHandsOf(world.cloud, world.deployment, "operator");
      await putStart();

      // Act
      const started = await ops(operator, 0, "start", "covid", "--wait");
      const [, run = ""] = /run ([\w-]+)/.exec(started.output) ?? [];
      const replayed = await ops(operator, 0, "replay", "covid", run, "--wait");
      const proven = await ops(operator, 0, "replay", "covid", run, "--prove");
      const redriven = await ops(operator, 0, "redrive", "covid");
      const logs = await ops(operator, 0, "logs", "covid", "--since", "2h");
      const asked = await ops(operator, 0, "sql", "select 1 as one");
      const listed = await ops(operator, 0, "list");
      const beside = await Promise.all(
        [
          {
            service: "secretsmanager",
            target: "secretsmanager.GetSecretValue",
            body: { SecretId: world.database.secretArn },
          },
          { service: "lambda", path: "/2015-03-31/functions/millrace-dev-covid-load/invocations", body: {} },
        ].map((call) => callCloud(world.cloud, { ...call, credentials: credentialsOf(operator) })),
      );
      await sendHome(world.cloud, world.deployment, "operator");
      await untilNothingRuns(world.cloud, MACHINE);
      await world.topic.received();

      // Assess
      expect(started.stdout).toMatch(/^Succeeded after/);
      expect(replayed.stdout).toMatch(/^Succeeded after/);
      expect(proven.stdout).toMatch(/^run \S+ of covid: the same \d+ rows and \d+ rejected ones, hash [0-9a-f]{64}$/m);
      expect(redriven.stdout).toMatch(/^covid: 1 dead letter, started again as \S+$/);
      expect(logs.stdout).toMatch(/load INFO step done/);
      expect(asked.stdout).toBe("one\n1\n(1 row)");
      expect(listed.output).not.toContain("not looked at");
      for (const answer of beside) expect([answer.status, answer.ok]).toEqual([expect.any(Number), false]);
      for (const answer of beside) expect(await answer.text()).toMatch(/AccessDenied|not authorized to perform/);
    },
    5 * MINUTES,
  );

  test(
    "a person who operates brings a rejected row home, twice is once, and what is still wrong is said",
    async () => {
      const world = getWorld();
      // Prepare
      const operator = await inHandsOf(world.cloud, world.deployment, "operator");
      const [days = 0, file] = [(await world.totals())?.days, join(world.cloud.folder, "covid-rows.csv")];
      world.serve(`${realData.cases().trimEnd()}\n2020-10-01,7264000,207000 or so\n2020-10-02,x,1\n`);
      const { status } = await world.run();
      await world.topic.received();

      // Act
      await ops(operator, 0, "rejected", "covid", "--out", file);
      writeFileSync(file, readFileSync(file, "utf8").replace(",207000 or so,", ",207000,"));
      const mended = await ops(operator, 1, "mend", "covid", file);
      const message = await world.onlyMessage();
      const twice = await ops(operator, 1, "mend", "covid", file, "--json");
      await sendHome(world.cloud, world.deployment, "operator");
      await world.topic.received();

      // Assess
      expect(status).toBe("FAILED");
      expect(mended.stdout).toMatch(
        /^1 rejected row of covid was mended in run \S+: 1 inserts and 0 updates, 0 unchanged\n1 stay rejected: correct them/,
      );
      expect(mended.output).toMatch(/covid-rows\.csv, line 3: cases: got "x", expected/);
      expect(message).toContain(mended.stdout);
      expect(JSON.parse(twice.stdout)).toMatchObject({ runId: null, mended: 0, before: 1, rejected: 1 });
      expect((await world.totals())?.days).toBe(days + 1);
      const [by] = await world.query("SELECT mended_by AS by FROM etl_run WHERE mended_by IS NOT NULL");
      expect(by).toEqual({ by: expect.stringContaining("assumed-role/person-operator/test") });
      await world.query("DELETE FROM covid_daily WHERE date = '2020-10-01'");
      world.serve(realData.cases());
    },
    5 * MINUTES,
  );

  const fileOf = (text: string) => {
    const file = join(getWorld().cloud.folder, "no-rows.csv");
    writeFileSync(file, text);
    return file;
  };
  const ops = (person: Deployment, code: number, ...args: readonly string[]) => runOps(person, args, code);
  const credentialsOf = ({ env }: Deployment) => ({
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    sessionToken: env.AWS_SESSION_TOKEN,
  });

  /** What EventBridge Scheduler leaves where it could not start a run. */
  async function putStart(): Promise<void> {
    const sqs = new SQSClient(getWorld().cloud.client);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${MACHINE}-dead-letters` }));
    const MessageAttributes = { SCHEDULE_ARN: { DataType: "String", StringValue: "arn:aws:scheduler:::schedule/x/x" } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}", MessageAttributes }));
  }
}
