const SLOTS = 1_024;
/** The number of values after which it is known whether values repeat. */
const TRIED = 16_384;
const SELDOM = 0.1;

/** Remembers some of the latest values, by their hashes; not if hardly any of them repeats. */
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
