/**
 * The steps' counters, in CloudWatch's namespace `millrace`. A step emits all counters of its kind, and the dashboard
 * and the alarms name no others: a graph of a missing counter is empty, and looks like a quiet day.
 */
export const COUNTS = {
  /** For each load of `covid`. */
  records: ["inserted", "updated", "unchanged", "rejected"],
  /** For each chunk of a feed, or for its whole run if one function loads it. */
  rows: ["inserted", "updated", "unchanged", "superseded", "rejected", "chunks"],
  /**
   * For each sent batch of `orders`; `untold` counts notifications and rejected rows that could not be sent or kept.
   */
  messages: ["batches", "first", "corrected", "repeated", "unchanged", "forgotten", "missing", "rejected", "untold"],
} as const;

export type Counted = keyof typeof COUNTS;
export type CountName<Kind extends Counted> = (typeof COUNTS)[Kind][number];
