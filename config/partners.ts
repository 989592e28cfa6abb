import type { PipelinesConfig } from "./schema/pipelines";
import { OWN_PREFIXES } from "./schema/pipelines/orders";
import type { Section } from "./sections";

/** Somebody who puts objects below a prefix of a pipeline. */
export interface Partner {
  readonly pipeline: string;
  readonly name: string;
  /** Undefined for who has nothing but links. */
  readonly principalArn?: string;
  readonly prefix: string;
}

/** The partners of all pipelines that are deployed. */
export function partnersOf(pipelines: PipelinesConfig): readonly Partner[] {
  return Object.entries(pipelines).flatMap(([pipeline, settings]) =>
    settings.enabled && "partners" in settings ? settings.partners.map((partner) => ({ pipeline, ...partner })) : [],
  );
}

/** What keys of its own objects begin with, in the incoming bucket; undefined where it reads none of it. */
export function incomingPrefix({ settings }: Pick<Section, "settings">): string | undefined {
  if (!settings.enabled) return undefined;
  if ("prefix" in settings) return settings.prefix;
  return "source" in settings && settings.source.bucket === undefined ? settings.source.prefix : undefined;
}

/**
 * What `orders` leaves alone where its prefix is empty: what it writes itself, and what partners of other pipelines send,
 * who could else feed it by the name of a file.
 */
export function exceptOrders(pipelines: PipelinesConfig): readonly string[] {
  const others = partnersOf(pipelines).filter(({ pipeline }) => pipeline !== "orders");
  return [...OWN_PREFIXES, ...others.map(({ prefix }) => prefix)];
}
