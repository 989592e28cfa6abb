/** Decimal places that amounts are kept with. */
const PLACES = 6;

/** Up to 12 digits before the point and 6 after it: as millionths, such a number fits in 64 bits. */
export const AMOUNT = /^-?\d{1,12}(?:\.\d{1,6})?$/;

/** An amount in millionths, exactly. @param text as {@link AMOUNT} says */
export function parseAmount(text: string): bigint {
  const point = text.indexOf(".");
  if (point === -1) return BigInt(text + "0".repeat(PLACES));
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(PLACES, "0"));
}

/** The shortest JSON number for so many millionths, exactly: 250000000 is `250`, 300000 is `0.3`. */
export function formatAmount(millionths: bigint): string {
  const sign = millionths < 0n ? "-" : "";
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -PLACES)}${fraction === "" ? "" : `.${fraction}`}`;
}
