import { backendFile, localStateFile } from "../../../config/backend";
import type { Config } from "../../../config/schema";
import type { Account } from "./account";
import {
  checkBuckets,
  checkConcurrency,
  checkEmails,
  checkIdentityProvider,
  checkInstance,
  checkOffer,
  checkServiceRoles,
} from "./account-checks";
import { checkAudit } from "./audit-checks";
import { type Finding, fail, type Outcome, ok, warn } from "./finding";
import type { Machine } from "./machine";
import { checkBackend, checkNode, checkProviders, checkRegion, checkSchedules, checkTerraform } from "./machine-checks";
import { type Check, runChecks } from "./run-checks";

export interface Preflight {
  readonly config: Config;
  readonly machine: Machine;
  readonly account: Account;
  /** The command that it precedes; on its own it checks what both need. */
  readonly before?: "bootstrap" | "deploy";
}

/** Checks all requirements of a bootstrap and a deployment before anything is changed; writes nothing. */
export async function preflight({ config, machine, account, before }: Preflight): Promise<readonly Finding[]> {
  const identity = await account.identity().catch((error: unknown) => ({ error }));
  const here: readonly Check[] = [
    { name: "node", look: () => checkNode(machine) },
    { name: "terraform", look: () => checkTerraform(machine), needed: true },
    { name: "providers", look: () => checkProviders(machine), needed: true },
    { name: "credentials", look: async () => describeIdentity(identity), needed: true },
    { name: "region", look: () => checkRegion(config, machine) },
    { name: "backend", look: () => checkBackend(config, machine, before === "deploy") },
    { name: "schedules", look: () => checkSchedules(config) },
  ];
  if ("error" in identity) return runChecks(here);
  const { account: id, arn } = identity;
  const topicArn = (name: string) => `arn:${arn.split(":")[1] ?? "aws"}:sns:${config.aws.region}:${id}:${name}`;
  return runChecks([
    ...here,
    { name: "account", look: async () => checkAccount(config, id), needed: true },
    { name: "oidc", look: () => lookAtOidc(config, account, machine) },
    { name: "concurrency", look: () => checkConcurrency(config, account) },
    { name: "buckets", look: () => checkBuckets(config, account, id) },
    { name: "database", look: () => checkOffer(config, account) },
    { name: "instance", look: () => checkInstance(config, account) },
    { name: "roles", look: () => checkServiceRoles(config, account) },
    ...(before === "deploy"
      ? []
      : [{ name: "audit", look: () => checkAudit(config, account, isSettled(config, machine)) }]),
    { name: "e-mail", look: () => checkEmails(config, account, topicArn) },
  ]);
}

function describeIdentity(identity: { readonly arn: string } | { readonly error: unknown }): Outcome {
  if ("error" in identity) throw identity.error;
  return ok(identity.arn);
}

function checkAccount({ aws, environment }: Config, id: string): Outcome {
  if (aws.accountId === id) return ok(id);
  const file = `config/${environment}.ts`;
  if (aws.accountId === undefined)
    return warn(`${id}; any account would be accepted`, `Set aws.accountId: "${id}" in ${file}`);
  return fail(
    `the credentials are for ${id}, ${environment} is deployed to ${aws.accountId}`,
    `Sign in to ${aws.accountId} (AWS_PROFILE), or correct aws.accountId in ${file}`,
  );
}

/** After a bootstrap, or the beginning of one, the provider is its own or was found by it. */
async function lookAtOidc(config: Config, account: Account, machine: Machine): Promise<Outcome> {
  return isSettled(config, machine) ? ok("settled by the bootstrap") : checkIdentityProvider(config, account);
}

function isSettled(config: Config, machine: Machine): boolean {
  return [backendFile(config), localStateFile(config, "state-backend")].some((file) => machine.hasFile(file));
}
