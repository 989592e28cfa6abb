import { decode } from "./bytes";
import type { FieldCheck } from "./field-check";

/**
 * Real documents are less deep than this; PGlite's stack overflows between 700 and 900 levels, and the database
 * crashes.
 */
export const DEEPEST = 256;
/** Digits of PostgreSQL's numeric (manual, "Numeric Types"), which jsonb uses for numbers. */
export const MOST_BEFORE = 131_072;
const MOST_BEHIND = 16_383;
/** A string, a number, or a bracket. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?|[[\]{}]/gs;
const ESCAPE = /\\(?:u([\da-f]{4})|.)/gis;

/** Whether it is JSON that PostgreSQL's jsonb accepts. */
export const isJson: FieldCheck = (bytes, from, to) => {
  const text = decode(bytes, from, to);
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return isKeepable(text);
};

function isKeepable(text: string): boolean {
  let depth = 0;
  for (const [token, whole = "", decimals = "", exponent = "0"] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token.startsWith('"')) {
      if (token.includes("\\u") && !isKeepableString(token)) return false;
    } else if (whole.length + Number(exponent) > MOST_BEFORE || decimals.length - Number(exponent) > MOST_BEHIND) {
      return false;
    }
    if (depth > DEEPEST) return false;
  }
  return true;
}

/** jsonb can store neither U+0000 nor half a pair of surrogates. */
function isKeepableString(token: string): boolean {
  let high: number | undefined;
  for (const { 0: whole, 1: code = "", index } of token.matchAll(ESCAPE)) {
    const unit = Number.parseInt(code, 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (unit === 0 || isLow !== (high === index) || (high !== undefined && !isLow)) return false;
    high = unit >= 0xd800 && unit < 0xdc00 ? index + whole.length : undefined;
  }
  return high === undefined;
}
