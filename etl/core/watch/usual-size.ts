import type { SourceSummary } from "../database/tables";
import { CsvError } from "../errors";
import type { FeedChecks } from "./feed-checks";
import type { PastRun } from "./past-runs";

/** A source's known size. */
export type SizeOf = Pick<SourceSummary, "name" | "rows" | "bytes">;

/** The least number of sources that define the usual. */
const LEAST = 5;

/**
 * Sources that are far larger or smaller than the earlier ones.
 *
 * @throws CsvError at the first, where the checks say that the run is to fail
 */
export function watchSizes(
  past: readonly { readonly sources: readonly SizeOf[] }[],
  sources: readonly SizeOf[],
  { sizeFactor, onUnusualSize }: Pick<FeedChecks, "sizeFactor" | "onUnusualSize">,
): readonly string[] {
  return sources.flatMap((source) => {
    const usual = past.flatMap((run) => run.sources.filter(({ name }) => name === source.name));
    const unusual = unusualSize(source, usual, sizeFactor);
    if (unusual === undefined) return [];
    if (onUnusualSize === "fail") throw refuse({ source: source.name, ...unusual, sizeFactor });
    return [describeSize(source.name, unusual)];
  });
}

/** A source's size, and its usual size. */
export interface UnusualSize {
  readonly got: string;
  readonly expected: string;
}

type Size = Pick<SourceSummary, "rows" | "bytes">;

/** Undefined if it is usual, too little is known, or the check is off. */
export function unusualSize(
  source: Size,
  usual: readonly Size[],
  sizeFactor: FeedChecks["sizeFactor"],
): UnusualSize | undefined {
  if (sizeFactor === null || usual.length < LEAST) return undefined;
  for (const unit of ["rows", "bytes"] as const) {
    const median = medianOf(usual.map((other) => other[unit]));
    if (source[unit] <= median * sizeFactor && source[unit] * sizeFactor >= median) continue;
    return {
      got: `${shown(source[unit])} ${unit}`,
      expected: `about ${shown(median)} ${unit}, the median of the last ${usual.length}`,
    };
  }
  return undefined;
}

export function describeSize(name: string, { got, expected }: UnusualSize): string {
  return `${name}: ${got}, usually ${expected}. Check whether it is complete`;
}

/** A share of rejected rows that is more than twice the usual one. */
export function watchRejected(
  past: readonly PastRun[],
  sources: readonly SourceSummary[],
  rejected: number,
): readonly string[] {
  return describeShare(
    past.map((run) => ({ rows: rowsOf(run.sources), rejected: run.rejected })),
    { rows: rowsOf(sources), rejected },
  );
}

interface Rejected {
  readonly rows: number;
  readonly rejected: number;
}

/** A share of rejected rows that is more than twice the median of other runs' shares. */
export function describeShare(
  past: readonly Rejected[],
  { rows, rejected }: Rejected,
  where = "The table rejected_row has them with their reasons",
): readonly string[] {
  const usual = past.filter((run) => run.rows > 0).map((run) => run.rejected / run.rows);
  if (usual.length < LEAST || rows === 0) return [];
  const median = medianOf(usual);
  if (rejected / rows <= 2 * median) return [];
  return [
    `${shown(rejected)} of ${shown(rows)} ${rows === 1 ? "row was" : "rows were"} rejected (${percent(rejected / rows)}), usually ${percent(median)} are. ` +
      where,
  ];
}

function refuse(of: UnusualSize & { source: string; sizeFactor: FeedChecks["sizeFactor"] }): CsvError {
  return new CsvError("This source is far from its usual size, nothing was loaded", {
    got: of.got,
    expected: `${of.expected}, or at most ${of.sizeFactor} times more or fewer`,
    where: { source: of.source },
    fix: "Check whether it is complete. If this is its new size, raise checks.sizeFactor, or set checks.onUnusualSize to warn, until twenty runs know it",
  });
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function rowsOf(sources: readonly SourceSummary[]): number {
  return sources.reduce((sum, { rows }) => sum + rows, 0);
}

function shown(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

function percent(share: number): string {
  return share.toLocaleString("en-US", { style: "percent", maximumFractionDigits: 2 });
}
