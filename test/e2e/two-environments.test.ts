import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { localStateFile, readBackend } from "../../config/backend";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { runProgram } from "../../scripts/command-line/run-program";
import { cloudMissing, githubTokens, runOps, runScript, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { ACCOUNT } from "../support/cloud/roles/emulated-roles";
import { LastingPeople } from "../support/cloud/roles/people";
import { WorkflowRoles, withSession } from "../support/cloud/roles/workflow-roles";
import { settle } from "../support/cloud/settle";
import { ordersAlone } from "../support/cloud/stacks/light-stacks";
import { taintData } from "../support/cloud/stacks/taint-data";
import { describeUnless } from "../support/files/real-data";
import { pressCtrlC } from "../support/processes/ctrl-c";

const MINUTES = 60_000;
const root = resolve(__dirname, "../..");
const KEPT = { Bucket: `millrace-prod-incoming-${ACCOUNT}`, Key: "kept/a.txt" };
const LEDGER = "millrace-prod-orders-ledger";
const REPLAY = ["replay", "orders", KEPT.Key];
/** Of this line on, all of a state backend is made but lifecycles: what is asked for at that moment, and not answered, would be in no state. */
const MADE = /aws_s3_bucket_lifecycle_configuration\.\S+: Still creating\.\.\./;
/**
 * The ledger, which takes its time, is half made: ten seconds after Terraform asked for it. At "Creating..." AWS may not have
 * answered yet, and an answer that nobody waits for is in no state.
 */
const BEGUN = /aws_dynamodb_table\.\S+: Still creating\.\.\./;
const GONE = /Destruction complete after/;

/**
 * A walk: each test goes on where the one before it ended. dev gets the network alone, prod the pipeline `orders` alone:
 * a database takes its minutes, and its protection is shown by `workflows.test.ts`.
 */
describeUnless(cloudMissing, "two environments in one checkout, with each command in a wrong order", () => {
  let cloud: Cloud;
  let folder: string;
  /** In the hands of the account's administrator. */
  let dev: Deployment;
  let prod: Deployment;
  let people: LastingPeople;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-walk-"));
    const webIdentityKey = githubTokens.writeKey(join(folder, "github.pem"));
    ({ cloud, deployment: dev } = await startCloud({
      webIdentityKey,
      refuse: { "slow-table": LEDGER },
      overrides: ordersAlone,
    }));
    prod = settle(dev, { github: { oidcProvider: "existing" } }).with({ ENVIRONMENT: "prod" });
    people = await LastingPeople.of(cloud, prod);
    before = await cloud.inventory();
  }, 5 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  test(
    "before there is anything, each command says what comes first and makes nothing",
    async () => {
      // Act
      const bare = await cdktf(["deploy", "network", "--auto-approve", "--output", dev.outdir]);
      const deployed = await run(dev, "deploy", ["network", "--yes"], 1);
      const prepared = await run(dev, "deliver/workflow/prepare-destroy", ["--confirm", "destroy-dev"], 2);
      const destroyed = await run(dev, "destroy", ["--confirm", "destroy-dev"], 2);
      const removed = await run(dev, "bootstrap", ["--destroy", "--confirm", "millrace-dev-state-backend"]);
      const [listed, redriven] = [await ops(dev, ["list"]), await ops(dev, ["redrive", "orders"], 1)];

      // Assess
      expect(bare).toMatch(/missing or outdated: .*npm run deploy/s);
      expect(deployed).toMatch(/dev has no state backend.*npm run bootstrap/s);
      expect(prepared).toMatch(/dev has no state backend in this checkout.*npm run bootstrap/);
      expect(destroyed).toMatch(/dev has no state backend in this checkout.*npm run bootstrap/);
      expect(removed).toContain("there is no state backend");
      expect(listed).toMatch(/orders .*not deployed/);
      expect(redriven).toContain("not deployed");
      expect(await cloud.inventory()).toEqual(before);
    },
    10 * MINUTES,
  );

  test(
    "the second environment's state backend takes what the account has one of; interrupted, it goes on",
    async () => {
      // Prepare
      await run(await administrator(dev), "bootstrap", ["--quiet"]);
      const ofDev = await cloud.inventory();

      // Act
      const second = await run(settle(prod, { github: { oidcProvider: "create" } }), "bootstrap", ["--quiet"], 1);
      const untouched = await cloud.inventory();
      const interrupted = await pressCtrlC(prod, "bootstrap", [], MADE);
      const halfMade = taintData(localStateFile(prod.config, "state-backend"));
      const again = await run(await administrator(prod), "bootstrap", ["--quiet"]);

      // Assess
      expect(second).toContain('oidcProvider: "existing"');
      expect(untouched).toEqual(ofDev);
      expect(interrupted).toMatchObject({ code: 130, output: expect.stringContaining("Interrupted. ") });
      expect(halfMade).toBeGreaterThan(0);
      expect(again.match(/was begun: it is kept/g)).toHaveLength(halfMade);
      expect(again).toContain("the state backend is ready");
      expect(existsSync(localStateFile(prod.config, "state-backend"))).toBe(false);
      expect(readBackend(prod.config)?.bucket).not.toBe(readBackend(dev.config)?.bucket);
    },
    10 * MINUTES,
  );

  test(
    "etl is not deployed before what it waits for, nor in another environment's hands",
    async () => {
      // Prepare
      const made = await cloud.inventory();
      const ofDev = await inRole(dev, "deploy");
      const inProd = withSession(prod, await new WorkflowRoles(cloud, dev, githubTokens).session("deploy", "walk"));

      // Act
      const early = await run(
        settle(ofDev, { pipelines: { covid: { enabled: true } } }),
        "deploy",
        ["etl", "--yes"],
        1,
      );
      const foreign = await run(inProd, "deploy", ["etl", "--yes"], 1);

      // Assess
      expect(early).toMatch(/waits for network: nothing was deployed.*npm run deploy -- network etl/s);
      expect(foreign).toMatch(/Unable to access object "millrace\/prod\/.*Forbidden/);
      expect(await cloud.inventory()).toEqual(made);
    },
    10 * MINUTES,
  );

  test(
    "one after the other is deployed, Ctrl-C included, and neither is in the other's way",
    async () => {
      // Prepare
      const [ofDev, ofProd] = [await inRole(dev, "deploy"), await inRole(prod, "deploy")];
      const first = await run(ofDev, "deploy", ["network", "--yes"]);
      const network = await serial(ofDev, "network");

      // Act
      const interrupted = await pressCtrlC(ofProd, "deploy", ["etl", "--yes"], BEGUN);
      const begun = (await ofProd.terraform("etl").state())?.resources.length;
      const again = await run(ofProd, "deploy", ["etl", "--yes"]);
      // As a deployment leaves it that was killed.
      const [, ledger = ""] = /(aws_dynamodb_table\.\S+) was begun/.exec(interrupted.output) ?? [];
      await ofProd.terraform("etl").run(["taint", ledger]);
      const refused = await run(ofProd, "deploy", ["etl", "--yes"], 1);
      await ofProd.terraform("etl").run(["untaint", ledger]);
      const unchanged = await run(ofDev, "deploy", ["network", "--yes"]);

      // Assess
      expect(first).toMatch(/^network: \d+ create, /m);
      expect(first).toMatch(/^Cost while idle: about \+\d/m);
      expect(interrupted.code).toBe(130);
      expect(interrupted.output.match(/Interrupt received/g)).toHaveLength(1);
      expect(interrupted.output).toMatch(/Interrupted\. No lock is left on etl/);
      expect(interrupted.output).toMatch(/aws_dynamodb_table\.\S+ was begun: it is kept, and will be completed/);
      expect(begun).toBeGreaterThan(0);
      expect(again).toContain("deploy prod: done");
      expect(again).not.toContain("Data would be lost");
      expect(refused).toMatch(
        /Data would be lost.*half-created\. To keep it.*terraform -chdir=\S+ untaint aws_dynamodb_table/s,
      );
      expect(unchanged).toContain("nothing to deploy");
      expect(await serial(ofDev, "network")).toBe(network);
    },
    15 * MINUTES,
  );

  test(
    "people do what their policy says, in their environment",
    async () => {
      // Prepare
      const [reader, operator] = [await people.take("reader"), await people.take("operator")];
      const inDev = operator.with({ ENVIRONMENT: "dev" });
      await new S3Client(cloud.client).send(new PutObjectCommand({ ...KEPT, Body: "a" }));

      // Act
      const lists = [await ops(reader, ["list"]), await ops(operator, ["list"])];
      const [redriven, replayed] = [await ops(operator, ["redrive", "orders"]), await ops(operator, REPLAY)];
      const refused = [await ops(reader, REPLAY, 1), await ops(inDev, ["list"], 1)];
      const unknown = await ops(operator, ["start", "covid"], 2);

      // Assess
      // What was just put may still be on its way.
      for (const list of lists) expect(list).toMatch(/orders +.* \d waiting, \d in work, 0 failed/);
      expect(redriven).toContain("orders: no dead letters");
      expect(replayed).toContain(KEPT.Key);
      for (const text of refused) expect(text).toContain("The AWS credentials do not allow this");
      expect(unknown).toContain("covid");
    },
    5 * MINUTES,
  );

  test(
    "what is taken down too early stays as it is",
    async () => {
      // Prepare
      const made = await cloud.inventory();
      const destroyer = await inRole(prod, "destroy");

      // Act
      const backend = await run(prod, "bootstrap", ["--destroy", "--confirm", "millrace-prod-state-backend"], 1);
      const wrongName = await run(destroyer, "destroy", ["--confirm", "destroy-dev"], 2);
      const isProtected = await run(destroyer, "destroy", ["--confirm", "destroy-prod"], 1);

      // Assess
      expect(backend).toMatch(/etl\.tfstate .* still holds resources/);
      expect(wrongName).toContain("Nothing was destroyed");
      expect(isProtected).toMatch(/Nothing was emptied or destroyed.*ENVIRONMENT=prod .*prepare-destroy/s);
      await expect(new S3Client(cloud.client).send(new HeadObjectCommand(KEPT))).resolves.toBeDefined();
      expect(await cloud.inventory()).toEqual(made);
    },
    10 * MINUTES,
  );

  test(
    "both are taken down, Ctrl-C included, and nothing is left",
    async () => {
      // Prepare
      const destroyer = await inRole(prod, "destroy");
      await run(destroyer, "deliver/workflow/prepare-destroy", ["--confirm", "destroy-prod"]);

      // Act
      const interrupted = await pressCtrlC(destroyer, "destroy", ["--verbose", "--confirm", "destroy-prod"], GONE);
      const again = await run(destroyer, "destroy", ["--confirm", "destroy-prod"]);
      const gone = await ops(await people.take("operator"), ["list"]);
      await run(await inRole(dev, "destroy"), "destroy", ["--confirm", "destroy-dev"]);
      const twice = await run(await inRole(dev, "destroy"), "destroy", ["--confirm", "destroy-dev"]);
      const trust = await run(dev, "bootstrap", ["--destroy", "--confirm", "millrace-dev-state-backend"], 1);
      const attached = await run(prod, "bootstrap", ["--destroy", "--confirm", "millrace-prod-state-backend"], 1);
      await people.giveBack();
      for (const each of [prod, dev]) {
        const name = `millrace-${each.config.environment}-state-backend`;
        await run(await administrator(each), "bootstrap", ["--destroy", "--quiet", "--confirm", name]);
      }

      // Assess
      expect(interrupted).toMatchObject({
        code: 130,
        output: expect.stringMatching(/Interrupted\. No lock is left on etl/),
      });
      expect(again).toContain("destroy prod: done");
      expect(gone).toMatch(/orders .*not deployed/);
      expect(twice).toContain("neither etl nor network has resources");
      expect(trust).toMatch(/trust GitHub's identity provider.*bootstrap-millrace-prod-deploy/s);
      expect(attached).toMatch(
        /^error: Nothing was destroyed.*role operator-of-prod has bootstrap-millrace-prod-operator/ms,
      );
      expect(await cloud.inventory()).toEqual(before);
      for (const { config } of [dev, prod]) {
        expect(readBackend(config)).toBeUndefined();
        expect(existsSync(localStateFile(config, "state-backend"))).toBe(false);
      }
    },
    20 * MINUTES,
  );

  async function run(who: Deployment, script: string, args: readonly string[], expected = 0): Promise<string> {
    return (await runScript(who, script, args, { expected })).output;
  }

  async function ops(who: Deployment, args: readonly string[], expected = 0): Promise<string> {
    return (await runOps(who, args, expected)).output;
  }

  async function cdktf(args: readonly string[]): Promise<string> {
    const program = join(root, "node_modules/.bin/cdktf");
    return (await runProgram(program, args, { cwd: root, env: dev.env, accept: [1] })).output;
  }

  function administrator(of: Deployment): Promise<Deployment> {
    return keepProvider(of, "administrator");
  }

  /** In the hands of a workflow of the environment, whose commands share a provider (but for those that {@link pressCtrlC} starts). */
  async function inRole(of: Deployment, kind: "deploy" | "destroy"): Promise<Deployment> {
    return keepProvider(await new WorkflowRoles(cloud, of, githubTokens).take(kind, "walk"), kind);
  }
});

async function serial(deployment: Deployment, stack: string): Promise<number | undefined> {
  return (await deployment.terraform(stack).state())?.serial;
}
