import type { WholeColumn } from "../column";

/** The minimum and maximum of a column. */
export function wholeLimits({ type, min, max }: WholeColumn): { readonly least: bigint; readonly most: bigint } {
  const half = 2n ** (type === "integer" ? 31n : 63n);
  return { least: min === undefined ? -half : BigInt(min), most: max === undefined ? half - 1n : BigInt(max) };
}
