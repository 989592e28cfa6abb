import { NumberTable, readNumber } from "./number-table";
import { TextTable } from "./text-table";

/**
 * Gives each id a number: 0, 1, 2, … in the order they come. Ids are kept as numbers, which are found with fewer reads of memory than text,
 * until one comes that is none.
 */
export class IdTable {
  #numbers = new NumberTable();
  #texts: TextTable | undefined;

  get size(): number {
    return (this.#texts ?? this.#numbers).size;
  }

  /** Whether the ids came in the order that they have in messages. False if that is not known. */
  get isSorted(): boolean {
    return this.#texts === undefined && this.#numbers.isSorted;
  }

  /**
   * @param bytes with the id at `[from, to)`, as UTF-8
   * @returns the id's number, a new one if it is new
   */
  add(bytes: Uint8Array, from: number, to: number): number {
    if (this.#texts !== undefined) return this.#texts.add(bytes, from, to);
    const number = readNumber(bytes, from, to);
    if (number !== -1) return this.#numbers.add(number);
    this.#texts = textsOf(this.#numbers);
    this.#numbers = new NumberTable();
    return this.#texts.add(bytes, from, to);
  }

  /** Like {@link add}. @returns -1 if the id is unknown */
  find(bytes: Uint8Array, from: number, to: number): number {
    if (this.#texts !== undefined) return this.#texts.find(bytes, from, to);
    return this.#numbers.find(readNumber(bytes, from, to));
  }

  /** The id of a number. */
  get(number: number): string {
    return this.#texts?.get(number) ?? String(this.#numbers.get(number));
  }

  /**
   * Copies ids, to be read in another order.
   *
   * @param numbers their numbers in that order
   * @returns the id at a place
   */
  arrange(numbers: Uint32Array): (place: number) => string {
    const texts = this.#texts;
    if (texts !== undefined) return (place) => texts.get(numbers[place] ?? 0);
    const ids = new Float64Array(numbers.length);
    for (let place = 0; place < ids.length; place += 1) ids[place] = this.#numbers.get(numbers[place] ?? 0);
    return (place) => String(ids[place]);
  }
}

function textsOf(numbers: NumberTable): TextTable {
  const texts = new TextTable();
  for (let number = 0; number < numbers.size; number += 1) {
    const id = Buffer.from(String(numbers.get(number)));
    texts.add(id, 0, id.length);
  }
  return texts;
}
