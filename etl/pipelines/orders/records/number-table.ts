import { Column } from "./column";

/** A number of this many digits is a safe integer of JavaScript. */
const MOST_DIGITS = 15;
const [ZERO, NINE] = [48, 57];

/** The whole number that is written at `[from, to)`; -1 if it is none, has leading zeros or more than 15 digits. */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > MOST_DIGITS || (bytes[from] === ZERO && to - from > 1)) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return -1;
    value = value * 10 + byte - ZERO;
  }
  return value;
}

/**
 * Gives each id that is a whole number from 0 to 10^15 - 1 a number: 0, 1, 2, … in the order they come. One that is above all before
 * it is new: files that are sorted by their ids need no index to tell, and it is made when an id is first looked up.
 */
export class NumberTable {
  readonly #ids = Column.ofFloat64();
  /** The largest id. */
  #most = -1;
  #isSorted = true;
  /** Open addressing: the number of an id plus 1, or 0. Its length is a power of two. */
  #slots = new Int32Array(2048);
  /** How many ids have their slot. */
  #indexed = 0;

  get size(): number {
    return this.#ids.length;
  }

  /** Whether each id is above all before it. */
  get isSorted(): boolean {
    return this.#isSorted;
  }

  /** @returns the id's number, a new one if it is new */
  add(id: number): number {
    if (id > this.#most) this.#most = id;
    else {
      const found = this.find(id);
      if (found !== -1) return found;
      this.#isSorted = false;
    }
    this.#ids.push(id);
    return this.#ids.length - 1;
  }

  /** Like {@link add}. @returns -1 if the id is unknown */
  find(id: number): number {
    if (id > this.#most) return -1;
    if (this.#indexed < this.#ids.length) this.#indexRest();
    return this.#at(this.#findSlot(id));
  }

  /** The id of a number. */
  get(number: number): number {
    return this.#ids.values[number] ?? 0;
  }

  #indexRest(): void {
    const { length } = this.#ids;
    if (length * 2 > this.#slots.length) {
      this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(length * 2)));
      this.#indexed = 0;
    }
    for (; this.#indexed < length; this.#indexed += 1) {
      this.#slots[this.#findSlot(this.get(this.#indexed))] = this.#indexed + 1;
    }
  }

  /** The slot that holds the id, or the empty one that it belongs in. */
  #findSlot(id: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(id) >>> Math.clz32(mask);
    for (let number = this.#at(slot); number !== -1 && this.get(number) !== id; number = this.#at(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #at(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }
}

/** Fibonacci hashing (Knuth), whose high bits choose the slot: numbers in a row get slots far from each other. */
function hash(id: number): number {
  return Math.imul(id ^ Math.imul(id / 2 ** 32, 0x85ebca6b), 0x9e3779b1);
}
