import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { CopyObjectCommand, DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { backendFile, localStateFile, readBackend, stateKey } from "../../config/backend";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { ProgramError } from "../../scripts/command-line/run-program";
import { heldLock } from "../../scripts/deliver/deploy/held-lock";
import { cloudMissing, githubTokens, runScript, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;

/** Deployments, and what comes in a wrong order, are in `two-environments.test.ts`. */
describeUnless(cloudMissing, "state on the emulated AWS: bootstrap, locks, what came from elsewhere", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment, whose commands of Terraform share a provider. */
  let administrator: Deployment;
  let roles: WorkflowRoles;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;

  beforeAll(async () => {
    ({ cloud, deployment } = await startCloud({ recorded: true }));
    before = await cloud.inventory();
    administrator = await keepProvider(deployment, "administrator");
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
  }, 5 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "a bootstrap that is killed between apply and migration is finished by the next one",
    async () => {
      // Prepare
      const killed = new AbortController();
      const onLine = (line: string) => line.includes("moving its state into the bucket") && killed.abort();

      // Act
      const first = runScript(deployment, "bootstrap", ["--quiet"], { signal: killed.signal, onLine });

      // Assess
      await expect(first).rejects.toThrow(ProgramError);
      expect(existsSync(localStateFile(deployment.config, "state-backend"))).toBe(true);
      const made = await cloud.inventory();
      const second = await runScript(administrator, "bootstrap", ["--quiet"]);
      expect(second.output).toContain("continuing from its local state");
      expect(await cloud.inventory()).toEqual(made);
      expect(existsSync(localStateFile(deployment.config, "state-backend"))).toBe(false);
      expect(await stateOf("state-backend")).toMatchObject({ resources: expect.arrayContaining([expect.anything()]) });
    },
    10 * MINUTES,
  );

  test(
    "a second bootstrap changes nothing",
    async () => {
      // Prepare
      const made = await cloud.inventory();
      const serial = (await stateOf("state-backend"))?.serial;

      // Act
      const { output } = await runScript(administrator, "bootstrap", []);

      // Assess
      expect(output).toContain("Resources: 0 added, 0 changed, 0 destroyed");
      expect(await cloud.inventory()).toEqual(made);
      expect((await stateOf("state-backend"))?.serial).toBe(serial);
    },
    10 * MINUTES,
  );

  test(
    "a lock that its holder left is named, and broken by force-unlock",
    async () => {
      // Prepare
      const deployer = await keepProvider(await roles.take("deploy"), "deploy");
      const holder = await holdLock(deployer, "network");
      holder.kill("SIGKILL");
      await once(holder, "exit");

      // Act
      const refused = await deployer.deploy("network").catch((error: unknown) => error);
      const { ID: id = "" } = lockOf(refused);
      const held = await heldLock(deployer.terraform("network"));
      const { code } = await deployer.terraform("network").run(["force-unlock", "-force", id]);

      // Assess
      expect(held).toBe(id);
      expect(code).toBe(0);
      expect(await heldLock(deployer.terraform("network"))).toBeUndefined();
      await expect(deployer.terraform("network").plan("unlocked.tfplan")).resolves.toBe(true);
    },
    10 * MINUTES,
  );

  test(
    "while another process holds the lock, a deployment fails at once with its name; afterwards it is free",
    async () => {
      // Prepare
      const deployer = await keepProvider(await roles.take("deploy"), "deploy");
      const holder = await holdLock(deployer, "network");
      const made = await cloud.inventory();
      const began = Date.now();

      // Act
      const refused = await deployer.deploy("network").catch((error: unknown) => error);

      // Assess
      expect(lockOf(refused)).toMatchObject({ Operation: "OperationTypeApply", Who: expect.stringContaining("@") });
      expect(Date.now() - began).toBeLessThan(MINUTES);
      expect(await cloud.inventory()).toEqual(made);

      // Act
      holder.stdin?.end("no\n");
      await once(holder, "exit");

      // Assess
      expect(await heldLock(deployer.terraform("network"))).toBeUndefined();
    },
    10 * MINUTES,
  );

  test(
    "a state that came from another environment is refused before anything is planned",
    async () => {
      // Prepare: what -migrate-state does after `ENVIRONMENT=prod`, with the one stack that is there.
      const prod = deployment.with({ ENVIRONMENT: "prod" });
      const { bucket = "" } = readBackend(deployment.config) ?? {};
      const s3 = new S3Client(cloud.client);
      const Key = stateKey(prod.config, "network");
      copyFileSync(backendFile(deployment.config), backendFile(prod.config));
      const CopySource = `${bucket}/${stateKey(deployment.config, "state-backend")}`;
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key, CopySource }));

      // Act
      const refused = await runScript(prod, "deploy", ["--plan-only", "network"], { expected: 1 });

      // Assess
      expect(refused.output).toMatch(/resources of another environment.*got .* of millrace dev/);
      expect(refused.output).not.toMatch(/^network: \d/m);
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      rmSync(backendFile(prod.config));
    },
    5 * MINUTES,
  );

  test(
    "destroyed, nothing of ours is left",
    async () => {
      // Act
      await runScript(administrator, "bootstrap", ["--destroy", "--quiet", "--confirm", "millrace-dev-state-backend"]);

      // Assess
      expect(await cloud.inventory()).toEqual(before);
      expect(readBackend(deployment.config)).toBeUndefined();
    },
    10 * MINUTES,
  );

  const stateOf = (stack: string) => deployment.terraform(stack).state();

  /** `terraform apply`, waiting for somebody to approve. */
  async function holdLock(deployer: Deployment, stack: string): Promise<ChildProcess> {
    const { folder: cwd } = await deployer.initialise(stack);
    const env = { ...deployer.env, TF_INPUT: "1" };
    const child = spawn("terraform", ["apply", "-no-color"], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("Do you want to perform these actions?")) return child;
    }
    throw new Error("terraform ended before it asked");
  }
});

/** What Terraform says of who holds the lock. */
function lockOf(refused: unknown): Readonly<Record<string, string>> {
  if (!(refused instanceof ProgramError)) throw new Error("the lock kept nobody out", { cause: refused });
  expect(refused.output).toContain("Error acquiring the state lock");
  // cdktf paints, and frames what Terraform says.
  const fields = [...refused.output.matchAll(/\b(ID|Path|Operation|Who|Created): +(\S+)/g)];
  return Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, value]));
}
