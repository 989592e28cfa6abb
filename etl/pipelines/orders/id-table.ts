/**
 * Gives each id a number: 0, 1, 2, … in the order they come. All ids together are a few typed arrays, as millions of
 * strings in a Map would take ten times the memory, and strings cut from a CSV keep its text alive.
 */
export class IdTable {
  /** UTF-16 code units of all ids, one after the other. */
  #text = new Uint16Array(4096);
  #bytes = Buffer.from(this.#text.buffer);
  /** Where each id begins; one more than there are ids. */
  #starts = new Uint32Array(1025);
  /** Open addressing: the number of an id plus 1, or 0. Its length is a power of two. */
  #slots = new Int32Array(2048);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the id's number, a new one where it was not there yet */
  add(id: string): number {
    const slot = this.#slotOf(id);
    const found = this.#at(slot);
    if (found !== -1) return found;
    const number = this.#size;
    this.#append(id);
    this.#slots[slot] = number + 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return number;
  }

  /** @returns -1 where the id is not there */
  find(id: string): number {
    return this.#at(this.#slotOf(id));
  }

  /** The id of a number. */
  get(number: number): string {
    return this.#bytes.toString("utf16le", this.#start(number) * 2, this.#start(number + 1) * 2);
  }

  /** The slot that holds the id, or the empty one that it belongs in. */
  #slotOf(id: string): number {
    const mask = this.#slots.length - 1;
    let slot = hash(id.length, (at) => id.charCodeAt(at)) & mask;
    for (let number = this.#at(slot); number !== -1 && !this.#equals(number, id); number = this.#at(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #equals(number: number, id: string): boolean {
    const start = this.#start(number);
    if (this.#start(number + 1) - start !== id.length) return false;
    for (let at = 0; at < id.length; at += 1) if (this.#text[start + at] !== id.charCodeAt(at)) return false;
    return true;
  }

  #append(id: string): void {
    const start = this.#start(this.#size);
    const end = start + id.length;
    if (end > this.#text.length) {
      this.#text = enlarge(this.#text, new Uint16Array(Math.max(this.#text.length * 2, end)));
      this.#bytes = Buffer.from(this.#text.buffer);
    }
    for (let at = 0; at < id.length; at += 1) this.#text[start + at] = id.charCodeAt(at);
    this.#size += 1;
    if (this.#size === this.#starts.length) {
      this.#starts = enlarge(this.#starts, new Uint32Array(this.#starts.length * 2));
    }
    this.#starts[this.#size] = end;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#size; number += 1) {
      const start = this.#start(number);
      let slot = hash(this.#start(number + 1) - start, (at) => this.#text[start + at] ?? 0) & mask;
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
function hash(length: number, unit: (at: number) => number): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < length; at += 1) value = Math.imul(value ^ unit(at), 0x01000193);
  return value ^ (value >>> 15);
}

function enlarge<List extends Uint16Array | Uint32Array>(from: List, to: List): List {
  to.set(from);
  return to;
}
