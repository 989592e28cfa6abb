import { resourceName } from "../../config/names";
import type { Config } from "../../config/schema";
import { stepsOfEngine } from "../../config/schema/feeds";
import { deployedSections, type Section, sectionsOf } from "../../config/sections";
import { UsageError } from "../../etl/core/errors";

/** A pipeline's or feed's names on AWS; the stacks set the same (stacks/etl/pipeline.ts). */
export interface PipelineNames {
  readonly name: string;
  readonly kind: Section["kind"];
  /** What starts it, as text. */
  readonly starts: string;
  /** Whether the configuration enables its schedule; undefined if it has none. */
  readonly scheduled?: boolean;
  /** Its state machine; undefined if objects feed a function through a queue. */
  readonly machine?: string;
  /** The queue of events of new objects; undefined if it has a state machine. */
  readonly files?: string;
  /** Its dead-letter queues: events of objects first, if a queue feeds it; then starts and calls of functions. */
  readonly deadLetters: readonly [string, ...string[]];
  /** Its Lambda functions by step. */
  readonly functions: ReadonlyMap<string, string>;
}

/** The pipelines and feeds that the configuration deploys. */
export function deployedPipelines(config: Config): readonly PipelineNames[] {
  return deployedSections(config).map((section) => namesOf(config, section));
}

/** The first that can be started by hand, if any. */
export function startablePipeline(config: Config): string | undefined {
  return deployedPipelines(config).find(({ machine }) => machine !== undefined)?.name;
}

/** Whether it loads a table. */
export function hasTable({ kind, name }: Pick<PipelineNames, "kind" | "name">): boolean {
  return kind === "feeds" || name === "covid";
}

/**
 * @param takes those that are named where there is no such pipeline; default: all
 * @throws UsageError if there is no such pipeline, or it is switched off
 */
export function findPipeline(
  config: Config,
  name: string,
  takes: (pipeline: PipelineNames) => boolean = () => true,
): PipelineNames {
  const found = deployedPipelines(config).find((pipeline) => pipeline.name === name);
  if (found !== undefined) return found;
  const off = sectionsOf(config).find((section) => section.name === name);
  if (off !== undefined) {
    throw new UsageError(`The pipeline ${name} is switched off in ${config.environment}`, {
      fix: `Set ${off.kind}.${name}.enabled in config/${config.environment}.ts, and deploy`,
    });
  }
  const known = deployedPipelines(config)
    .filter(takes)
    .map((pipeline) => pipeline.name);
  throw new UsageError("There is no such pipeline", { got: JSON.stringify(name), expected: known.join(", ") });
}

/** The step that makes a page exists only if pages do. */
function stepsOf({ pages }: Config, { settings }: Section): readonly string[] {
  if ("engine" in settings) return stepsOfEngine(settings.engine);
  return Object.keys(settings.steps).filter((step) => step !== "render" || pages.enabled);
}

function namesOf(config: Config, section: Section): PipelineNames {
  const { name, kind, settings } = section;
  const nameOf = (...parts: readonly string[]) => resourceName(config, section.resourceName, ...parts);
  const deadLetters = [nameOf("dead-letters")] as const;
  const shared = {
    name,
    kind,
    functions: new Map(stepsOf(config, section).map((step) => [step, nameOf(step)])),
  };
  if (!("schedule" in settings)) {
    const starts = `objects ${settings.prefix}*`;
    return { ...shared, starts, files: nameOf("files"), deadLetters: [nameOf("files-dead-letters"), ...deadLetters] };
  }
  const startsOnObject = "trigger" in settings && settings.trigger === "objects";
  const { expression, timeZone, enabled } = settings.schedule;
  const starts = `${expression} ${timeZone}${enabled ? "" : ", switched off"}`;
  const scheduled = { ...shared, scheduled: enabled, machine: nameOf() };
  if (!startsOnObject) return { ...scheduled, starts, deadLetters };
  return {
    ...scheduled,
    starts: `${starts}; new objects`,
    deadLetters: [...deadLetters, nameOf("files-dead-letters")],
  };
}
