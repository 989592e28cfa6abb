import type { Config } from "./schema";

/** The buckets of others that pipelines read. */
export function sourceBuckets({ pipelines }: Pick<Config, "pipelines">): readonly string[] {
  const { enabled, source } = pipelines.import;
  return enabled && source.bucket !== undefined ? [source.bucket] : [];
}
