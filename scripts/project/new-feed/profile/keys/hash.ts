/** A 64-bit hash of some bytes, as two numbers of 32 bits. One object for all, since it is computed for each field. */
export interface Hash {
  high: number;
  low: number;
}

/** Murmur's mixing, with two seeds. */
export function hashBytes(bytes: Uint8Array, from: number, to: number, into: Hash): void {
  let high = 0x9e3779b9 ^ (to - from);
  let low = 0x85ebca6b;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(high ^ byte, 0x5bd1e995);
    low = Math.imul(low ^ byte, 0x1b873593);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  finish(high, low, into);
}

/** Adds another hash to a hash; the order matters. */
export function addHash(into: Hash, high: number, low: number): void {
  finish(Math.imul(into.high, 0x2c1b3c6d) ^ high, Math.imul(into.low, 0x297a2d39) ^ low, into);
}

function finish(first: number, second: number, into: Hash): void {
  let high = Math.imul(first ^ (second >>> 16), 0x85ebca6b);
  let low = Math.imul(second ^ (first >>> 15), 0xc2b2ae35);
  high ^= high >>> 13;
  low ^= low >>> 16;
  high = Math.imul(high ^ (low >>> 11), 0xc2b2ae35);
  low = Math.imul(low ^ (high >>> 14), 0x85ebca6b);
  into.high = (high ^ (high >>> 16)) >>> 0;
  into.low = (low ^ (low >>> 15)) >>> 0;
}

/** 53 bits of a hash, as one number. */
export function toNumber(high: number, low: number): number {
  return high * 2 ** 21 + (low >>> 11);
}

/** The hashes of a row's fields. */
export class RowHashes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly #hash: Hash = { high: 0, low: 0 };

  constructor(width: number) {
    this.high = new Uint32Array(width);
    this.low = new Uint32Array(width);
  }

  set(at: number, bytes: Uint8Array, from: number, to: number): void {
    hashBytes(bytes, from, to, this.#hash);
    this.high[at] = this.#hash.high;
    this.low[at] = this.#hash.low;
  }

  /** The hash of some fields together. */
  combine(columns: readonly number[], into: Hash): void {
    const first = columns[0] ?? 0;
    into.high = this.high[first] ?? 0;
    into.low = this.low[first] ?? 0;
    for (let at = 1; at < columns.length; at += 1) {
      const column = columns[at] ?? 0;
      addHash(into, this.high[column] ?? 0, this.low[column] ?? 0);
    }
  }
}
