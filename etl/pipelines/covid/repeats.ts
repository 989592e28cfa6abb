import { counted } from "../../core/counted";
import { CsvError } from "../../core/errors";
import { CountsByDay } from "./counts-by-day";

/** With so few rows too many, a file has rows twice, and is not one of another kind. */
const FEW = 30;

/** Rows of days that an earlier row had: a few are a slip of the source, many a file of states or counties. */
export class Repeats {
  readonly #role: string;
  readonly #warn: (warning: string) => void;
  readonly #told = new CountsByDay();
  #rows = 0;

  constructor(role: "cases" | "recoveries", warn: (warning: string) => void) {
    this.#role = role;
    this.#warn = warn;
  }

  /** Warns once for each day. */
  add(day: string): void {
    this.#rows += 1;
    if (!this.#told.set(day, null)) this.#warn(`${this.#role}: ${day} comes twice, the last row wins`);
  }

  /**
   * Asked when all is read.
   *
   * @param days how many different ones there were
   * @throws CsvError if there are more than two rows for each day
   */
  refuseMany(days: number): void {
    if (this.#rows <= Math.max(days, FEW)) return;
    throw new CsvError(`The ${this.#role} have several rows for each day, nothing was loaded`, {
      got: `${counted(days + this.#rows, "row")} of ${counted(days, "day")}`,
      expected: "one row for each day, of the United States as a whole",
      where: { role: this.#role },
      fix: "Check the feed: a file of states or counties has such rows (us-states.csv in place of us.csv)",
    });
  }
}
