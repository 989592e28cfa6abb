interface Values<Value> {
  readonly length: number;
  [index: number]: Value;
  set(values: this): void;
}

/** A growing list of numbers in a typed array: 4 or 8 bytes each. */
export class Column<Value, List extends Values<Value>> {
  readonly #make: (length: number) => List;
  #values: List;
  #length = 0;

  private constructor(make: (length: number) => List) {
    this.#make = make;
    this.#values = make(1024);
  }

  /** A column of whole numbers from 0 to 2^32 - 1. */
  static ofUint32(): Column<number, Uint32Array> {
    return new Column<number, Uint32Array>((length) => new Uint32Array(length));
  }

  /** A column of numbers. */
  static ofFloat64(): Column<number, Float64Array> {
    return new Column<number, Float64Array>((length) => new Float64Array(length));
  }

  /** A column of whole numbers from -2^63 to 2^63 - 1. */
  static ofInt64(): Column<bigint, BigInt64Array> {
    return new Column<bigint, BigInt64Array>((length) => new BigInt64Array(length));
  }

  /** All values; beyond `length` there is room that means nothing. Out of date after a push. */
  get values(): List {
    return this.#values;
  }

  get length(): number {
    return this.#length;
  }

  push(value: Value): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }
}
