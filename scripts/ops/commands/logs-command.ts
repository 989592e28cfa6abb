import { Command, InvalidArgumentError } from "commander";
import { FunctionLogs, type LogLine } from "../runs/function-log";
import { renderLine } from "../runs/log-entry";
import { type Output, Session } from "../session";

interface LogsOptions extends Output {
  /** Seconds. */
  readonly since?: number;
  readonly follow?: boolean;
}

const UNITS = { m: 60, h: 3600, d: 24 * 3600 } as const;

/** `ops logs`. */
export function logsCommand(): Command {
  return new Command("logs")
    .description("The logs of a pipeline's functions, in order of time.")
    .argument("<name>", "the pipeline")
    .option("--since <age>", "how far back: 30m, 12h or 7d (default: 1h)", parseAge)
    .option("--follow", "continues until Ctrl-C")
    .option("--json", "one JSON object per line: step, time and the logged text")
    .action((name: string, { since = 3600, follow, json = false }: LogsOptions) =>
      Session.run({ json }, async (session) => {
        const logs = new FunctionLogs(session.aws.logs, session.pipeline(name).functions);
        const from = new Date(Date.now() - since * 1000);
        const print = (line: LogLine) => {
          const text = json ? JSON.stringify(line) : renderLine(line);
          if (text !== undefined) console.log(text);
        };
        if (follow === true) for await (const line of logs.follow(from, untilNobodyReads())) print(line);
        else for (const line of await logs.since(from)) print(line);
      }),
    );
}

/** @returns seconds */
export function parseAge(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit as keyof typeof UNITS];
  throw new InvalidArgumentError("expected a number of minutes, hours or days: 30m, 12h, 7d");
}

function untilNobodyReads(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.stdout.once("error", () => stop.abort());
  return stop.signal;
}
