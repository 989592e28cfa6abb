import type { RangedObjects } from "../../core/objects/objects";
import { isVerdict } from "../verdicts/verdict";
import { HIDDEN_PART, isHidden } from "./hidden-objects";

/**
 * Selects objects below the prefix, by patterns of the key's rest: `*` is any characters, slashes too, and `?` is one.
 */
export interface Selection {
  /**
   * Only objects that match one of these. Files that tools leave beside data are selected if a pattern names them:
   * `_data/*`. Default: all but those.
   */
  readonly include?: readonly string[];
  /** No object that matches one of these. Default: none is left out. */
  readonly exclude?: readonly string[];
}

/** @returns whether an object is selected, by its key; a verdict never is */
export function compileSelection(
  objects: Pick<RangedObjects, "name" | "locate">,
  { include = [], exclude = [] }: Selection,
): (key: string) => boolean {
  const included = include.map((pattern) => ({ takesHidden: HIDDEN_PART.test(pattern), matches: compile(pattern) }));
  const excluded = exclude.map(compile);
  return (key) => {
    if (isVerdict(key)) return false;
    const rest = behindPrefix(objects, key);
    if (excluded.some((matches) => matches.test(rest))) return false;
    const found = included.filter(({ matches }) => matches.test(rest));
    if (isHidden(objects, key)) return found.some(({ takesHidden }) => takesHidden);
    return include.length === 0 || found.length > 0;
  };
}

function behindPrefix(objects: Pick<RangedObjects, "name" | "locate">, key: string): string {
  return objects
    .locate(key)
    .slice(objects.name.length)
    .replace(/^[/\\]/, "");
}

function compile(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}
