import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Emulator } from "../../scripts/cloud/emulator";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { findCloudPrograms } from "../../scripts/cloud/environment/programs";
import { pythonEnvironment } from "../../scripts/cloud/environment/python-environment";
import { ProgramError, runProgram } from "../../scripts/command-line/run-program";
import { keepHalfMade } from "../../scripts/deliver/deploy/half-made";
import { parsePlan } from "../../scripts/deliver/plan-review/plan";
import { terraformEnvironment } from "../../scripts/deliver/terraform/environment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { cloudMissing } from "../support/cloud/cloud";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const ANSWERED_MS = 3_000;
const POLL_MS = 200;
const REGION = "eu-central-1";
const requirements = join(__dirname, "../../emulator/requirements.txt");
const { programs } = findCloudPrograms();
const say = (text: string) => process.stderr.write(`${text}\n`);

describeUnless(cloudMissing, "what holds data and is being made at Ctrl-C", () => {
  let folder: string;
  let emulator: Emulator;
  let dynamodb: DynamoDBClient;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-half-made-"));
    const python = await pythonEnvironment(programs?.python ?? "", requirements, cacheFolder(), say);
    const refuse = { "slow-table": "ledger" };
    emulator = await Emulator.start({ python, home: join(folder, "lambda"), refuse, onLine: say });
    const credentials = { accessKeyId: "emulated", secretAccessKey: "emulated" };
    dynamodb = new DynamoDBClient({ endpoint: emulator.endpoint, region: REGION, credentials });
    const own = {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: "emulated",
      AWS_SECRET_ACCESS_KEY: "emulated",
    };
    env = await terraformEnvironment(own);
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(STACK));
  }, 5 * MINUTES);

  afterAll(async () => {
    dynamodb?.destroy();
    await emulator?.stop();
    rmSync(folder, { recursive: true });
  });

  test(
    "is kept, and the same command again completes it",
    async () => {
      // Prepare
      const terraform = new Terraform(folder, { env });
      await terraform.reinitialise();
      await terraform.plan("first.tfplan");
      const plan = parsePlan(await terraform.show("first.tfplan"), "first.tfplan");
      const stop = new AbortController();

      // Act
      const apply = ["apply", "-no-color", "first.tfplan"];
      let ended = false;
      const running = runProgram("terraform", apply, { cwd: folder, env, interrupt: stop.signal })
        .catch((reason: unknown) => reason)
        .finally(() => {
          ended = true;
        });
      while (!ended && (await ledger()) === undefined) await wait(POLL_MS);
      const begun = await ledger();
      // Until Terraform has the answer, too: one that comes after Ctrl-C is in no state.
      await wait(ANSWERED_MS);
      stop.abort();
      const interrupted = await running;
      const said = await keepHalfMade(terraform, { stack: "etl", plan });
      const { output: again } = await terraform.apply();

      // Assess
      expect(begun?.TableStatus).toBe("CREATING");
      expect(interrupted).toBeInstanceOf(ProgramError);
      expect((interrupted as ProgramError).output.match(/Interrupt received/g)).toHaveLength(1);
      expect(said).toEqual(["aws_dynamodb_table.ledger was begun: it is kept, and will be completed"]);
      expect(again).toContain("Resources: 0 added, 1 changed, 0 destroyed.");
      expect((await ledger())?.CreationDateTime).toEqual(begun?.CreationDateTime);
    },
    5 * MINUTES,
  );

  /** Undefined while there is none. */
  const ledger = () =>
    dynamodb.send(new DescribeTableCommand({ TableName: "ledger" })).then(
      ({ Table }) => Table,
      () => undefined,
    );
});

/** A ledger, whose backups are switched on once it has been made. */
const STACK = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
  provider: { aws: { region: REGION, skip_credentials_validation: true, skip_requesting_account_id: true } },
  resource: {
    aws_dynamodb_table: {
      ledger: {
        name: "ledger",
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "id",
        attribute: [{ name: "id", type: "S" }],
        point_in_time_recovery: { enabled: true },
      },
    },
  },
};
