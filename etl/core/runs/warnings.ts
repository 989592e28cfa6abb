/** The most that a run keeps word for word. */
const MOST_KEPT = 100;

/** Gathers what a person should look at; a source gone wrong must not fill the memory with it. */
export class Warnings {
  readonly #kept: string[] = [];
  #more = 0;

  add(warning: string): void {
    if (this.#kept.length < MOST_KEPT) this.#kept.push(warning);
    else this.#more += 1;
  }

  /** The first hundred, and how many more there were. */
  list(): readonly string[] {
    return this.#more === 0 ? [...this.#kept] : [...this.#kept, `and ${this.#more} more warnings`];
  }
}
