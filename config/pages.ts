import type { Config } from "./schema";
import { AFTER_EACH_RUN } from "./schema/pages/pages";
import { deployedSections } from "./sections";

/** Pipelines that a queue feeds: no run of theirs ends, and what they keep is in no database. */
const QUEUE_DRIVEN: readonly string[] = ["orders", "metadata"] satisfies (keyof Config["pipelines"])[];
/** How often pages are made that no run makes. */
const BY_DEFAULT = "rate(1 hour)";

type Deployed = Pick<Config, "pages" | "pipelines" | "feeds">;

/** The pipelines and feeds that are deployed: all have a page where any has. */
export function pagedPipelines(config: Deployed): readonly string[] {
  return deployedSections(config).map(({ name }) => name);
}

/** Those of them whose pages are made of the database. */
export function databasePipelines(config: Deployed): readonly string[] {
  return pagedPipelines(config).filter((name) => !QUEUE_DRIVEN.includes(name));
}

/** The clock that makes pages of the database; undefined where each run does. */
export function refreshClock({ pages: { refresh } }: Deployed): string | undefined {
  return refresh === AFTER_EACH_RUN ? undefined : refresh;
}

/** The clock that makes pages of what a queue feeds. */
export function queueRefreshClock(config: Deployed): string {
  return refreshClock(config) ?? BY_DEFAULT;
}
