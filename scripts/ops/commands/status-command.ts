import { Command } from "commander";
import { counted } from "../../../etl/core/counted";
import type { PipelineNames } from "../pipeline-names";
import { DeployedQueue, type QueueCounts } from "../queue";
import { renderDuration, renderSeconds, renderTime } from "../render";
import { describeOutput } from "../runs/describe-output";
import { type FeedProgress, feedProgress } from "../runs/feed-progress";
import { describeFailure } from "../runs/follow-run";
import { FunctionLogs } from "../runs/function-log";
import { enteredStates, failedStep } from "../runs/run-history";
import type { Run, StateMachine } from "../runs/state-machine";
import { type Output, Session } from "../session";

/** `ops status`. */
export function statusCommand(): Command {
  return new Command("status")
    .description("The state of a pipeline: its last run, or the messages of its queue, and its dead letters.")
    .argument("<name>", "the pipeline")
    .option("--json", "one JSON object")
    .action((name: string, output: Output) =>
      Session.run(output, async (session) => {
        const pipeline = session.pipeline(name);
        await (pipeline.files === undefined
          ? showRun(session, pipeline)
          : showQueue(session, pipeline, pipeline.files));
      }),
    );
}

async function showRun(session: Session, pipeline: PipelineNames): Promise<void> {
  const { name, starts } = pipeline;
  const machine = await session.machine(pipeline);
  const deadLetters = await session.countDeadLetters(pipeline);
  const [run] = await machine.newest(1);
  const state = run === undefined ? undefined : await describeRun(machine, run);
  const progress = run?.ended === undefined && run !== undefined ? await progressOf(session, pipeline, run) : undefined;
  const lines = [
    `${name}: ${starts}`,
    ...(run === undefined || state === undefined
      ? ["last run: none yet"]
      : [`last run: ${run.name}, ${renderTime(run.started)}, ${renderDuration(run, new Date())}`, state.text]),
    ...(progress === undefined ? [] : [describeProgress(progress)]),
    describeDeadLetters(name, deadLetters),
  ];
  session.show(lines.join("\n"), { pipeline: name, starts, run, ...state?.json, progress, deadLetters });
}

async function describeRun(machine: StateMachine, run: Run) {
  const { status = "", output, error, cause } = await machine.describe(run);
  if (status === "SUCCEEDED") {
    const result: unknown = JSON.parse(output ?? "null");
    return { text: `succeeded: ${describeOutput(result)}`, json: { output: result } };
  }
  const history = await machine.history(run);
  if (status === "RUNNING") {
    const at = enteredStates(history).at(-1) ?? "its start";
    return { text: `running, at ${at}`, json: { at } };
  }
  const failure = { status, step: failedStep(history), error, cause };
  return { text: describeFailure(failure), json: { failure } };
}

/** A feed's run is long enough to show progress. */
async function progressOf(session: Session, { kind, functions }: PipelineNames, run: Run) {
  if (kind !== "feeds") return undefined;
  return feedProgress(await new FunctionLogs(session.aws.logs, functions).since(run.started), run.arn, new Date());
}

function describeProgress({ chunks, done, rows, seconds, rowsPerSecond, secondsLeft }: FeedProgress): string {
  const left = secondsLeft === undefined ? "" : `, about ${renderSeconds(secondsLeft)} left`;
  return `chunks: ${done} of ${chunks}, ${counted(rows, "row")} in ${renderSeconds(seconds)}, ${rowsPerSecond} rows/s${left}`;
}

async function showQueue(session: Session, pipeline: PipelineNames, files: string): Promise<void> {
  const { name, starts } = pipeline;
  const counts = await (await DeployedQueue.find(session.aws.sqs, files)).counts();
  const deadLetters = await session.countDeadLetters(pipeline);
  const lines = [`${name}: ${starts}`, describeCounts(counts), describeDeadLetters(name, deadLetters)];
  session.show(lines.join("\n"), { pipeline: name, starts, queue: counts, deadLetters });
}

function describeCounts({ waiting, inFlight, delayed }: QueueCounts): string {
  return `events of objects: ${waiting} waiting, ${inFlight} in work, ${delayed} delayed`;
}

function describeDeadLetters(name: string, count: number): string {
  return `dead letters: ${count}${count === 0 ? "" : ` (npm run ops -- redrive ${name}, once their cause is fixed)`}`;
}
