import * as z from "zod";
import type { LogLine } from "./function-log";

/** Fields that every line of a function has; of no use in one pipeline's log. */
const ENVELOPE = [
  "level",
  "message",
  "timestamp",
  "service",
  "step",
  "cold_start",
  "function_arn",
  "function_memory_size",
  "function_name",
  "function_request_id",
  "sampling_rate",
  "xray_trace_id",
];

const entrySchema = z.looseObject({ level: z.string(), message: z.string() });
export type LogEntry = z.output<typeof entrySchema>;

/** A line that the function's own logger wrote; undefined for Lambda's lines and for metrics. */
export function parseEntry({ text }: LogLine): LogEntry | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A readable line; undefined if it says nothing about a run. */
export function renderLine(line: LogLine): string | undefined {
  const entry = parseEntry(line);
  const head = `${line.time.toISOString().slice(0, 19).replace("T", " ")} ${line.step}`;
  if (entry === undefined)
    return /^(\{|START|END|REPORT|INIT_START)/.test(line.text) ? undefined : `${head} ${line.text}`;
  const more = Object.entries(entry).filter(([key]) => !ENVELOPE.includes(key));
  const facts = more.length === 0 ? "" : ` ${JSON.stringify(Object.fromEntries(more))}`;
  return `${head} ${entry.level} ${entry.message}${facts}`;
}
