import { isJson } from "../../../../etl/core/contract/fields/json-field";
import { isBoolean, isUuid } from "../../../../etl/core/contract/fields/text-field";
import { Clues } from "./clues";
import { toNumber } from "./keys/hash";
import { KnownValues } from "./known-values";
import { isNullWord } from "./null-words";
import { Numbers } from "./numbers";
import { PersonalValues } from "./personal-data";
import { Times } from "./times";

/** The most different values that are counted. */
export const MOST_DIFFERENT = 20;
/** If there are more texts for a missing value than these, they are ordinary texts. */
const MOST_NULL_TEXTS = 8;
const LONGEST_NULL_TEXT = 20;
const LONGEST_BOOLEAN = 5;
const [OPEN_BRACE, OPEN_BRACKET] = [123, 91];

/** The content of a column of a file, as far as it was read: in memory that does not grow with the file. */
export class ColumnProfile {
  /** Counts of rows without a value, with a text for a missing value, and with a value. */
  empty = 0;
  filled = 0;
  readonly nullTexts = new Map<string, number>();
  readonly numbers = new Numbers();
  readonly times = new Times();
  readonly clues = new Clues();
  readonly personal = new PersonalValues();
  /** Words for true and false, in lower case. */
  readonly booleans = new Set<string>();
  areBooleans = true;
  areUuids = true;
  areJson = true;
  readonly #different = new Set<number>();
  readonly #known = new KnownValues();

  /** The number of different values; undefined: more than {@link MOST_DIFFERENT}. */
  get different(): number | undefined {
    return this.#different.size > MOST_DIFFERENT ? undefined : this.#different.size;
  }

  /** Whether people would not use it for a key: amounts, and documents. */
  get isUnlikelyKey(): boolean {
    return (
      this.areJson ||
      (this.numbers.areAll && this.numbers.shapes.every(({ scale, hasExponents }) => scale > 0 || hasExponents))
    );
  }

  /**
   * @param high of the field's hash, as `low`
   * @param line of the field's row
   */
  take(bytes: Buffer, from: number, to: number, high: number, low: number, line: number): void {
    if (from === to) this.empty += 1;
    else if (to - from > LONGEST_NULL_TEXT || !isNullWord(bytes, from, to) || !this.#takeNull(bytes, from, to)) {
      this.filled += 1;
      // A value that was already checked adds nothing.
      if (!this.#known.has(high, low)) this.#takeValue(bytes, from, to, toNumber(high, low), line);
    }
  }

  #takeNull(bytes: Buffer, from: number, to: number): boolean {
    const word = bytes.toString("latin1", from, to);
    const known = this.nullTexts.get(word);
    if (known === undefined && this.nullTexts.size === MOST_NULL_TEXTS) return false;
    this.nullTexts.set(word, (known ?? 0) + 1);
    return true;
  }

  #takeValue(bytes: Buffer, from: number, to: number, hash: number, line: number): void {
    if (this.#different.size <= MOST_DIFFERENT) this.#different.add(hash);
    if (!this.numbers.exceptions.areMany) this.numbers.take(bytes, from, to, line);
    if (!this.times.exceptions.areMany) this.times.take(bytes, from, to, line);
    if (this.areBooleans) this.areBooleans = this.#takeBoolean(bytes, from, to);
    if (this.areUuids) this.areUuids = isUuid(bytes, from, to);
    if (this.areJson)
      this.areJson = (bytes[from] === OPEN_BRACE || bytes[from] === OPEN_BRACKET) && isJson(bytes, from, to);
    this.#takeClues(bytes, from, to);
    this.personal.take(bytes, from, to);
  }

  /** As long as all values were numbers, or days, the earlier ones were, too. */
  #takeClues(bytes: Buffer, from: number, to: number): void {
    const [areNumbers, areTimes] = [this.numbers.areAll, this.times.areAll];
    if (areNumbers && !areTimes) this.clues.areDays = false;
    if (areTimes && !areNumbers) this.clues.areNumbers = false;
    if (areNumbers || areTimes) this.clues.excludeForms();
    if (!areNumbers && !areTimes && this.clues.areAny) this.clues.take(bytes, from, to);
  }

  #takeBoolean(bytes: Buffer, from: number, to: number): boolean {
    if (to - from > LONGEST_BOOLEAN || !isBoolean(bytes, from, to)) return false;
    this.booleans.add(bytes.toString("latin1", from, to).toLowerCase());
    return true;
  }
}
