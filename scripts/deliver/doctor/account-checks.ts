import { BUCKET_KINDS, type BucketKind, bucketName, PAGES_LOG, resourceName } from "../../../config/names";
import { allWebhooks, notifiedTopics } from "../../../config/recipients";
import type { Config } from "../../../config/schema";
import { type Section, sectionOf } from "../../../config/sections";
import { counted } from "../../../etl/core/counted";
import { deployedPipelines } from "../../ops/pipeline-names";
import type { Account } from "./account";
import { fail, type Outcome, ok, warn } from "./finding";

/** The part of an account's quota that AWS keeps unreserved (PutFunctionConcurrency, Lambda API reference). */
const LEAST_UNRESERVED = 10;
/** As in modules/database/postgres-database.ts. */
const ENGINE = "17";
const STORAGE = "gp3";

/** The reservations of all pipelines' and feeds' functions, and of `sql`, against the account's remaining quota. */
export async function checkConcurrency(config: Config, account: Account): Promise<Outcome> {
  if (!config.lambda.reserveConcurrency) return ok("nothing is reserved (lambda.reserveConcurrency)");
  const steps = deployedPipelines(config).flatMap(({ name, functions }) =>
    [...functions].map(([step, deployed]) => ({ deployed, wanted: reservedBy(sectionOf(config, name), step) })),
  );
  const { enabled, function: settings } = config.sql;
  const sql = { deployed: resourceName(config, "sql"), wanted: settings.reservedConcurrency ?? 0 };
  const functions = enabled ? [...steps, sql] : steps;
  const unreserved = await account.unreservedConcurrency();
  const held = await Promise.all(functions.map(({ deployed }) => account.reservedBy(deployed)));
  const wanted = sum(functions.map(({ wanted }) => wanted));
  const left = unreserved + sum(held) - LEAST_UNRESERVED;
  const said = `functions reserve ${wanted} of ${counted(Math.max(left, 0), "run")} at once that Lambda's quota leaves`;
  if (wanted <= left) return ok(said);
  const off = `lambda.reserveConcurrency: false in config/${config.environment}.ts`;
  return fail(said, `Set ${off}, or request a higher quota (Service Quotas, L-B99A9384)`);
}

function reservedBy({ settings }: Section, step: string): number {
  const steps: Readonly<Record<string, { readonly reservedConcurrency: number | null }>> = settings.steps;
  return steps[step]?.reservedConcurrency ?? 0;
}

export async function checkBuckets(config: Config, account: Account, id: string): Promise<Outcome> {
  const kinds: readonly BucketKind[] = [...BUCKET_KINDS, ...(config.pages.web.enabled ? ([PAGES_LOG] as const) : [])];
  const names = kinds.map((kind) => bucketName(config, kind, id));
  const found = await Promise.all(names.map((name) => account.bucket(name, id)));
  const taken = names.filter((_, at) => found[at] === "taken");
  if (taken.length > 0) {
    const fix = `Bucket names are unique across all AWS accounts: set another \`project\` in config/${config.environment}.ts`;
    return fail(`taken by another account: ${taken.join(", ")}`, fix);
  }
  const free = found.filter((state) => state === "free").length;
  return ok(`${free} names are free, ${names.length - free} are already this account's buckets`);
}

export async function checkOffer(
  { database, environment, aws }: Config,
  account: Account,
): Promise<Outcome | undefined> {
  if (database.mode === "existing") return undefined;
  const { instanceClass, multiAz } = database;
  const offers = await account.offers(instanceClass);
  const fitting = offers.filter(({ version, storage }) => version.split(".")[0] === ENGINE && storage === STORAGE);
  const wanted = `PostgreSQL ${ENGINE} on ${instanceClass} with ${STORAGE} in ${aws.region}`;
  const fix = `Set another database.instanceClass in config/${environment}.ts: aws rds describe-orderable-db-instance-options --engine postgres --region ${aws.region} lists them`;
  if (fitting.length === 0) return fail(`RDS does not offer ${wanted}`, fix);
  if (multiAz && !fitting.some((offer) => offer.multiAz))
    return fail(`RDS does not offer ${wanted} with a standby`, fix);
  return ok(`RDS offers ${wanted}`);
}

/**
 * Checks the instance that `database.instance` switches to: Terraform would fail only after planning everything else.
 */
export async function checkInstance({ database, environment }: Config, account: Account): Promise<Outcome | undefined> {
  if (database.mode === "existing" || database.instance === undefined) return undefined;
  const status = await account.instanceStatus(database.instance);
  const file = `config/${environment}.ts`;
  if (status === undefined) {
    const fix = `Correct database.instance in ${file}: aws rds describe-db-instances lists them; npm run ops -- restore creates one`;
    return fail(`RDS has no instance ${database.instance}`, fix);
  }
  if (status === "available") return ok(`${database.instance} is available`);
  return fail(
    `${database.instance} is ${status}`,
    `Wait until it is available, or correct database.instance in ${file}`,
  );
}

/** RDS's own role, which the account's first database creates. */
export async function checkServiceRoles({ database }: Config, account: Account): Promise<Outcome | undefined> {
  if (database.mode === "existing") return undefined;
  if (await account.hasRole("AWSServiceRoleForRDS")) return ok("RDS has its role");
  return warn(
    "RDS has no role in this account yet: the first database creates it, and may fail once while it is new",
    "aws iam create-service-linked-role --aws-service-name rds.amazonaws.com, or deploy again if it fails",
  );
}

/** For the common topic, and for each pipeline with its own recipients. */
export async function checkEmails(
  config: Config,
  account: Account,
  arnOf: (topic: string) => string,
): Promise<Outcome> {
  const topics = notifiedTopics(config).filter((topic) => topic.emails.length > 0);
  const emails = topics.flatMap((topic) => topic.emails);
  if (emails.length === 0) {
    if (allWebhooks(config).length > 0) return ok("none; webhooks are notified");
    return warn("nobody hears of runs and alarms", `Set notifications.emails in config/${config.environment}.ts`);
  }
  const subscribers = await Promise.all(topics.map(({ name }) => account.subscribers(arnOf(name))));
  const waiting = topics.flatMap((topic, at) =>
    topic.emails.filter((email) => subscribers[at] !== undefined && subscribers[at].get(email) !== true),
  );
  if (waiting.length > 0) {
    return warn(
      `not confirmed: ${[...new Set(waiting)].join(", ")}`,
      "Open the link in the mail of AWS Notifications; if it is lost or older than three days, remove the address, deploy, and set it again",
    );
  }
  const fresh = topics.some((_, at) => subscribers[at] === undefined);
  return ok(
    `${[...new Set(emails)].join(", ")}${fresh ? "; each must confirm the mail that SNS sends at the deployment" : ""}`,
  );
}

/** GitHub's tokens are trusted through one provider, of which an account can have only one. */
export async function checkIdentityProvider(config: Config, account: Account): Promise<Outcome> {
  const there = (await account.identityProviders()).includes("token.actions.githubusercontent.com");
  const create = config.github.oidcProvider === "create";
  const file = `config/${config.environment}.ts`;
  if (create && there) {
    return fail("the account already has GitHub's OIDC provider", `Set github.oidcProvider: "existing" in ${file}`);
  }
  if (!create && !there) {
    return fail("the account does not have GitHub's OIDC provider", `Leave github.oidcProvider out of ${file}`);
  }
  return ok(create ? "the bootstrap creates GitHub's" : "the account has GitHub's");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
