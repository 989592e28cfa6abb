import { Numbers } from "./numbers";
import { isSomeTime } from "./times";

/** Why a column that looks like numbers or days is nevertheless text. */
export type Clue =
  | "brackets"
  | "percent signs"
  | "signs of a currency"
  | "no digit before the point"
  | "blanks"
  | "a minus sign at the end"
  | "minus signs that are no hyphens"
  | "typographic apostrophes"
  | "several notations";

const MONTH = "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez";
const DAY = new RegExp(
  `^(?=.*\\d)(?!\\d+([.]\\d+){3}$)[\\d\\s.,:/+()-]*((${MONTH})\\p{L}*)?[\\d\\s.,:/+()-]*(am|pm|utc|gmt|z|[ct]?e?[sd]?t)?$`,
  "iu",
);
const HAS_MARKS = new RegExp(`\\d[./-]\\d+[./-]\\d|\\d[ -]?(${MONTH})|(${MONTH})\\p{L}*[ .]*\\d`, "iu");
const SIGNS = /[€$£¥₹]|\b(EUR|USD|GBP|CHF|JPY)\b/gu;
const BARE = /^[+-]?(\d[\d.,'\s]*|[.,]\d+)$/u;

/** Forms that no type of a column has. */
const FORMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["times of day", /^\d{1,2}[:.h]\d{2}(:\d{2}([.,]\d+)?)?\s?([ap]\.?m\.?)?$/i],
  [
    "weeks, months or durations",
    /^(\d{4}-?W\d{1,2}(-?\d)?|\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}|P(?=.)(\d+[YMWD])*(T(\d+[HMS])+)?|\d+:\d{2}:\d{2})$/,
  ],
  [
    "words for true and false that a contract does not read",
    /^(ja|nein|oui|non|s[ií]|no|on|off|wahr|falsch|vrai|faux|yes|y|n|[01x])$/i,
  ],
];

/**
 * Whether all values of a column would be numbers, or days, without the characters around them; called only for text.
 */
export class Clues {
  areNumbers = true;
  areDays = true;
  readonly found = new Set<Clue>();
  /** The numbers without the characters around them. */
  readonly numbers = new Numbers();
  /** Each value is a day in some form of a contract, but not all in the same form. */
  areKnownDays = true;

  #forms = FORMS;

  get areAny(): boolean {
    return this.areNumbers || this.areDays || this.#forms.length > 0;
  }

  /** The form of all values, if it has a name. */
  get form(): string | undefined {
    return this.#forms.length < FORMS.length ? this.#forms[0]?.[0] : undefined;
  }

  /** Some value is a number, or a day: not all have another form. */
  excludeForms(): void {
    this.#forms = [];
  }

  take(bytes: Buffer, from: number, to: number): void {
    const text = bytes.toString("utf8", from, to);
    this.#forms = this.#forms.filter(([, pattern]) => pattern.test(text));
    this.areNumbers &&= this.#isNumber(text);
    this.areDays &&= text.length <= 40 && DAY.test(text) && HAS_MARKS.test(text);
    this.areKnownDays &&= this.areDays && isSomeTime(bytes, from, to);
  }

  #isNumber(given: string): boolean {
    let text = given.trim();
    if (text !== given) this.found.add("blanks");
    const strip = (pattern: RegExp, clue: Clue, kept = "") => {
      const rest = text.replace(pattern, kept).trim();
      if (rest !== text) this.found.add(clue);
      text = rest;
    };
    strip(SIGNS, "signs of a currency");
    strip(/%$/u, "percent signs");
    strip(/^\((.*)\)$/u, "brackets", "$1");
    strip(/(?<=\d)’(?=\d)/gu, "typographic apostrophes", "'");
    strip(/^\u2212/u, "minus signs that are no hyphens", "-");
    strip(/-$/u, "a minus sign at the end");
    if (/^[+-]?[.,]\d/u.test(text)) this.found.add("no digit before the point");
    if (!BARE.test(text)) return false;
    const bytes = Buffer.from(text);
    if (!this.numbers.exceptions.areMany) this.numbers.take(bytes, 0, bytes.length, 0);
    return true;
  }
}
