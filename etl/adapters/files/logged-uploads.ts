import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";

/** Days back from now that are read one after the other: the newest come first, whatever the time suffices for. */
const ENDS = [0, 1, 7, 30, 90, 365, 3653] as const;
const DAY_MS = 86_400_000;
/** A word of the summary that no other line of the function has. */
const PATTERN = '"last_modified"';

export interface LoggedSummary {
  readonly content_type: string | null;
  /** KiB. */
  readonly size: number;
  readonly last_modified: string;
}

/**
 * What the function of `metadata` told of uploads, the newest span of time first. After `until` no further span is begun.
 *
 * Needs logs:FilterLogEvents on the log group.
 *
 * @returns since when all uploads were read, where the time did not suffice for the others
 */
export async function* readLoggedUploads(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { now, hasTime }: { readonly now: Date; readonly hasTime: () => boolean },
): AsyncGenerator<LoggedSummary, Date | undefined> {
  for (const [index, days] of ENDS.slice(1).entries()) {
    // Both ends count: none is told twice.
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

/** Of a line that is another one: nothing. */
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
