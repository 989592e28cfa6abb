import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import { Terraform } from "../../../../scripts/deliver/terraform/terraform";
import { ProviderRelay } from "./provider-relay";

const PROVIDER = "@cdktf/provider-aws/package.json";
/** Seconds, for a busy machine. */
const START_SECONDS = 60;

const kept = new Map<string, KeptProvider>();

/**
 * The same deployment, whose commands of Terraform share an AWS provider that runs as a server of its own (`TF_REATTACH_PROVIDERS`).
 * Terraform starts the provider up to six times for one command else, and half of the processor's time in the end-to-end suites
 * went there.
 *
 * @param name who has the deployment's credentials: what was kept for the same name before is ended
 * @param outdir where the stacks are synthesized, if not where the deployment says
 */
export async function keepProvider(
  deployment: Deployment,
  name: string,
  outdir = deployment.outdir,
): Promise<Deployment> {
  const { env, config } = deployment;
  // A provider reads a stack's files by their paths from where it stands: as deep as a stack's folder.
  const cwd = join(outdir, "../provider", config.environment, name);
  const reattach = await keep(cwd, join(deployment.outdir, "../provider-program"), outdir, env);
  // Each stack sets the provider up for itself, with tags of its own: of two at once, one would apply with the other's.
  return deployment.with({ ...reattach, CDKTF_PARALLELISM: "1" });
}

/**
 * As {@link keepProvider}, of a stack without a deployment.
 *
 * @param folder where the provider stands, with its program below it
 * @param stack the stack's folder
 */
export async function keepProviderIn(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  return { ...env, ...(await keep(folder, join(folder, "program"), stack, env)) };
}

async function keep(
  cwd: string,
  programFolder: string,
  stacks: string,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  mkdirSync(cwd, { recursive: true });
  const program = await install(programFolder, env);
  await kept.get(cwd)?.stop();
  const provider = await KeptProvider.start(program, cwd, stacks, env);
  kept.set(cwd, provider);
  return { TF_REATTACH_PROVIDERS: provider.reattach };
}

afterAll(async () => {
  await Promise.all([...kept.values()].map((provider) => provider.stop()));
});

class KeptProvider {
  readonly #process: ChildProcess;
  readonly #relay: ProviderRelay;
  readonly reattach: string;

  private constructor(process: ChildProcess, relay: ProviderRelay, reattach: string) {
    this.#process = process;
    this.#relay = relay;
    this.reattach = reattach;
  }

  static async start(program: string, cwd: string, stacks: string, env: NodeJS.ProcessEnv): Promise<KeptProvider> {
    // A provider sets up the machine's certificates once, and a second time is an error; the emulator speaks HTTP.
    const own = { ...env, AWS_CA_BUNDLE: undefined, GOGC: "400" };
    const child = spawn(program, ["-debug"], { cwd, env: own, stdio: ["ignore", "pipe", "ignore"] });
    const late = setTimeout(() => child.kill("SIGKILL"), START_SECONDS * 1000);
    const reattach = await readReattach(child);
    clearTimeout(late);
    if (reattach === undefined) throw new Error(`${program} -debug does not say how to attach to it`);
    const socket = /(?<="String":")[^"]+/.exec(reattach)?.[0];
    if (socket === undefined) throw new Error(`${reattach} has no socket`);
    const relayed = `${socket}-relay`;
    const relay = await ProviderRelay.start(socket, relayed, stacks);
    return new KeptProvider(child, relay, reattach.replace(socket, relayed));
  }

  async stop(): Promise<void> {
    this.#relay.stop();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}

/** Undefined where it ends before it has said so. */
function readReattach({ stdout }: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (stdout === null) return resolve(undefined);
    createInterface({ input: stdout })
      .on("line", (line) => {
        const found = /TF_REATTACH_PROVIDERS='(.+)'/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      })
      .on("close", () => resolve(undefined));
  });
}

/** The provider's program, which Terraform finds as for any stack. */
async function install(here: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { cdktf } = require(PROVIDER);
  if (!existsSync(here)) {
    mkdirSync(here);
    const required_providers = { aws: { source: "hashicorp/aws", version: cdktf.provider.version } };
    writeFileSync(join(here, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    await new Terraform(here, { env }).reinitialise();
  }
  const installed = join(here, ".terraform", "providers", cdktf.provider.name, cdktf.provider.version);
  const [program] = readdirSync(installed).flatMap((platform) =>
    readdirSync(join(installed, platform))
      .filter((name) => name.startsWith("terraform-provider-aws"))
      .map((name) => join(installed, platform, name)),
  );
  if (program === undefined) throw new Error(`no AWS provider in ${installed}`);
  return program;
}
