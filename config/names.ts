import type { Config } from "./schema";

/** The one place that names things: `millrace-dev-raw` for `resourceName(config, "raw")`. */
export function resourceName(config: Pick<Config, "project" | "environment">, ...parts: readonly string[]): string {
  return [config.project, config.environment, ...parts].join("-");
}

/**
 * Names of the database instances: the one that Terraform creates, and the one that `npm run ops -- restore` creates
 * beside it.
 */
export function databaseInstances(config: Pick<Config, "project" | "environment">): readonly [string, string] {
  const made = resourceName(config, "etl");
  return [made, `${made}-restored`];
}

/** The database instance in use, and the other one, which exists only after a restore. */
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

/** All buckets except the state bucket. */
export const BUCKET_KINDS = ["access-log", "artifacts", "raw", "incoming", "pages"] as const;

/** CloudFront's access logs of pages; only with `pages.web`. */
export const PAGES_LOG = "pages-log";

export type BucketKind = (typeof BUCKET_KINDS)[number] | typeof PAGES_LOG;

/** Bucket names are unique across all AWS accounts: `millrace-dev-raw-111122223333`. */
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
