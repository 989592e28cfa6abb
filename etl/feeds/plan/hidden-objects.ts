import type { RangedObjects } from "../../core/objects/objects";

/** The names of what tools leave beside data begin so: .DS_Store, _SUCCESS, _metadata.json, _temporary/. */
const HIDDEN = /^[._]/;
/** Whether such a name stands in a path. */
export const HIDDEN_PART = /(?:^|[/\\])[._]/;

/**
 * Whether an object is no data, by its name or that of a folder below the prefix. What the prefix itself names is meant.
 *
 * @param objects where it was listed
 */
export function isHidden(objects: Pick<RangedObjects, "name" | "locate">, key: string): boolean {
  const { name } = objects;
  const rest = objects.locate(key).slice(name.length);
  const [first = "", ...deeper] = rest.split(/[/\\]/);
  // A prefix may end within a name, and the name goes on with any character.
  const begins = /[/\\]$/.test(name) ? [first] : [];
  return [...begins, ...deeper].some((part) => HIDDEN.test(part));
}
