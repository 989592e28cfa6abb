import { relative } from "node:path";
import { backendFile } from "../../../config/backend";
import type { Config } from "../../../config/schema";
import { deployedSections } from "../../../config/sections";
import { fail, type Outcome, ok, warn } from "./finding";
import type { Machine } from "./machine";

/** As in README and package.json, and tested: the oldest supported release of each version. */
const NODES: Readonly<Record<number, number>> = { 20: 15, 22: 13, 24: 0 };
/** docs/state.md; older ones lack features that these stacks need. */
const TERRAFORM = { major: 1, minor: 11 };

export async function checkNode({ node }: Machine): Promise<Outcome> {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const oldest = NODES[major];
  if (oldest !== undefined && minor >= oldest) return ok(node);
  const fix = `Install the newest Node ${Object.keys(NODES).join(", ")}: https://nodejs.org/en/download`;
  return major < 20 || oldest !== undefined ? fail(`${node} is too old`, fix) : warn(`not tested with ${node}`, fix);
}

export async function checkTerraform(machine: Machine): Promise<Outcome> {
  const fix = `Install Terraform ${TERRAFORM.major}.${TERRAFORM.minor} or newer: https://developer.hashicorp.com/terraform/install`;
  const version = await machine.terraform().catch(() => undefined);
  if (version === undefined) return fail("terraform cannot be run", fix);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const old = major < TERRAFORM.major || (major === TERRAFORM.major && minor < TERRAFORM.minor);
  return old ? fail(`${version} is too old`, fix) : ok(version);
}

export async function checkProviders(machine: Machine): Promise<Outcome> {
  const { from, wrong } = await machine.providers();
  if (wrong === undefined) return ok(`from ${from}`);
  const fix =
    "Allow this machine to reach registry.terraform.io and releases.hashicorp.com, or name a mirror in Terraform's CLI configuration (TF_CLI_CONFIG_FILE)";
  return fail(`${from}: ${wrong}`, fix);
}

/** @param made whether a backend must exist already */
export async function checkBackend(config: Config, machine: Machine, made: boolean): Promise<Outcome> {
  const file = backendFile(config);
  const name = relative(process.cwd(), file);
  if (!machine.hasFile(file)) {
    if (!made) return ok(`the bootstrap writes ${name}`);
    return fail(
      `there is no ${name}: ${config.environment} has no state backend`,
      `${environment(config)}npm run bootstrap`,
    );
  }
  const committed = await machine.committed(file);
  if (committed === "outside") return ok(`${name} is not a file of this checkout`);
  if (committed === "yes") return ok(`${name} is committed`);
  return warn(
    `${name} is ${committed === "no" ? "not committed" : "changed since it was committed"}: other checkouts and the workflows do not have it`,
    `git add ${name} && git commit -m "chore: state backend of ${config.environment}"`,
  );
}

export async function checkSchedules(config: Config): Promise<Outcome> {
  const scheduled = deployedSections(config).flatMap(({ name, kind, settings }) =>
    "schedule" in settings ? [{ name, kind, on: settings.schedule.enabled }] : [],
  );
  const off = scheduled.filter(({ on }) => !on);
  if (off.length === 0) return ok(scheduled.length === 0 ? "no pipeline has one" : "all are switched on");
  const keys = off.map(({ name, kind }) => `${kind}.${name}.schedule.enabled`).join(", ");
  return warn(
    `switched off: ${off.map(({ name }) => name).join(", ")} starts only by hand`,
    `If that is not intended, remove ${keys} from config/${config.environment}.ts`,
  );
}

export async function checkRegion({ aws, environment }: Config, { region }: Machine): Promise<Outcome> {
  if (region === undefined || region === aws.region) return ok(aws.region);
  return warn(
    `${aws.region}, but this shell has ${region}: the configuration's is used`,
    `If ${region} is intended, set aws.region in config/${environment}.ts`,
  );
}

function environment({ environment }: Config): string {
  return environment === "dev" ? "" : `ENVIRONMENT=${environment} `;
}
