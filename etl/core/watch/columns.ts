import type { SourceSummary } from "../database/tables";

/** A source's known columns. */
export type ColumnsOf = Pick<SourceSummary, "name" | "header" | "empty">;

interface PastColumns {
  readonly sources: readonly ColumnsOf[];
}

/** The most names in a warning. */
const MOST_NAMED = 10;

/**
 * Changes in the columns of a run's sources against the earlier ones. Columns that stay the same within the run are not
 * reported again.
 *
 * @param areOneSeries whether two sources are compared with each other. Default: those of one name
 */
export function watchColumns(
  past: readonly PastColumns[],
  sources: readonly ColumnsOf[],
  areOneSeries = (one: ColumnsOf, other: ColumnsOf) => one.name === other.name,
): readonly string[] {
  return sources.flatMap((source, index) => {
    const newestFirst = [...sources.slice(0, index).reverse(), ...past.flatMap((run) => [...run.sources].reverse())];
    const before = newestFirst.filter((other) => areOneSeries(source, other));
    return [...headerChanges(before, source), ...newlyEmpty(before, source)];
  });
}

function knownHeader(newestFirst: readonly ColumnsOf[]): readonly string[] | undefined {
  return newestFirst.find(({ header }) => header !== undefined)?.header;
}

function headerChanges(before: readonly ColumnsOf[], { name, header }: ColumnsOf): readonly string[] {
  const known = knownHeader(before);
  if (known === undefined || header === undefined) return [];
  const fresh = header.filter((column) => !known.includes(column));
  const gone = known.filter((column) => !header.includes(column));
  if (fresh.length === 0 && gone.length === 0) {
    if (header.join("\n") === known.join("\n")) return [];
    return [`${name}: its columns come in another order: ${listed(header)}. Nothing to do: they are found by name`];
  }
  const changes = [
    ...(fresh.length > 0 ? [`new are ${listed(fresh)}`] : []),
    ...(gone.length > 0 ? [`gone are ${listed(gone)}`] : []),
  ];
  // An object that lacks a column of the contract is refused before.
  const unread = gone.length > 0 ? "No column of the contract is missing. " : "";
  return [
    `${name}: the columns of its header changed: ${changes.join("; ")}. ${unread}Ask its publisher what that means; the contract reads only the columns that it names`,
  ];
}

/** Columns without a value that always had one. */
function newlyEmpty(before: readonly ColumnsOf[], source: ColumnsOf): readonly string[] {
  // Versions before 2026-11-28 kept no header, and did not check for empty columns.
  if (source.empty === undefined || knownHeader(before) === undefined) return [];
  const wereEmpty = new Set(before.flatMap(({ empty = [] }) => empty));
  const now = source.empty.filter((column) => !wereEmpty.has(column));
  if (now.length === 0) return [];
  return [
    `${source.name}: no row has a value in ${listed(now)} any more. Check the source; known values may now be unknown (NULL)`,
  ];
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, MOST_NAMED).map((column) => (column.length > 60 ? `${column.slice(0, 60)}…` : column));
  const more = columns.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
