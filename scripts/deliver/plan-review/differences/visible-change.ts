import { isDeepStrictEqual } from "node:util";
import type { Change } from "../plan";
import { isParent, memberOf, type Secrets } from "./secrets";
import { SENSITIVE } from "./sensitive";

/** Replaces a value that is known only after the apply. */
export const UNKNOWN = "(known after apply)";

/** A change without its secrets, for all other parts of the review. */
export interface VisibleChange {
  readonly before: unknown;
  readonly after: unknown;
}

interface Side {
  readonly value: unknown;
  readonly sensitive: unknown;
  readonly unknown?: unknown;
}

/** Sensitive values that differ stay different: the new one is marked. */
export function visibleChange(change: Change, secrets: Secrets): VisibleChange {
  const before = { value: change.before, sensitive: change.before_sensitive };
  const after = { value: change.after, sensitive: change.after_sensitive, unknown: change.after_unknown };
  return { before: show(before, undefined, secrets), after: show(after, before, secrets) };
}

function show(side: Side, earlier: Side | undefined, secrets: Secrets): unknown {
  const { value, sensitive, unknown } = side;
  const differs = earlier !== undefined && isGiven(earlier.value) && !isDeepStrictEqual(value, earlier.value);
  if (unknown === true) return sensitive === true ? `(sensitive, known after apply)` : UNKNOWN;
  if (sensitive === true) return isGiven(value) ? (differs ? "(sensitive, changed)" : SENSITIVE) : value;
  if (typeof value === "string") {
    const redacted = secrets.redact(value);
    const hidden = differs && typeof earlier?.value === "string" && secrets.redact(earlier.value) === redacted;
    return hidden ? `${redacted} (changed)` : redacted;
  }
  const inner = (key: string | number) => show(member(side, key), earlier && member(earlier, key), secrets);
  if (Array.isArray(value)) return value.map((_, index) => inner(index));
  const names = new Set([value, unknown].filter(isParent).flatMap(Object.keys));
  if (names.size === 0) return value;
  return Object.fromEntries([...names].map((name) => [secrets.redact(name), inner(name)]));
}

function member({ value, sensitive, unknown }: Side, key: string | number): Side {
  const of = (parent: unknown) => (parent === true ? true : memberOf(parent, String(key)));
  return { value: memberOf(value, String(key)), sensitive: of(sensitive), unknown: of(unknown) };
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
