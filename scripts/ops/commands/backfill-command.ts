import { setTimeout as wait } from "node:timers/promises";
import { Command, Option } from "commander";
import { runShapes } from "../../../config/pages";
import { counted } from "../../../etl/core/counted";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import type { RunShape } from "../../../etl/core/prices/run-cost";
import { toDay } from "../../command-line/to-day";
import type { BackfillWork, PlannedRun, Range } from "../backfill/backfill-work";
import { hasSourcesOfDays, planDays } from "../backfill/plan-days";
import { planObjects } from "../backfill/plan-objects";
import { toDays } from "../backfill/windows";
import { hasTable, type PipelineNames } from "../pipeline-names";
import { followRun } from "../runs/follow-run";
import type { StateMachine } from "../runs/state-machine";
import { type Output, Session } from "../session";
import { askDeployed } from "../sql-source";

interface Options extends Output, Range {
  readonly dryRun?: boolean;
}

const POLL_MS = 1_000;
/** So many of the newest runs are asked whether they are running. */
const LOOKED_AT = 20;

/** `ops backfill`. */
export function backfillCommand(): Command {
  return new Command("backfill")
    .description(
      "Loads a feed's objects of a range of days that are not loaded yet, the oldest first: the day in an object's key counts; or for covid with {date} in an " +
        "address the days that are not loaded. One run for each window, one after the other, and never beside another run. It says first what that takes, and stops at the first run that fails; the same command goes on from there.",
    )
    .argument("<name>", "the feed, or covid")
    .requiredOption("--from <day>", "the first day, YYYY-MM-DD", toDay)
    .requiredOption("--to <day>", "the last day", toDay)
    .addOption(new Option("--window <days>", "days of one run, for example 7d").argParser(toDays).default(1, "1d"))
    .option("--again", "also what is loaded; of a feed, the newest object still wins")
    .option("--dry-run", "only says what it would take")
    .option("--json", "one JSON object")
    .action((name: string, options: Options) =>
      Session.run(options, async (session) => backfill(session, session.pipeline(name, hasTable), options)),
    );
}

async function backfill(session: Session, pipeline: PipelineNames, options: Options): Promise<void> {
  const { name } = pipeline;
  const { from, to } = options;
  if (from > to) throw new UsageError("--from is after --to", { got: `${from}, ${to}` });
  const { runs, notes, estimated, facts } = await plan(session, pipeline, options);
  const told = { pipeline: name, from, to, ...facts };
  for (const note of notes) session.tell(note);
  if (runs.length === 0) {
    session.show(`Nothing to do for ${name} from ${from} to ${to}`, told);
    return;
  }
  if (options.dryRun === true) {
    session.show([estimated, ...runs.map((run) => `  ${label(run)}: ${run.loads}`)].join("\n"), told);
    return;
  }
  session.tell(estimated);
  const machine = await session.machine(pipeline);
  for (const [at, run] of runs.entries()) await runOne(session, machine, name, run, `${at + 1} of ${runs.length}`);
  session.show(`${counted(runs.length, "run")} of ${name} succeeded`, told);
}

async function plan(session: Session, pipeline: PipelineNames, range: Range): Promise<BackfillWork> {
  const { config } = session;
  const shape = shapeOf(session, pipeline.name);
  if (pipeline.name === "covid" && (await hasSourcesOfDays(config, askDeployed))) {
    return planDays(askDeployed, shape, range);
  }
  return planObjects(session, pipeline, { read: askDeployed, shape }, range);
}

async function runOne(session: Session, machine: StateMachine, name: string, planned: PlannedRun, place: string) {
  await session.waiting(
    () =>
      `nothing of ${label(planned)}, ${place}, was begun. What earlier runs loaded stays; the same command goes on from there`,
    () => untilFree(session, machine),
  );
  const run = await machine.start(JSON.stringify(planned.input));
  session.tell(`${label(planned)}, ${place}: run ${run.name} of ${planned.loads}`);
  const rest = `. That is ${label(planned)}, ${place}; later ones were not begun. The same command goes on from there`;
  await followRun(session, machine, run, { onState: () => undefined, rest }).catch((cause: unknown) => {
    throw new MillraceError(`The backfill stopped at ${label(planned)}, ${place}`, {
      got: cause instanceof Error ? cause.message : String(cause),
      fix: `What earlier runs loaded stays. After fixing the cause, the same command goes on from there (with --again: with --from ${planned.from})`,
      where: { source: name },
      cause,
    });
  });
}

/** A feed has one run at a time, and a replay beside another one would fail; runs of `covid` would not be in the order of their days. */
async function untilFree(session: Session, machine: StateMachine): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const running = (await machine.newest(LOOKED_AT)).find(({ status }) => status === "RUNNING");
    if (running === undefined) return;
    if (!isTold) session.tell(`waiting for the end of run ${running.name}`);
    await wait(POLL_MS);
  }
}

function shapeOf({ config }: Session, name: string): RunShape {
  const shape = runShapes(config).find((text) => text.startsWith(`${name} `));
  const [, engine, memory] = shape?.split(" ") ?? [];
  return { engine: engine as RunShape["engine"], memoryMb: Number(memory), region: config.aws.region };
}

function label({ from, to }: PlannedRun): string {
  return from === to ? from : `${from} to ${to}`;
}
