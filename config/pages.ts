import type { Config } from "./schema";
import { AFTER_EACH_RUN } from "./schema/pages/pages";
import type { StepConfig } from "./schema/pipelines/steps";
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

/** How {@link databasePipelines} run, as `NAME ENGINE MEMORY`: what the pages say of their runs' cost follows from it. */
export function runShapes(config: Deployed): readonly string[] {
  return deployedSections(config)
    .filter(({ name }) => !QUEUE_DRIVEN.includes(name))
    .map(({ name, settings }) => {
      if ("engine" in settings) {
        const { engine, steps } = settings;
        return `${name} ${engine} ${steps[engine === "lambda" ? "run" : "load"].memoryMb}`;
      }
      const memory = Object.values(settings.steps).map((step: StepConfig) => step.memoryMb);
      return `${name} step ${Math.max(...memory)}`;
    });
}

/** The schedule on which pages are made from the database; undefined if each run makes them. */
export function refreshClock({ pages: { refresh } }: Deployed): string | undefined {
  return refresh === AFTER_EACH_RUN ? undefined : refresh;
}

/** The schedule on which pages of queue-fed pipelines are made. */
export function queueRefreshClock(config: Deployed): string {
  return refreshClock(config) ?? BY_DEFAULT;
}
