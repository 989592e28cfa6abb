/** Checks of a feed whose rows are valid. */
export interface FeedChecks {
  /** Days without news after which a run says so; null: never. */
  readonly staleDays: number | null;
  /** Factor: a source with this many times more or fewer rows or bytes than usual gets a warning; null: none does. */
  readonly sizeFactor: number | null;
  /** The reaction of a run to such a source. */
  readonly onUnusualSize: "warn" | "fail";
}

/** For a daily feed. */
export const DEFAULT_CHECKS: FeedChecks = { staleDays: 7, sizeFactor: 2, onUnusualSize: "warn" };

/** Days for people: 1,345. */
export function renderDays(days: number): string {
  return `${days.toLocaleString("en-US")} ${days === 1 ? "day" : "days"}`;
}

/** From one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
