import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";

/** Spans in days back from now, read in this order: the newest first, as far as time allows. */
const ENDS = [0, 1, 7, 30, 90, 365, 3653] as const;
const DAY_MS = 86_400_000;
/** A word that only the function's summary lines have. */
const PATTERN = '"last_modified"';

export interface LoggedSummary {
  readonly content_type: string | null;
  /** KiB. */
  readonly size: number;
  readonly last_modified: string;
}

/**
 * The uploads logged by the function of `metadata`, the newest span of time first. After `until` no further span is
 * begun.
 *
 * Needs logs:FilterLogEvents on the log group.
 *
 * @returns the time since which all uploads were read, if there was not enough time for the others
 */
export async function* readLoggedUploads(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { now, hasTime }: { readonly now: Date; readonly hasTime: () => boolean },
): AsyncGenerator<LoggedSummary, Date | undefined> {
  for (const [index, days] of ENDS.slice(1).entries()) {
    // Both ends are inclusive, so this avoids duplicates.
    const endTime = now.getTime() - (ENDS[index] ?? 0) * DAY_MS - 1;
    const query = { logGroupName, filterPattern: PATTERN, startTime: now.getTime() - days * DAY_MS, endTime };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, query)) {
      if (!hasTime()) return new Date(endTime);
      for (const { message = "" } of events) {
        const summary = summaryOf(message);
        if (summary !== undefined) yield summary;
      }
    }
  }
  return undefined;
}

/** Nothing for other lines. */
function summaryOf(line: string): LoggedSummary | undefined {
  try {
    const { message, summary } = JSON.parse(line);
    const isOne =
      message === "object" && typeof summary?.size === "number" && !Number.isNaN(Date.parse(summary.last_modified));
    return isOne ? summary : undefined;
  } catch {
    return undefined;
  }
}
