import type { Config } from "./schema";
import { deployedFeeds } from "./sections";

/** The buckets outside this stack that feeds read. */
export function sourceBuckets(config: Pick<Config, "feeds">): readonly string[] {
  return unique(deployedFeeds(config).map(([, { source }]) => source.bucket));
}

/** Their customer managed keys. */
export function sourceKeys(config: Pick<Config, "feeds">): readonly string[] {
  return unique(deployedFeeds(config).map(([, { source }]) => source.keyArn));
}

function unique(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}
