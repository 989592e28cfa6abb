import { isDeepStrictEqual } from "node:util";
import { isParent, memberOf } from "./secrets";
import { UNKNOWN, type VisibleChange } from "./visible-change";

/** One attribute of a resource that a plan changes. */
export interface AttributeDifference {
  /** For example `versioning_configuration.status`, without numbers of list members. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Whether its new value is known only after the apply; most of these follow from the others. */
  readonly computed: boolean;
}

/** The differences of two visible values: attribute by attribute through objects, lists as a whole. */
export function attributeDifferences({ before, after }: VisibleChange, path = ""): readonly AttributeDifference[] {
  if (isDeepStrictEqual(before, after) || (isNothing(before) && isNothing(after))) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => {
      const change = { before: memberOf(before, name), after: memberOf(after, name) };
      return attributeDifferences(change, path === "" ? name : `${path}.${name}`);
    });
  }
  return [{ path, before, after, computed: after === UNKNOWN }];
}

/** Providers turn one of these into another without any effect. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (isParent(value) && Object.keys(value).length === 0);
}

function isObject(value: unknown): value is object {
  return isParent(value) && !Array.isArray(value);
}
