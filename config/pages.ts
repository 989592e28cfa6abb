import type { Config } from "./schema";
import { AFTER_EACH_RUN } from "./schema/pages/pages";
import { deployedSections } from "./sections";

/** Pipelines fed by a queue: they have no runs that end, and store nothing in the database. */
const QUEUE_DRIVEN: readonly string[] = ["orders", "metadata"] satisfies (keyof Config["pipelines"])[];
/** How often pages are made if no run makes them. */
const BY_DEFAULT = "rate(1 hour)";

type Deployed = Pick<Config, "pages" | "pipelines" | "feeds">;

/** The pipelines and feeds that are deployed: if one has a page, all have. */
export function pagedPipelines(config: Deployed): readonly string[] {
  return deployedSections(config).map(({ name }) => name);
}

/** Those whose pages are made from the database. */
export function databasePipelines(config: Deployed): readonly string[] {
  return pagedPipelines(config).filter((name) => !QUEUE_DRIVEN.includes(name));
}

/** The schedule on which pages are made from the database; undefined if each run makes them. */
export function refreshClock({ pages: { refresh } }: Deployed): string | undefined {
  return refresh === AFTER_EACH_RUN ? undefined : refresh;
}

/** The schedule on which pages of queue-fed pipelines are made. */
export function queueRefreshClock(config: Deployed): string {
  return refreshClock(config) ?? BY_DEFAULT;
}
