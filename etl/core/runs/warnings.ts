import { counted } from "../counted";

/** The most warnings that a run keeps as text. */
const MOST_KEPT = 100;

/** Gathers warnings for people; a faulty source must not fill the memory with them. */
export class Warnings {
  readonly #kept: string[] = [];
  #more = 0;

  add(warning: string): void {
    if (this.#kept.length < MOST_KEPT) this.#kept.push(warning);
    else this.#more += 1;
  }

  /** The first hundred, and the number of the others. */
  list(): readonly string[] {
    return this.#more === 0 ? [...this.#kept] : [...this.#kept, `and ${counted(this.#more, "more warning")}`];
  }
}
