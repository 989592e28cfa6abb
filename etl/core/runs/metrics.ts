/**
 * What steps count, in CloudWatch's namespace `millrace`. A step gives all counts of its kind, and the dashboard and the alarms name no others:
 * a graph of what nobody counts is empty, and looks like a quiet day.
 */
export const COUNTS = {
  /** Of each load of `covid`. */
  records: ["inserted", "updated", "unchanged", "rejected"],
  /** Of each chunk of a feed, or of its whole run where one function loads it. */
  rows: ["inserted", "updated", "unchanged", "superseded", "rejected", "chunks"],
  /** Of each batch of `orders` that was sent; `untold` are warnings of what could not be told or kept besides. */
  messages: ["batches", "first", "corrected", "repeated", "unchanged", "forgotten", "missing", "rejected", "untold"],
} as const;

export type Counted = keyof typeof COUNTS;
export type CountName<Kind extends Counted> = (typeof COUNTS)[Kind][number];
