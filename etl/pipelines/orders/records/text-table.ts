/**
 * Gives each id a number: 0, 1, 2, … in the order they come. All ids together are a few typed arrays: four million short
 * ones take 111 MiB, as strings in a Map 389 MiB. Ids are UTF-8.
 */
export class TextTable {
  /** UTF-8 of all ids, one after the other. */
  #text = Buffer.alloc(4096);
  /** Where each id begins; one more than there are ids. */
  #starts = new Uint32Array(1025);
  /** Open addressing: the number of an id plus 1, or 0. Its length is a power of two. */
  #slots = new Int32Array(2048);
  #size = 0;
  get size(): number {
    return this.#size;
  }

  /**
   * @param bytes with the id at `[from, to)`, as UTF-8
   * @returns the id's number, a new one if it is new
   */
  add(bytes: Uint8Array, from: number, to: number): number {
    const slot = this.#findSlot(bytes, from, to);
    const found = this.#at(slot);
    if (found !== -1) return found;
    this.#slots[slot] = this.#append(bytes, from, to) + 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return this.#size - 1;
  }

  /** Like {@link add}. @returns -1 if the id is unknown */
  find(bytes: Uint8Array, from: number, to: number): number {
    return this.#at(this.#findSlot(bytes, from, to));
  }

  /** The id of a number. */
  get(number: number): string {
    return this.#text.toString("utf8", this.#start(number), this.#start(number + 1));
  }

  /** The slot that holds the id, or the empty one that it belongs in. */
  #findSlot(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, from, to) & mask;
    for (let number = this.#at(slot); number !== -1; number = this.#at(slot)) {
      if (this.#isSame(number, bytes, from, to)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isSame(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#start(number);
    const length = to - from;
    if (this.#start(number + 1) - start !== length) return false;
    for (let at = 0; at < length; at += 1) if (this.#text[start + at] !== bytes[from + at]) return false;
    return true;
  }

  /** @returns the number of an id that is new */
  #append(bytes: Uint8Array, from: number, to: number): number {
    const start = this.#start(this.#size);
    const end = start + to - from;
    if (end > this.#text.length) this.#text = enlarge(this.#text, Buffer.alloc(Math.max(this.#text.length * 2, end)));
    this.#text.set(bytes.subarray(from, to), start);
    this.#size += 1;
    if (this.#size === this.#starts.length) {
      this.#starts = enlarge(this.#starts, new Uint32Array(this.#starts.length * 2));
    }
    this.#starts[this.#size] = end;
    return this.#size - 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#size; number += 1) {
      let slot = hash(this.#text, this.#start(number), this.#start(number + 1)) & mask;
      while (this.#at(slot) !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }

  #at(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }

  #start(number: number): number {
    return this.#starts[number] ?? 0;
  }
}

/** FNV-1a (Fowler, Noll, Vo), with its high bits mixed into the low ones that choose the slot. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  return value ^ (value >>> 15);
}

function enlarge<List extends Uint8Array | Uint32Array>(from: List, to: List): List {
  to.set(from);
  return to;
}
