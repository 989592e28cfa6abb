import { type FeedConfig, type FeedsConfig, withOwnNames } from "./schema/feeds";
import type { PipelinesConfig } from "./schema/pipelines";

/** A pipeline or a feed: their names are one namespace. */
export interface Section {
  readonly name: string;
  readonly kind: "pipelines" | "feeds";
  /** Its name on AWS. */
  readonly resourceName: string;
  readonly settings: PipelinesConfig[keyof PipelinesConfig] | FeedConfig;
}

export interface Sections {
  readonly pipelines: PipelinesConfig;
  readonly feeds: FeedsConfig;
}

/** All pipelines and feeds of the configuration, whether they are deployed or not. */
export function sectionsOf({ pipelines, feeds }: Sections): readonly Section[] {
  return [
    ...Object.entries(pipelines).map(
      ([name, settings]): Section => ({ name, kind: "pipelines", resourceName: name, settings }),
    ),
    ...Object.entries(feeds).map(([name, given]): Section => {
      const settings = withOwnNames(name, given);
      return { name, kind: "feeds", resourceName: settings.resourceName, settings };
    }),
  ];
}

/** @throws RangeError if no pipeline or feed has this name */
export function sectionOf(sections: Sections, name: string): Section {
  const found = sectionsOf(sections).find((section) => section.name === name);
  if (found === undefined) throw new RangeError(`The configuration has no pipeline and no feed ${name}`);
  return found;
}

/** The deployed ones. */
export function deployedSections(config: Sections): readonly Section[] {
  return sectionsOf(config).filter(({ settings }) => settings.enabled);
}

/** The feeds that are deployed, with their names. */
export function deployedFeeds({ feeds }: Pick<Sections, "feeds">): readonly (readonly [string, FeedConfig])[] {
  return Object.entries(feeds).flatMap(([name, settings]) =>
    settings.enabled ? [[name, withOwnNames(name, settings)] as const] : [],
  );
}
