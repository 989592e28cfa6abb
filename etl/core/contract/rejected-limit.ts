/** The number of rejected rows that a run allows: an absolute number, or a percentage of the rows read. */
export type RejectedLimit = { readonly rows: number } | { readonly percent: number };

/**
 * Reads a limit from text: `12` or `0.5%`.
 *
 * @returns undefined if it is neither
 */
export function parseRejectedLimit(text: string): RejectedLimit | undefined {
  const match = /^(?:(\d{1,15})|(\d{1,3}(?:\.\d+)?)%)$/.exec(text);
  if (match?.[1] !== undefined) return { rows: Number(match[1]) };
  const percent = Number(match?.[2] ?? Number.NaN);
  return percent <= 100 ? { percent } : undefined;
}
