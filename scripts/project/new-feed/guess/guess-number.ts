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
const ID = /(^|_)(id|ids|no|nr|number|nummer|num|key|code)$/;

export function guessNumber(name: string, { numbers }: ColumnProfile, locale: Locale): GuessedType | undefined {
  if (!numbers.areAll || numbers.textLike !== undefined) return undefined;
  const shapes = numbers.shapes;
  const shape = choose(shapes, locale);
  if (shape === undefined) return undefined;
  const notation = {
    ...(shape.decimal === "," && (shape.scale > 0 || shape.hasExponents) && { decimal: shape.decimal }),
    ...(shape.isGrouped && { thousands: shape.thousands }),
  };
  const others = shapes.filter((other) => other !== shape && !other.hasExponents);
  const doubt = others.length > 0 ? "; the mark in them may be decimal or between thousands: check it" : "";
  if (shape.hasExponents || (shape.scale > MEASURED_SCALE && shape.digits <= DOUBLE_DIGITS)) {
    return {
      type: { type: "double", ...notation },
      note: `numbers with ${shape.hasExponents ? "exponents" : `up to ${shape.scale} decimals`}${doubt}`,
    };
  }
  if (shape.scale === 0 && shape.whole <= BIGINT_DIGITS) {
    const type = shape.whole > INTEGER_DIGITS || ID.test(name) ? "bigint" : "integer";
    const { decimal: _, ...whole } = notation as { decimal?: string; thousands?: "," };
    return { type: { type, ...whole }, note: `${wholeNumbers(shape)}${doubt}` };
  }
  const precision = Math.max(shape.whole + 3, WHOLE_DIGITS) + shape.scale;
  if (precision > NUMERIC_DIGITS + shape.scale) return undefined;
  return {
    type: { type: "numeric", precision, scale: shape.scale, ...notation },
    note: shape.scale === 0 ? wholeNumbers(shape) : `numbers with up to ${shape.scale} decimals${doubt}`,
  };
}

function wholeNumbers({ whole }: NumberShape): string {
  return `whole numbers of ${whole === 1 ? "one digit" : `up to ${whole} digits`}`;
}

/** The decimal mark that all readings of a column's numbers share; undefined if they differ. */
export function decimalOf({ numbers }: ColumnProfile): "." | "," | undefined {
  if (!numbers.areAll || numbers.textLike !== undefined) return undefined;
  const shapes = numbers.shapes.filter(({ hasExponents }) => !hasExponents);
  const [first, ...others] = shapes;
  if (first === undefined || (first.scale === 0 && !first.isGrouped)) return undefined;
  return others.every(({ decimal }) => decimal === first.decimal) ? first.decimal : undefined;
}

function choose(shapes: readonly NumberShape[], { decimal }: Locale): NumberShape | undefined {
  const exact = shapes.filter(({ hasExponents }) => !hasExponents);
  const known = exact.filter((shape) => shape.decimal === decimal);
  return known[0] ?? exact[0] ?? shapes[0];
}
