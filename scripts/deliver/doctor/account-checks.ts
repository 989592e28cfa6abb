import { BUCKET_KINDS, type BucketKind, bucketName, PAGES_LOG, resourceName } from "../../../config/names";
import { allWebhooks, toldTopics } from "../../../config/recipients";
import type { Config } from "../../../config/schema";
import { type Section, sectionOf } from "../../../config/sections";
import { deployedPipelines } from "../../ops/pipeline-names";
import type { Account } from "./account";
import { fail, type Outcome, ok, warn } from "./finding";

/** AWS keeps so much of an account's quota unreserved (PutFunctionConcurrency, Lambda API reference). */
const LEAST_UNRESERVED = 10;
/** As in modules/database/postgres-database.ts. */
const ENGINE = "17";
const STORAGE = "gp3";

/** Of the functions of each pipeline and feed, and of `sql`, what they would reserve, against what the account has left for them. */
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
  const said = `functions reserve ${wanted} of ${Math.max(left, 0)} runs at once that Lambda's quota leaves`;
  if (wanted <= left) return ok(said);
  const off = `lambda.reserveConcurrency: false in config/${config.environment}.ts`;
  return fail(said, `Set ${off}, or have the quota raised (Service Quotas, L-B99A9384)`);
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
    const fix = `Bucket names are shared with the whole world: set another \`project\` in config/${config.environment}.ts`;
    return fail(`taken by another account: ${taken.join(", ")}`, fix);
  }
  const free = found.filter((state) => state === "free").length;
  return ok(`${free} names are free, ${names.length - free} are this account's buckets already`);
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
  const fix = `Take another database.instanceClass in config/${environment}.ts: aws rds describe-orderable-db-instance-options --engine postgres --region ${aws.region} lists them`;
  if (fitting.length === 0) return fail(`RDS does not sell ${wanted}`, fix);
  if (multiAz && !fitting.some((offer) => offer.multiAz))
    return fail(`RDS does not sell ${wanted} with a standby`, fix);
  return ok(`RDS sells ${wanted}`);
}

/** Of the instance that `database.instance` switches to: Terraform would find out once everything else is planned. */
export async function checkInstance({ database, environment }: Config, account: Account): Promise<Outcome | undefined> {
  if (database.mode === "existing" || database.instance === undefined) return undefined;
  const status = await account.instanceStatus(database.instance);
  const file = `config/${environment}.ts`;
  if (status === undefined) {
    const fix = `Correct database.instance in ${file}: aws rds describe-db-instances lists them; npm run ops -- restore makes one`;
    return fail(`RDS has no instance ${database.instance}`, fix);
  }
  if (status === "available") return ok(`${database.instance} is available`);
  return fail(
    `${database.instance} is ${status}`,
    `Wait until it is available, or correct database.instance in ${file}`,
  );
}

/** RDS's own role, which the account's first database makes. */
export async function checkServiceRoles({ database }: Config, account: Account): Promise<Outcome | undefined> {
  if (database.mode === "existing") return undefined;
  if (await account.hasRole("AWSServiceRoleForRDS")) return ok("RDS has its role");
  return warn(
    "RDS has no role in this account yet: the first database makes it, and may fail once while it is new",
    "aws iam create-service-linked-role --aws-service-name rds.amazonaws.com, or deploy again if it fails",
  );
}

/** Of the topic of all, and of each pipeline that has recipients of its own. */
export async function checkEmails(
  config: Config,
  account: Account,
  arnOf: (topic: string) => string,
): Promise<Outcome> {
  const topics = toldTopics(config).filter((topic) => topic.emails.length > 0);
  const emails = topics.flatMap((topic) => topic.emails);
  if (emails.length === 0) {
    if (allWebhooks(config).length > 0) return ok("none; webhooks are told");
    return warn("nobody hears of runs and alarms", `Set notifications.emails in config/${config.environment}.ts`);
  }
  const subscribers = await Promise.all(topics.map(({ name }) => account.subscribers(arnOf(name))));
  const waiting = topics.flatMap((topic, at) =>
    topic.emails.filter((email) => subscribers[at] !== undefined && subscribers[at].get(email) !== true),
  );
  if (waiting.length > 0) {
    return warn(
      `not confirmed: ${[...new Set(waiting)].join(", ")}`,
      "Open the link in the mail of AWS Notifications; where it is lost or older than three days, remove the address, deploy, and set it again",
    );
  }
  const fresh = topics.some((_, at) => subscribers[at] === undefined);
  return ok(`${[...new Set(emails)].join(", ")}${fresh ? "; each must confirm what SNS sends at the deployment" : ""}`);
}

/** A pipeline of the account is told GitHub's tokens by one provider, which an account can have once. */
export async function checkIdentityProvider(config: Config, account: Account): Promise<Outcome> {
  const there = (await account.identityProviders()).includes("token.actions.githubusercontent.com");
  const create = config.github.oidcProvider === "create";
  const file = `config/${config.environment}.ts`;
  if (create && there) {
    return fail("the account has GitHub's OIDC provider already", `Set github.oidcProvider: "existing" in ${file}`);
  }
  if (!create && !there) {
    return fail("the account has no OIDC provider of GitHub's", `Leave github.oidcProvider out of ${file}`);
  }
  return ok(create ? "the bootstrap makes GitHub's" : "the account has GitHub's");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
