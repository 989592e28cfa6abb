import type { RejectedLimit } from "../contract/rejected-limit";
import { RejectedLimitError } from "../errors";
import type { RejectedRow } from "./rejected-row";

/** The most that one run keeps, whatever its limit: a file with more is not the one that the contract describes. */
const MOST_KEPT = 100_000;

/** Gathers the rejected rows of a run. */
export class Rejections {
  readonly rows: RejectedRow[] = [];
  readonly #undone: string;

  /** @param undone what is not loaded if there are too many */
  constructor(undone = "nothing") {
    this.#undone = undone;
  }

  /** @throws RejectedLimitError at the 100,001st row */
  add(row: RejectedRow): void {
    if (this.rows.length === MOST_KEPT) {
      const fix = "This is not the file that its contract describes";
      throw this.#tooMany(`at least ${MOST_KEPT + 1}`, `${MOST_KEPT} at the most`, fix);
    }
    this.rows.push(row);
  }

  /**
   * @param setting how a user sets the limit here
   * @throws RejectedLimitError if more rows were rejected than the limit allows for `read` rows
   */
  check(limit: RejectedLimit, read: number, setting: string): void {
    const rejected = this.rows.length;
    const fix = `Correct the source, or allow more: ${setting}`;
    if ("rows" in limit && rejected > limit.rows) throw this.#tooMany(`${rejected}`, `at most ${limit.rows}`, fix);
    if ("percent" in limit && rejected * 100 > limit.percent * read) {
      throw this.#tooMany(`${rejected} of ${read}`, `at most ${limit.percent}%`, fix);
    }
  }

  #tooMany(got: string, expected: string, fix: string): RejectedLimitError {
    const [first] = this.rows;
    return new RejectedLimitError(`Too many rows were rejected, ${this.#undone} was loaded`, {
      got,
      expected,
      where: {
        source: first?.location ?? first?.source,
        role: first?.source,
        line: first?.offset === undefined ? first?.line : undefined,
        offset: first?.offset,
      },
      fix: `The first one: ${first?.reason}. ${fix}`,
    });
  }
}
