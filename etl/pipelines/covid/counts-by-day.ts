const DIGIT_ZERO = 48;
/** Months and days have numbers up to 12 and 31. */
const [MONTHS, DAYS] = [13, 32];
/** In place of a count, which is never below 0. */
const [NO_ENTRY, UNKNOWN] = [-2, -1];

/** Counts by day, `YYYY-MM-DD`: each year is an array. To hash a million days in a Map takes many times as long. */
export class CountsByDay {
  readonly #years: Float64Array[] = [];
  #size = 0;

  constructor(entries: Iterable<readonly [string, number | null]> = []) {
    for (const [day, count] of entries) this.set(day, count);
  }

  /** How many days have an entry. */
  get size(): number {
    return this.#size;
  }

  /** The count of a day; null if it is unknown or the day has no entry. */
  get(day: string): number | null {
    const count = this.#years[yearOf(day)]?.[placeOf(day)] ?? NO_ENTRY;
    return count < 0 ? null : count;
  }

  /** Whether the day has an entry, known or unknown. */
  has(day: string): boolean {
    return (this.#years[yearOf(day)]?.[placeOf(day)] ?? NO_ENTRY) !== NO_ENTRY;
  }

  /**
   * A day before the year 1 or beyond 9999, which a table may hold and no source has, is left out.
   *
   * @returns whether the day had an entry before
   */
  set(day: string, count: number | null): boolean {
    if (day.length !== 10) return false;
    const [year, place] = [yearOf(day), placeOf(day)];
    const counts = this.#years[year] ?? new Float64Array(MONTHS * DAYS).fill(NO_ENTRY);
    this.#years[year] = counts;
    const wasSet = counts[place] !== NO_ENTRY;
    if (!wasSet) this.#size += 1;
    counts[place] = count ?? UNKNOWN;
    return wasSet;
  }
}

function yearOf(day: string): number {
  return digit(day, 0) * 1000 + digit(day, 1) * 100 + digit(day, 2) * 10 + digit(day, 3);
}

function placeOf(day: string): number {
  return (digit(day, 5) * 10 + digit(day, 6)) * DAYS + digit(day, 8) * 10 + digit(day, 9);
}

function digit(day: string, at: number): number {
  return day.charCodeAt(at) - DIGIT_ZERO;
}
