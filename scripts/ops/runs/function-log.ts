import { setTimeout as wait } from "node:timers/promises";
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { MillraceError } from "../../../etl/core/errors";
import { isMissing } from "../aws";

const POLL_MS = 2_000;
/** CloudWatch shows a line some seconds after it was written; a follower reads this far back again. */
const LATE_MS = 30_000;

export interface LogLine {
  readonly step: string;
  readonly time: Date;
  /** As written by the function: JSON, or Lambda's own START, END and REPORT. */
  readonly text: string;
}

/** The logs of a pipeline's functions. */
export class FunctionLogs {
  readonly #client: CloudWatchLogsClient;
  readonly #functions: ReadonlyMap<string, string>;

  /** @param functions names by step */
  constructor(client: CloudWatchLogsClient, functions: ReadonlyMap<string, string>) {
    this.#client = client;
    this.#functions = functions;
  }

  /** Lines since a time, in order of time. @throws MillraceError if a log does not exist */
  async since(moment: Date): Promise<readonly LogLine[]> {
    return (await this.#read(moment)).map(({ line }) => line);
  }

  /** Like {@link since}, and then each new line, until `signal` ends it. */
  async *follow(moment: Date, signal: AbortSignal): AsyncGenerator<LogLine> {
    const seen = new Set<string>();
    for (let from = moment; !signal.aborted; ) {
      for (const { id, line } of await this.#read(from)) {
        if (seen.has(id)) continue;
        seen.add(id);
        yield line;
      }
      from = new Date(Math.max(moment.getTime(), Date.now() - LATE_MS));
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #read(from: Date): Promise<readonly { readonly id: string; readonly line: LogLine }[]> {
    const logs = await Promise.all([...this.#functions].map(([step, name]) => this.#readOne(step, name, from)));
    return logs.flat().sort((a, b) => a.line.time.getTime() - b.line.time.getTime());
  }

  async #readOne(step: string, name: string, from: Date) {
    const found: { id: string; line: LogLine }[] = [];
    const query = { logGroupName: `/aws/lambda/${name}`, startTime: from.getTime() };
    try {
      for await (const { events = [] } of paginateFilterLogEvents({ client: this.#client }, query)) {
        for (const event of events) found.push({ id: event.eventId ?? "", line: lineOf(step, event) });
      }
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new MillraceError("The pipeline is not deployed", {
        got: `no log group ${query.logGroupName}`,
        fix: "Deploy etl, or check ENVIRONMENT, the region and the credentials",
        cause,
      });
    }
    return found;
  }
}

function lineOf(step: string, { timestamp = 0, message = "" }: FilteredLogEvent): LogLine {
  return { step, time: new Date(timestamp), text: message.trimEnd() };
}
