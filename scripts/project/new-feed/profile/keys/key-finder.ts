import type { Row } from "../../../../../etl/core/csv/rows/row";
import { type Hash, RowHashes, toNumber } from "./hash";
import { type Budget, HashSet } from "./hash-set";
import { areUnique, type ColumnSet, findSets } from "./unique-columns";

const MEMORY_BYTES = 256 * 2 ** 20;
/** The number of rows whose hashes are kept, to find sets of columns. */
const KEPT_ROWS = 20_000;
const KEPT_FIELDS = 2_000_000;
/** The most columns of a PostgreSQL index. */
const MOST_KEY_COLUMNS = 32;
/** The most columns of a set to be found. */
const MOST_SEARCHED = 4;
/** The number of sets that are tried late. */
const MOST_WIDENED = 8;

/** Columns whose values no two rows share. */
export interface KeyCandidate {
  readonly columns: ColumnSet;
  /**
   * Whether all rows were compared; else memory was too small, or the set was tried late, and the load will show it.
   */
  readonly isProven: boolean;
}

interface Watched extends KeyCandidate {
  readonly seen: HashSet;
  isGone: boolean;
}

/**
 * Searches for keys while rows are read: columns that are still unique, by hashes of 64 bits in bounded memory, and
 * sets of two to four columns that distinguish the first rows, or all columns together.
 */
export class KeyFinder {
  readonly #width: number;
  readonly #budget: Budget;
  /** Columns without a value in some rows. */
  readonly #isEmpty: boolean[];
  readonly #isUnlikely: (column: number) => boolean;
  readonly #hash: Hash = { high: 0, low: 0 };
  /** Of the first rows. */
  readonly #kept: RowHashes[] = [];
  /** Undefined while the first rows are kept. */
  #watched: Watched[] | undefined;
  readonly #unproven: ColumnSet[] = [];

  /**
   * @param isUnlikely whether a column, by its profile so far, is a key only if nothing else is
   * @param memoryBytes limit for hashes. Default: 256 MiB
   */
  constructor(width: number, isUnlikely: (column: number) => boolean, memoryBytes = MEMORY_BYTES) {
    this.#width = width;
    this.#isUnlikely = isUnlikely;
    this.#budget = { left: memoryBytes };
    this.#isEmpty = Array(width).fill(false);
  }

  take(row: Row, hashes: RowHashes): void {
    for (let at = 0; at < this.#width; at += 1) if (row.starts[at] === row.ends[at]) this.#isEmpty[at] = true;
    if (this.#watched === undefined) this.#keep(hashes);
    else if (this.#watched.length > 0) this.#watch(hashes, this.#watched);
  }

  /** The smallest sets, those without empty fields first, in the order of their columns. */
  end(): readonly KeyCandidate[] {
    this.#watched ??= this.#begin();
    const found = this.#watched.map(({ columns, isProven }) => ({ columns, isProven }));
    const all = [...found, ...this.#unproven.map((columns) => ({ columns, isProven: false }))];
    const filled = all.filter(({ columns }) => !columns.some((at) => this.#isEmpty[at]));
    const some = filled.length > 0 ? filled : all;
    const smallest = Math.min(...some.map(({ columns }) => columns.length));
    return some.filter(({ columns }) => columns.length === smallest);
  }

  #keep({ high, low }: RowHashes): void {
    const kept = new RowHashes(this.#width);
    kept.high.set(high);
    kept.low.set(low);
    this.#kept.push(kept);
    if (this.#kept.length === KEPT_ROWS || this.#kept.length * this.#width >= KEPT_FIELDS)
      this.#watched = this.#begin();
  }

  /** The sets that are possible after the first rows. */
  #begin(): Watched[] {
    const rows = this.#kept.map(({ high, low }) => Float64Array.from(high, (half, at) => toNumber(half, low[at] ?? 0)));
    const likely = this.#columns((at) => !this.#isUnlikely(at));
    const filled = this.#columns((at) => !this.#isEmpty[at]);
    // Columns with empty fields, and amounts, are used only if nothing else distinguishes the rows.
    for (const columns of [filled.filter((at) => likely.includes(at)), likely, filled]) {
      const sets = findAll(rows, columns);
      if (sets.length > 0) return sets.map((set) => this.#open(set, true));
    }
    return [];
  }

  #columns(isCandidate: (at: number) => boolean): number[] {
    return Array.from({ length: this.#width }, (_, at) => at).filter(isCandidate);
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

  #watch(hashes: RowHashes, watched: readonly Watched[]): void {
    let isAnyGone = false;
    for (const one of watched) {
      if (one.isGone) continue;
      const isNew = this.#see(one, hashes, watched);
      if (isNew) continue;
      this.#end(one);
      isAnyGone = true;
    }
    if (isAnyGone) this.#watched = this.#widen(watched);
  }

  /** @returns whether it was new; if there is no room, the last set of all gives way and stays unproven */
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

  /**
   * If no small set is left, sets that nearly were one may be one with another column: the rows so far are not
   * compared.
   */
  #widen(before: readonly Watched[]): Watched[] {
    const left = before.filter(({ isGone }) => !isGone);
    const isSmall = (columns: ColumnSet) => columns.length <= MOST_SEARCHED;
    if (left.some(({ columns }) => isSmall(columns)) || this.#unproven.some(isSmall)) return left;
    const likely = this.#columns((at) => !this.#isUnlikely(at));
    const nearly = before.filter(({ columns, isGone }) => isGone && columns.length < MOST_SEARCHED);
    const wider = nearly.flatMap(({ columns }) =>
      likely.filter((at) => !columns.includes(at)).map((at) => [...columns, at].sort((one, two) => one - two)),
    );
    return [...left, ...wider.slice(0, MOST_WIDENED).map((columns) => this.#open(columns, false))];
  }
}

/** Single columns, sets of two to four others, and all of more together, if they distinguish the rows. */
function findAll(rows: readonly Float64Array[], columns: readonly number[]): readonly ColumnSet[] {
  const single = columns.filter((at) => areUnique(rows, [at]));
  const others = columns.filter((at) => !single.includes(at));
  const together =
    columns.length > MOST_SEARCHED && columns.length <= MOST_KEY_COLUMNS && areUnique(rows, columns) ? [columns] : [];
  return [...single.map((at) => [at]), ...findSets(rows, others), ...together];
}
