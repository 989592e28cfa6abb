import type { Config } from "./schema";

/** The one place that names things: `millrace-dev-raw` for `resourceName(config, "raw")`. */
export function resourceName(config: Pick<Config, "project" | "environment">, ...parts: readonly string[]): string {
  return [config.project, config.environment, ...parts].join("-");
}

/** Names of the database's instance: the one that Terraform makes, and the one that `npm run ops -- restore` makes beside it. */
export function databaseInstances(config: Pick<Config, "project" | "environment">): readonly [string, string] {
  const made = resourceName(config, "etl");
  return [made, `${made}-restored`];
}

/** The database's instance that is used, and the other one, which is there after a restore alone. */
export function usedInstance(config: Pick<Config, "project" | "environment" | "database">): {
  readonly used: string;
  readonly other: string;
} {
  const [made, restored] = databaseInstances(config);
  const { database } = config;
  return database.mode === "create" && database.instance === restored
    ? { used: restored, other: made }
    : { used: made, other: restored };
}

/** What buckets there are, besides that of the states. */
export const BUCKET_KINDS = ["access-log", "artifacts", "raw", "incoming", "pages"] as const;

/** Where CloudFront logs who opened a page; made with `pages.web` alone. */
export const PAGES_LOG = "pages-log";

export type BucketKind = (typeof BUCKET_KINDS)[number] | typeof PAGES_LOG;

/** Bucket names are shared with every account of the world: `millrace-dev-raw-111122223333`. */
export function bucketName(config: Pick<Config, "project" | "environment">, kind: BucketKind, account: string): string {
  return resourceName(config, kind, account);
}

/**
 * Names of what the bootstrap makes: state, locks and the roles of GitHub Actions. They begin differently from all
 * other names, so that a role which may change `millrace-dev-*` can change neither itself nor the state's bucket.
 */
export function bootstrapName(config: Pick<Config, "project" | "environment">, ...parts: readonly string[]): string {
  return ["bootstrap", resourceName(config, ...parts)].join("-");
}
