import { readFileSync } from "node:fs";
import { Command } from "commander";
import { UsageError } from "../../../etl/core/errors";
import { inputFile } from "../../command-line/user-path";
import type { PipelineNames } from "../pipeline-names";
import { renderSeconds } from "../render";
import { describeOutput } from "../runs/describe-output";
import { followRun } from "../runs/follow-run";
import { type Output, Session } from "../session";

export interface StartOptions extends Output {
  readonly wait?: boolean;
}

/** `ops start`. */
export function startCommand(): Command {
  return new Command("start")
    .description("Starts a pipeline as its schedule does. The run continues by itself, and notifies as usual.")
    .argument("<name>", "the pipeline")
    .option("--input <file>", "a JSON object for the state machine (default: {}, as from the schedule)", inputFile)
    .option("--wait", "wait until it ends; exit code 1 if it fails")
    .option("--json", "one JSON object")
    .action((name: string, { input, ...options }: StartOptions & { input?: string }) =>
      Session.run(options, async (session) => {
        const pipeline = session.pipeline(name);
        refuseWithoutMachine(pipeline);
        await startRun(session, pipeline, input === undefined ? "{}" : readInput(input), options);
      }),
    );
}

/** Starts a run, and shows it, or with `wait` its end. */
export async function startRun(
  session: Session,
  pipeline: PipelineNames,
  input: string,
  { wait }: StartOptions,
): Promise<void> {
  const { name } = pipeline;
  const machine = await session.machine(pipeline);
  const run = await machine.start(input);
  const started = `Started ${name}: run ${run.name}`;
  if (wait !== true) {
    session.show(`${started}\nnpm run ops -- status ${name} shows its progress`, { pipeline: name, run: run.name });
    return;
  }
  session.tell(started);
  const output = await followRun(session, machine, run);
  const took = renderSeconds((Date.now() - run.started.getTime()) / 1000);
  session.show(`Succeeded after ${took}\n${describeOutput(output)}`, {
    pipeline: name,
    run: run.name,
    status: "SUCCEEDED",
    output,
  });
}

function refuseWithoutMachine({ name, starts, files }: PipelineNames): void {
  if (files === undefined) return;
  throw new UsageError(`${name} cannot be started: each new object starts it`, {
    got: `start ${name}`,
    expected: `a pipeline with a schedule; this one is started by ${starts} in the incoming bucket`,
    fix: `Put an object there (aws s3 cp), or have one read again: npm run ops -- replay ${name} KEY`,
  });
}

function readInput(file: string): string {
  const refuse = (got: string, cause?: unknown) =>
    new UsageError("--input takes a file with a JSON object", {
      got: `${file}: ${got}`,
      expected: "for example {}",
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("no object");
  return JSON.stringify(value);
}
