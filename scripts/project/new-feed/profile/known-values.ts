const SLOTS = 1_024;
/** After so many values it is known whether they come again. */
const TRIED = 16_384;
const SELDOM = 0.1;

/** Remembers some of the values that were there last, by their hashes; not where hardly any of them comes again. */
export class KnownValues {
  #high: Uint32Array | undefined = new Uint32Array(SLOTS);
  readonly #low = new Uint32Array(SLOTS);
  #asked = 0;
  #known = 0;

  /** Whether it is remembered; from now on it is. */
  has(high: number, low: number): boolean {
    const slots = this.#high;
    if (slots === undefined) return false;
    this.#asked += 1;
    if (this.#asked === TRIED && this.#known < TRIED * SELDOM) this.#high = undefined;
    const at = low & (SLOTS - 1);
    if (slots[at] === high && this.#low[at] === low) {
      this.#known += 1;
      return true;
    }
    slots[at] = high;
    this.#low[at] = low;
    return false;
  }
}
