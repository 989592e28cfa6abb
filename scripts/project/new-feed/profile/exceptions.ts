/** A column with more values of another kind than these is not meant to hold the kind that the others are of. */
const MOST = 3;

/** The values of a column that are not of the kind that its others are of: a row of totals, another notation. */
export class Exceptions {
  /** Different values that are of the kind, and that are not. */
  kept = 0;
  count = 0;
  /** The line of the first one. */
  firstLine = 0;

  add(line: number): void {
    if (this.count === 0) this.firstLine = line;
    this.count += 1;
  }

  get areMany(): boolean {
    return this.count > MOST;
  }

  /** Whether there are some, among many more that are of the kind. */
  get areFew(): boolean {
    return this.count > 0 && !this.areMany && this.kept > this.count * 2;
  }
}
