import type { ColumnType } from "../../../../etl/core/contract/column";
import type { ColumnProfile } from "../profile/column-profile";
import type { NumberShape } from "../profile/numbers";
import type { GuessedType, Locale } from "./guessed-type";

/** Fits 32 bits, with room for ten times as much. */
const INTEGER_DIGITS = 8;
/** Fits 64 bits. */
const BIGINT_DIGITS = 18;
const NUMERIC_DIGITS = 38;
/** Room before the point: as in `numeric(14, 2)`. */
const WHOLE_DIGITS = 12;
/** A 64-bit number with more decimals than these is a measured value. */
const MEASURED_SCALE = 10;
const DOUBLE_DIGITS = 17;
/** Codes of digits, which may begin with zeros in the next file if they do not in this one. */
const CODE =
  /(^|_)(zip|plz|postleitzahl|post_?code|postal_?code|code_postal|codigo_postal|phone|tel|telefon|telephone|mobile|handy|fax|konto_?(nr|nummer)|account_(no|number)|blz|sort_code|routing_(no|number)|card_number|ean|gtin|upc|isbn|issn|ssn|steuer_?(id|nr|nummer)|tax_(id|number))(_|$)/;
const ID = /(^|_)(id|ids|no|nr|number|nummer|num|key|code)$/;

export function guessNumber(name: string, { numbers }: ColumnProfile, locale: Locale): GuessedType | undefined {
  if (!numbers.areAll || numbers.textLike !== undefined) return undefined;
  if (CODE.test(name)) {
    return { type: { type: "text" }, note: "digits of a code, by its name, which may begin with zeros: text" };
  }
  const shapes = numbers.shapes;
  const shape = choose(shapes, locale);
  if (shape === undefined || whyText(shape, numbers.isLossy) !== undefined) return undefined;
  const notation = {
    ...(shape.decimal === "," && (shape.scale > 0 || shape.hasExponents) && { decimal: shape.decimal }),
    ...(shape.isGrouped && { thousands: shape.thousands }),
  };
  const check = isAmbiguous(shapes) ? doubtOf(shape, locale) : undefined;
  const guess = (type: ColumnType, note: string): GuessedType =>
    check === undefined ? { type, note } : { type, note: `${note}; ${check}: check it`, check };
  if (shape.hasExponents || (shape.scale > MEASURED_SCALE && shape.digits <= DOUBLE_DIGITS && !numbers.isLossy)) {
    return guess(
      { type: "double", ...notation },
      `numbers with ${shape.hasExponents ? "exponents" : decimalsOf(shape)}`,
    );
  }
  if (shape.scale === 0 && shape.whole <= BIGINT_DIGITS) {
    const type = shape.whole > INTEGER_DIGITS || ID.test(name) ? "bigint" : "integer";
    const { decimal: _, ...whole } = notation as { decimal?: string; thousands?: "," };
    return guess({ type, ...whole }, wholeNumbers(shape));
  }
  const precision = Math.max(shape.whole + 3, WHOLE_DIGITS) + shape.scale;
  if (precision > NUMERIC_DIGITS + shape.scale) return undefined;
  return guess(
    { type: "numeric", precision, scale: shape.scale, ...notation },
    shape.scale === 0 ? wholeNumbers(shape) : `numbers with ${decimalsOf(shape)}`,
  );
}

/** Why a column of numbers is text; undefined if it is none, or no number type has its digits. */
export function whyNoNumber({ numbers }: ColumnProfile, locale: Locale): string | undefined {
  if (!numbers.areAll) return undefined;
  if (numbers.textLike !== undefined) return `digits with ${numbers.textLike}, which a number would lose: text`;
  const shape = choose(numbers.shapes, locale);
  if (shape === undefined)
    return "numbers whose mark is either decimal or between thousands: text, until you set type, and decimal or thousands";
  return whyText(shape, numbers.isLossy);
}

function whyText(shape: NumberShape, isLossy: boolean): string | undefined {
  if (shape.hasExponents && isLossy) return "numbers with exponents, and with more digits than a double keeps: text";
  if (shape.hasExponents && shape.areExponentsBare)
    return "digits with an E between them, which are codes or numbers with exponents: text, until you set type";
  if (!isCode(shape)) return undefined;
  return "groups of three digits, as many in each: codes, telephone numbers or numbers: text, until you set type and thousands";
}

/** Commas and apostrophes stand in numbers only. */
function isCode({ areGroupsAlike, scale, thousands, isGroupedOften }: NumberShape): boolean {
  if (!areGroupsAlike || scale > 0) return false;
  return thousands === " " || thousands === "_" || (thousands === "." && isGroupedOften);
}

function wholeNumbers({ whole, isGrouped, thousands }: NumberShape): string {
  const marks = isGrouped ? `, with ${JSON.stringify(thousands)} between thousands` : "";
  return `whole numbers of ${whole === 1 ? "one digit" : `up to ${whole} digits`}${marks}`;
}

function decimalsOf({ scale }: NumberShape): string {
  return scale === 1 ? "one decimal" : `up to ${scale} decimals`;
}

/** Whether the numbers have several readings: 1.234 is one and a bit, or more than a thousand. */
function isAmbiguous(shapes: readonly NumberShape[]): boolean {
  return shapes.filter(({ hasExponents }) => !hasExponents).length > 1;
}

function doubtOf({ isGrouped }: NumberShape, { decimal }: Locale): string {
  return `its mark is ${isGrouped ? "between thousands" : "decimal"} as ${decimal?.by ?? "the delimiter"} has it`;
}

/** The decimal mark that all readings of a column's numbers share, be it text for a sign around them; undefined if they differ. */
export function decimalOf({ numbers, clues }: ColumnProfile): "." | "," | undefined {
  const isBare = numbers.areAll && numbers.textLike === undefined;
  if (!isBare && !(clues.areNumbers && !numbers.areAll && clues.numbers.areAll)) return undefined;
  const shapes = (isBare ? numbers : clues.numbers).shapes.filter(({ hasExponents }) => !hasExponents);
  const [first, ...others] = shapes;
  if (first === undefined || (first.scale === 0 && !first.isGrouped)) return undefined;
  return others.every(({ decimal }) => decimal === first.decimal) ? first.decimal : undefined;
}

/** @returns undefined if there are several readings and nothing shows which one is meant */
function choose(shapes: readonly NumberShape[], { decimal }: Locale): NumberShape | undefined {
  const exact = shapes.filter(({ hasExponents }) => !hasExponents);
  if (exact.length < 2) return exact[0] ?? shapes[0];
  return exact.find((shape) => shape.decimal === decimal?.as);
}
