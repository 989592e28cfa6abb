import type { RangedObjects } from "../../core/objects/objects";
import { HIDDEN_PART, isHidden } from "./hidden-objects";

/** Which objects below the prefix are meant, by patterns of what stands behind it: `*` is any characters, slashes too, and `?` is one. */
export interface Selection {
  /** Only what one of these matches. What tools leave beside data is taken where a pattern names it: `_data/*`. Default: all but that. */
  readonly include?: readonly string[];
  /** Nothing that one of these matches. Default: nothing is left out. */
  readonly exclude?: readonly string[];
}

/** @returns whether an object is meant, by its key */
export function compileSelection(
  objects: Pick<RangedObjects, "name" | "locate">,
  { include = [], exclude = [] }: Selection,
): (key: string) => boolean {
  const included = include.map((pattern) => ({ takesHidden: HIDDEN_PART.test(pattern), matches: compile(pattern) }));
  const excluded = exclude.map(compile);
  return (key) => {
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
