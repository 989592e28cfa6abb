/** The maximum bytes of all sets together. */
export interface Budget {
  left: number;
}

const SEGMENTS = 64;
const FIRST_SLOTS = 64;
const SLOT_BYTES = 8;
const FULLEST = 0.8;

/** Hashes of 64 bits, 8 bytes per slot: in segments that grow one by one, so that growing needs little extra memory. */
export class HashSet {
  readonly #budget: Budget;
  readonly #slots: Uint32Array[];
  readonly #used = new Uint32Array(SEGMENTS);

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#slots = Array.from({ length: SEGMENTS }, () => new Uint32Array(FIRST_SLOTS * 2));
    budget.left -= SEGMENTS * FIRST_SLOTS * SLOT_BYTES;
  }

  /** @returns whether it was new; undefined if there is no room for it */
  add(high: number, low: number): boolean | undefined {
    const segment = low & (SEGMENTS - 1);
    let slots = this.#slots[segment] as Uint32Array;
    const used = this.#used[segment] ?? 0;
    if (used + 1 > (slots.length / 2) * FULLEST) {
      const more = grown(slots.length / 2);
      if (more * SLOT_BYTES > this.#budget.left) return undefined;
      slots = this.#grow(segment, more);
    }
    const isNew = put(slots, high, low);
    if (isNew) this.#used[segment] = used + 1;
    return isNew;
  }

  /** Releases its memory; nothing may be added afterwards. */
  free(): void {
    for (const slots of this.#slots) this.#budget.left += slots.byteLength;
    this.#slots.length = 0;
  }

  #grow(segment: number, more: number): Uint32Array {
    const old = this.#slots[segment] as Uint32Array;
    const slots = new Uint32Array(more * 2);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] !== 0 || old[at + 1] !== 0) put(slots, old[at] as number, old[at + 1] as number);
    }
    this.#budget.left -= slots.byteLength - old.byteLength;
    this.#slots[segment] = slots;
    return slots;
  }
}

function grown(slots: number): number {
  return Math.ceil(slots * 1.5);
}

/** @returns whether it was new */
function put(slots: Uint32Array, high: number, given: number): boolean {
  // Twice 0 is an empty slot.
  const low = high === 0 && given === 0 ? 1 : given;
  const size = slots.length / 2;
  for (let slot = Math.floor((high / 2 ** 32) * size); ; slot = slot + 1 === size ? 0 : slot + 1) {
    const [first, second] = [slots[slot * 2], slots[slot * 2 + 1]];
    if (first === high && second === low) return false;
    if (first !== 0 || second !== 0) continue;
    slots[slot * 2] = high;
    slots[slot * 2 + 1] = low;
    return true;
  }
}
