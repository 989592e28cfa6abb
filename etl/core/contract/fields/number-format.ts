import { encode, startsWith } from "./bytes";
import type { Rewrite } from "./field-check";
import { COMMA, isDigit, POINT, skipSign, ZERO } from "./quick-checks";

/** The marks allowed between groups of three digits. */
export const THOUSANDS = [",", ".", "'", "_", " ", "\u00a0", "\u202f"] as const;
const GROUP = 3;

interface NumberFormat {
  readonly type: string;
  readonly decimal?: "." | ",";
  readonly thousands?: string;
}

/**
 * Rewrites a number of another country's format in PostgreSQL's; undefined if the source's format is already
 * PostgreSQL's.
 */
export function rewriteNumber({ type, decimal = ".", thousands }: NumberFormat): Rewrite | undefined {
  if (decimal === "." && thousands === undefined) return undefined;
  const isWhole = type === "integer" || type === "bigint";
  // A whole number has no decimals, so no mark for them.
  const point = isWhole ? -1 : decimal === "." ? POINT : COMMA;
  const mark = thousands === undefined ? undefined : encode(thousands);
  return (bytes, from, to, into) => {
    const first = skipSign(bytes, from);
    let [at, end, digits, groups] = [from, 0, 0, 0];
    for (; at < first; at += 1, end += 1) into[end] = bytes[at] ?? 0;
    while (at < to && bytes[at] !== point) {
      if (isDigit(bytes[at])) {
        into[end] = bytes[at] ?? 0;
        [at, end, digits] = [at + 1, end + 1, digits + 1];
      } else if (mark !== undefined && startsWith(bytes, at, mark) && at + mark.length < to) {
        if (digits === 0 || digits > GROUP || (groups > 0 && digits !== GROUP)) return -1;
        [at, digits, groups] = [at + mark.length, 0, groups + 1];
      } else break;
    }
    // No source groups a number that begins with 0: there the mark is another country's point.
    if (groups > 0 && (digits !== GROUP || into[first - from] === ZERO)) return -1;
    if (at < to && bytes[at] === point) {
      into[end] = POINT;
      [at, end] = [at + 1, end + 1];
    }
    for (; at < to; at += 1, end += 1) {
      // A second mark, or the point of another country.
      if (bytes[at] === COMMA || bytes[at] === POINT) return -1;
      into[end] = bytes[at] ?? 0;
    }
    return end;
  };
}
