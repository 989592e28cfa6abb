/**
 * Gives each id a number: 0, 1, 2, … in the order they come. All ids together are a few typed arrays: four million short
 * ones take 111 MiB, as strings in a Map 389 MiB, and long ones cut from a CSV would keep its text alive besides. Ids are
 * well-formed text, as what was decoded from UTF-8 always is.
 */
export class IdTable {
  /** UTF-8 of all ids, one after the other. */
  #text = Buffer.alloc(4096);
  /** Where each id begins; one more than there are ids. */
  #starts = new Uint32Array(1025);
  /** Open addressing: the number of an id plus 1, or 0. Its length is a power of two. */
  #slots = new Int32Array(2048);
  #size = 0;
  /** UTF-8 of the id that is asked for, and its length. */
  #probe = Buffer.alloc(512);
  #probeLength = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the id's number, a new one where it was not there yet */
  add(id: string): number {
    const slot = this.#findSlot(id);
    const found = this.#at(slot);
    if (found !== -1) return found;
    this.#slots[slot] = this.#append() + 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return this.#size - 1;
  }

  /** @returns -1 where the id is not there */
  find(id: string): number {
    return this.#at(this.#findSlot(id));
  }

  /** The id of a number. */
  get(number: number): string {
    return this.#text.toString("utf8", this.#start(number), this.#start(number + 1));
  }

  /** The slot that holds the id, or the empty one that it belongs in; the id is the probe afterwards. */
  #findSlot(id: string): number {
    this.#encode(id);
    const mask = this.#slots.length - 1;
    let slot = hash(this.#probe, 0, this.#probeLength) & mask;
    for (let number = this.#at(slot); number !== -1 && !this.#isProbe(number); number = this.#at(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #encode(id: string): void {
    if (id.length * 3 > this.#probe.length) this.#probe = Buffer.alloc(id.length * 3);
    const { length } = id;
    for (let at = 0; at < length; at += 1) {
      const unit = id.charCodeAt(at);
      if (unit > 0x7f) {
        this.#probeLength = this.#probe.write(id, "utf8");
        return;
      }
      this.#probe[at] = unit;
    }
    this.#probeLength = length;
  }

  #isProbe(number: number): boolean {
    const start = this.#start(number);
    const length = this.#probeLength;
    if (this.#start(number + 1) - start !== length) return false;
    for (let at = 0; at < length; at += 1) if (this.#text[start + at] !== this.#probe[at]) return false;
    return true;
  }

  /** @returns the number of the probe, which is new */
  #append(): number {
    const start = this.#start(this.#size);
    const end = start + this.#probeLength;
    if (end > this.#text.length) this.#text = enlarge(this.#text, Buffer.alloc(Math.max(this.#text.length * 2, end)));
    this.#text.set(this.#probe.subarray(0, this.#probeLength), start);
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
