import { daysBetween, renderDays } from "../../core/watch/feed-checks";
import type { CovidDailyTable } from "./tables";

const COLUMNS = ["cases", "deaths", "recoveries"] as const;

/** How a column ends, day by day. */
interface End {
  value: number | null;
  /** The first day that has this value up to the end. */
  since: string;
  /** The last other value that was known. */
  before?: number;
}

/** Follows cumulative counts, in which no day is below the day before: a count that stands still or is 0 has ended. */
export class EndOfCounts {
  readonly #ends = new Map<string, End>();
  #last = "";

  see(day: CovidDailyTable): void {
    if (day.date <= this.#last) return;
    this.#last = day.date;
    for (const column of COLUMNS) {
      const value = day[column];
      const end = this.#ends.get(column);
      if (end !== undefined && end.value === value) continue;
      const before = end?.value ?? end?.before;
      this.#ends.set(column, { value, since: day.date, before });
    }
  }

  /** Texts about counts that ended more than this many days ago. */
  describe(staleDays: number): readonly string[] {
    return [...this.#ends].flatMap(([column, { value, since, before }]) => {
      const days = daysBetween(since, this.#last);
      const after = before === undefined ? "" : `, after ${before.toLocaleString("en-US")}`;
      const ended = "ask the publisher whether this figure has ended";
      if (value === 0 && before !== undefined && before > 0) {
        return [`${column}: 0 from ${since} on${after}: ${ended}`];
      }
      if (days <= staleDays) return [];
      if (value !== null && value > 0) {
        return [
          `${column}: stands still at ${value.toLocaleString("en-US")} since ${since} (${renderDays(days)}): ${ended}`,
        ];
      }
      return value === null && before !== undefined ? [`${column}: unknown from ${since} on${after}: ${ended}`] : [];
    });
  }
}
