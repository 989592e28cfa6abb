/** Columns whose values, taken together, no two rows share. */
export type ColumnSet = readonly number[];

/** The number of columns that are combined; those with the most different values. */
const MOST_COMBINED = [0, 0, 24, 24, 12];
const MOST_FOUND = 8;

/**
 * The smallest sets of two to four columns that distinguish these rows.
 *
 * @param rows each row's hashes, one per column
 * @param columns that may be in a key
 */
export function findSets(rows: readonly Float64Array[], columns: readonly number[]): readonly ColumnSet[] {
  const differences = new Map(columns.map((at) => [at, new Set(rows.map((row) => row[at])).size]));
  const best = [...columns].sort((one, other) => (differences.get(other) ?? 0) - (differences.get(one) ?? 0));
  const found: ColumnSet[] = [];
  for (const size of [2, 3, 4]) {
    const some = best.slice(0, MOST_COMBINED[size]).sort((one, other) => one - other);
    for (const set of combine(some, size)) {
      const combinations = set.reduce((product, at) => product * (differences.get(at) ?? 0), 1);
      if (combinations < rows.length || found.some((smaller) => smaller.every((at) => set.includes(at)))) continue;
      if (areUnique(rows, set)) found.push(set);
      if (found.length === MOST_FOUND) return found;
    }
    if (found.length > 0) return found;
  }
  return found;
}

export function areUnique(rows: readonly Float64Array[], set: ColumnSet): boolean {
  const seen = new Set<string | number>();
  for (const row of rows) {
    const key = set.length === 1 ? (row[set[0] ?? 0] ?? 0) : set.map((at) => row[at]).join();
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

function* combine(columns: readonly number[], size: number, from = 0): Generator<ColumnSet> {
  if (size === 0) yield [];
  else {
    for (let at = from; at < columns.length; at += 1) {
      for (const rest of combine(columns, size - 1, at + 1)) yield [columns[at] ?? 0, ...rest];
    }
  }
}
