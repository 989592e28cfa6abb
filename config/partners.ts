import type { PipelinesConfig } from "./schema/pipelines";
import { OWN_PREFIXES } from "./schema/pipelines/orders";
import type { Section } from "./sections";

/** A partner, who puts objects below a prefix of a pipeline. */
export interface Partner {
  readonly pipeline: string;
  readonly name: string;
  /** Undefined for a partner that has links only. */
  readonly principalArn?: string;
  readonly prefix: string;
}

/** The partners of all pipelines that are deployed. */
export function partnersOf(pipelines: PipelinesConfig): readonly Partner[] {
  return Object.entries(pipelines).flatMap(([pipeline, settings]) =>
    settings.enabled && "partners" in settings ? settings.partners.map((partner) => ({ pipeline, ...partner })) : [],
  );
}

/** The prefix of its objects in the incoming bucket; undefined if it reads none of them. */
export function incomingPrefix({ settings }: Pick<Section, "settings">): string | undefined {
  if (!settings.enabled) return undefined;
  if ("prefix" in settings) return settings.prefix;
  return "source" in settings && settings.source.bucket === undefined ? settings.source.prefix : undefined;
}

/**
 * Prefixes that `orders` skips if its own prefix is empty: those it writes itself, and those of other pipelines'
 * partners, which could otherwise feed it by naming a file so.
 */
export function exceptOrders(pipelines: PipelinesConfig): readonly string[] {
  const others = partnersOf(pipelines).filter(({ pipeline }) => pipeline !== "orders");
  return [...OWN_PREFIXES, ...others.map(({ prefix }) => prefix)];
}
