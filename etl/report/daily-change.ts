/**
 * Each day's change of a cumulative figure. Unknown for the first day, and if the day or the day before it is unknown;
 * negative if the source reduced its counts.
 */
export function dailyChanges(figures: readonly (number | null)[]): (number | null)[] {
  return figures.map((figure, index) => {
    const before = figures[index - 1] ?? null;
    return figure === null || before === null ? null : figure - before;
  });
}

/**
 * The mean of each day and the days before it; unknown unless all of them are known.
 *
 * @param round default: to a whole number
 */
export function trailingMean(
  figures: readonly (number | null)[],
  days = 7,
  round: (mean: number) => number = Math.round,
): (number | null)[] {
  return figures.map((_, index) => {
    const window = figures.slice(Math.max(0, index + 1 - days), index + 1).filter((figure) => figure !== null);
    return window.length < days ? null : round(window.reduce((sum, figure) => sum + figure, 0) / days);
  });
}
