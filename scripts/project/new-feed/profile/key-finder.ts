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
/** Columns of the sets that are looked for. */
const MOST_SEARCHED = 4;
/** So many sets are tried late. */
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
  /** Columns that some rows have nothing in. */
  readonly #isEmpty: boolean[];
  readonly #isUnlikely: (column: number) => boolean;
  readonly #hash: Hash = { high: 0, low: 0 };
  /** Of the first rows. */
  readonly #kept: RowHashes[] = [];
  /** Undefined while the first rows are kept. */
  #watched: Watched[] | undefined;
  readonly #unproven: ColumnSet[] = [];

  /**
   * @param isUnlikely whether a column, by what is known of it when it is asked for, is a key only where nothing else is
   * @param memoryBytes that hashes may take. Default: 256 MiB
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

  /** The smallest, those that are never empty first, in the order of their columns. */
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

  /** What the first rows leave as possible. */
  #begin(): Watched[] {
    const rows = this.#kept.map(({ high, low }) => Float64Array.from(high, (half, at) => toNumber(half, low[at] ?? 0)));
    const likely = this.#columns((at) => !this.#isUnlikely(at));
    const filled = this.#columns((at) => !this.#isEmpty[at]);
    // With nothing in a field, or by amounts, rows are told apart only where nothing else does.
    for (const columns of [filled.filter((at) => likely.includes(at)), likely, filled]) {
      const sets = findAll(rows, columns);
      if (sets.length > 0) return sets.map((set) => this.#open(set, true));
    }
    return [];
  }

  #columns(isMeant: (at: number) => boolean): number[] {
    return Array.from({ length: this.#width }, (_, at) => at).filter(isMeant);
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

  /** Where no small set is left, those that were nearly one may be it with one column more: the rows until now are not compared. */
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

/** Single columns, sets of two to four others, and all of more together: as far as they tell the rows apart. */
function findAll(rows: readonly Float64Array[], columns: readonly number[]): readonly ColumnSet[] {
  const single = columns.filter((at) => areUnique(rows, [at]));
  const others = columns.filter((at) => !single.includes(at));
  const together =
    columns.length > MOST_SEARCHED && columns.length <= MOST_KEY_COLUMNS && areUnique(rows, columns) ? [columns] : [];
  return [...single.map((at) => [at]), ...findSets(rows, others), ...together];
}
