/** What a run looks for in a feed though nothing is wrong with its rows. */
export interface FeedChecks {
  /** Days without news after which a run says so; null: never. */
  readonly staleDays: number | null;
  /** A source with so many times more, or fewer, rows or bytes than usual is told of; null: none is. */
  readonly sizeFactor: number | null;
  /** What becomes of a run with such a source. */
  readonly onUnusualSize: "warn" | "fail";
}

/** For a daily feed. */
export const DEFAULT_CHECKS: FeedChecks = { staleDays: 7, sizeFactor: 2, onUnusualSize: "warn" };

/** Days as a reader sees them: 1,345. */
export function renderDays(days: number): string {
  return `${days.toLocaleString("en-US")} ${days === 1 ? "day" : "days"}`;
}

/** From one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
