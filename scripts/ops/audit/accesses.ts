import * as z from "zod";
import type { LogLine } from "../runs/function-log";
import { parseEntry } from "../runs/log-entry";

/** A statement of a person, as the function that ran it logged it. */
export interface Access {
  readonly time: Date;
  /** The ARN that the command sent; undefined if the function was called without one, which it refuses. */
  readonly caller?: string;
  readonly statement?: string;
  /** Rows that were answered. */
  readonly rows?: number;
  /** Why none were; also if the function ended without a word. */
  readonly failure?: string;
  /** In CloudTrail's record of the same call: `requestID`. */
  readonly request: string;
}

const beginning = z.object({
  message: z.literal("step begins"),
  function_request_id: z.string(),
  event: z.looseObject({ caller: z.unknown(), statement: z.unknown() }).partial().catch({}),
});
const end = z.union([
  z.object({
    message: z.literal("step done"),
    function_request_id: z.string(),
    result: z.union([
      z.object({ rows: z.number() }),
      z.object({ failure: z.object({ message: z.string() }) }),
      z.object({ refused: z.string() }),
    ]),
  }),
  z.object({
    message: z.literal("step failed"),
    function_request_id: z.string(),
    error: z.object({ message: z.string() }),
  }),
]);

/** Each statement once, in order of time, from the lines of the function's log. */
export function readAccesses(lines: readonly LogLine[]): readonly Access[] {
  const entries = lines.map((line) => ({ line, entry: parseEntry(line) }));
  const ends = new Map(
    entries.flatMap(({ entry }) => {
      const { data } = end.safeParse(entry);
      return data === undefined ? [] : [[data.function_request_id, outcomeOf(data)] as const];
    }),
  );
  return entries.flatMap(({ line, entry }) => {
    const { data } = beginning.safeParse(entry);
    if (data === undefined) return [];
    const { event, function_request_id: request } = data;
    const outcome = ends.get(request) ?? { failure: "no end in the log: still running, out of time, or killed" };
    return [{ time: line.time, caller: text(event.caller), statement: text(event.statement), ...outcome, request }];
  });
}

function outcomeOf(data: z.output<typeof end>): Pick<Access, "rows" | "failure"> {
  if (data.message === "step failed") return { failure: data.error.message };
  const { result } = data;
  if ("rows" in result) return { rows: result.rows };
  return { failure: "refused" in result ? result.refused : result.failure.message };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
