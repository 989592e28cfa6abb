import type { RangedObjects } from "../../core/objects/objects";

/** The first characters of files that tools leave beside data: .DS_Store, _SUCCESS, _metadata.json, _temporary/. */
const HIDDEN = /^[._]/;
/** Whether a path contains such a name. */
export const HIDDEN_PART = /(?:^|[/\\])[._]/;

/**
 * Whether an object is not data, by its name or that of a folder below the prefix. Names in the prefix itself are not
 * hidden.
 *
 * @param objects the listing's source
 */
export function isHidden(objects: Pick<RangedObjects, "name" | "locate">, key: string): boolean {
  const { name } = objects;
  const rest = objects.locate(key).slice(name.length);
  const [first = "", ...deeper] = rest.split(/[/\\]/);
  // A prefix may end within a name, which may continue with any character.
  const begins = /[/\\]$/.test(name) ? [first] : [];
  return [...begins, ...deeper].some((part) => HIDDEN.test(part));
}
