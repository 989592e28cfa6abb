import type { Row } from "../../../../etl/core/csv/rows/row";
import { type Hash, RowHashes, toNumber } from "./hash";
import { type Budget, HashSet } from "./hash-set";
import { areUnique, type ColumnSet, findSets } from "./unique-columns";

const MEMORY_BYTES = 256 * 2 ** 20;
/** Rows whose hashes are kept, to find sets of columns in. */
const KEPT_ROWS = 20_000;
const KEPT_FIELDS = 2_000_000;
/** PostgreSQL's index has no more columns. */
const MOST_KEY_COLUMNS = 32;
/** So many sets with a column that was nearly unique are tried. */
const MOST_WIDENED = 8;

/** What no two rows share. */
export interface KeyCandidate {
  readonly columns: ColumnSet;
  /** Whether all rows were compared; else memory was too small, or it was thought of late, and the load shows it. */
  readonly isProven: boolean;
}

interface Watched extends KeyCandidate {
  readonly seen: HashSet;
  isGone: boolean;
}

/**
 * Looks for keys while rows go by: columns that are still unique, by hashes of 64 bits in bounded memory, and sets of two to four columns that
 * tell the first rows apart, or all columns together.
 */
export class KeyFinder {
  readonly #width: number;
  readonly #budget: Budget;
  readonly #isEmpty: boolean[];
  readonly #hash: Hash = { high: 0, low: 0 };
  /** Of the first rows. */
  readonly #kept: RowHashes[] = [];
  /** Undefined while the first rows are kept. */
  #watched: Watched[] | undefined;
  readonly #unproven: ColumnSet[] = [];

  /** @param memoryBytes that hashes may take. Default: 256 MiB */
  constructor(width: number, memoryBytes = MEMORY_BYTES) {
    this.#width = width;
    this.#budget = { left: memoryBytes };
    this.#isEmpty = Array(width).fill(false);
  }

  take(row: Row, hashes: RowHashes): void {
    for (let at = 0; at < this.#width; at += 1) if (row.starts[at] === row.ends[at]) this.#isEmpty[at] = true;
    if (this.#watched === undefined) this.#keep(hashes);
    else if (this.#watched.length > 0) this.#watch(row, hashes, this.#watched);
  }

  /** The smallest, in the order of their columns. */
  end(): readonly KeyCandidate[] {
    const watched = this.#watched ?? this.#begin();
    const all = [...watched, ...this.#unproven.map((columns) => ({ columns, isProven: false }))];
    const whole = all.filter(({ columns }) => !columns.some((at) => this.#isEmpty[at]));
    const smallest = Math.min(...whole.map(({ columns }) => columns.length));
    return whole
      .filter(({ columns }) => columns.length === smallest)
      .map(({ columns, isProven }) => ({ columns, isProven }));
  }

  #keep({ high, low }: RowHashes): void {
    const kept = new RowHashes(this.#width);
    kept.high.set(high);
    kept.low.set(low);
    this.#kept.push(kept);
    if (this.#kept.length === KEPT_ROWS || this.#kept.length * this.#width >= KEPT_FIELDS)
      this.#watched = this.#begin();
  }

  /** What the first rows leave as possible. */
  #begin(): Watched[] {
    const rows = this.#kept.map(({ high, low }) => Float64Array.from(high, (half, at) => toNumber(half, low[at] ?? 0)));
    const filled = this.#filled();
    const single = filled.filter((at) => areUnique(rows, [at]));
    const others = filled.filter((at) => !single.includes(at));
    const together = filled.length > 1 && filled.length <= MOST_KEY_COLUMNS && areUnique(rows, filled) ? [filled] : [];
    const sets = [...single.map((at) => [at]), ...findSets(rows, others), ...together];
    return sets.map((columns) => this.#open(columns, true));
  }

  #filled(): number[] {
    return this.#isEmpty.flatMap((isEmpty, at) => (isEmpty ? [] : [at]));
  }

  /** A set, with the first rows in it. */
  #open(columns: ColumnSet, isProven: boolean): Watched {
    const watched = { columns, isProven, seen: new HashSet(this.#budget), isGone: false };
    for (const kept of this.#kept) {
      kept.combine(columns, this.#hash);
      watched.seen.add(this.#hash.high, this.#hash.low);
    }
    return watched;
  }

  #watch(row: Row, hashes: RowHashes, watched: readonly Watched[]): void {
    let isAnyGone = false;
    for (const one of watched) {
      if (one.isGone) continue;
      const isNew = isFilled(row, one.columns) && this.#see(one, hashes, watched);
      if (isNew) continue;
      this.#end(one);
      isAnyGone = true;
    }
    if (isAnyGone) this.#watched = this.#widen(watched);
  }

  /** @returns whether it was new; where there is no room, the last of all gives way and stays unproven */
  #see(one: Watched, hashes: RowHashes, watched: readonly Watched[]): boolean {
    hashes.combine(one.columns, this.#hash);
    for (;;) {
      const isNew = one.seen.add(this.#hash.high, this.#hash.low);
      if (isNew !== undefined) return isNew;
      const last = watched.findLast(({ isGone }) => !isGone) ?? one;
      this.#unproven.push(last.columns);
      this.#end(last);
      if (last === one) return false;
    }
  }

  #end(one: Watched): void {
    if (!one.isGone) one.seen.free();
    one.isGone = true;
  }

  /** Where no single column is left, sets with one that was nearly unique may be: the rows until now are not compared. */
  #widen(before: readonly Watched[]): Watched[] {
    const left = before.filter(({ isGone }) => !isGone);
    const isSingle = ({ columns }: Watched) => columns.length === 1;
    const nearly = before.filter((one) => one.isGone && isSingle(one)).flatMap(({ columns }) => columns);
    if (left.some(isSingle) || this.#unproven.some(({ length }) => length === 1)) return left;
    const others = this.#filled().filter((at) => !nearly.includes(at));
    const sets = nearly.flatMap((at) => others.map((other) => [at, other].sort((one, two) => one - two)));
    return [...left, ...sets.slice(0, MOST_WIDENED).map((columns) => this.#open(columns, false))];
  }
}

function isFilled(row: Row, columns: ColumnSet): boolean {
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at] ?? 0;
    if (row.starts[column] === row.ends[column]) return false;
  }
  return true;
}
