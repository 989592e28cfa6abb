import { isDeepStrictEqual } from "node:util";
import type { Revision } from "../core/runs/revisions";

/** One column of a revised record. */
export interface RevisedColumn {
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** The columns whose values differ between the two images of a revision. */
export function revisedColumns({ before, after }: Pick<Revision, "before" | "after">): RevisedColumn[] {
  return Object.keys({ ...before, ...after })
    .filter((column) => !isDeepStrictEqual(before[column] ?? null, after[column] ?? null))
    .map((column) => ({ column, before: describeValue(before[column]), after: describeValue(after[column]) }));
}

/** A natural key in short: `2020-09-30`, or `31, US` of several columns. */
export function describeKey(key: Readonly<Record<string, unknown>>): string {
  return Object.values(key)
    .map((value) => (typeof value === "string" ? value : describeValue(value)))
    .join(", ");
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "unknown";
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 20 });
  return typeof value === "string" ? value : JSON.stringify(value);
}
