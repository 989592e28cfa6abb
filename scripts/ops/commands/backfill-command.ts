import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { runShapes } from "../../../config/pages";
import { connectionsOf } from "../../../config/schema/feeds";
import { MillraceError } from "../../../etl/core/errors";
import type { RunShape } from "../../../etl/core/prices/run-cost";
import { estimate, readRates, renderEstimate } from "../backfill/estimate";
import { feedOf, planBackfill, type Range } from "../backfill/plan-backfill";
import { toDay, toDays, type Window } from "../backfill/windows";
import type { PipelineNames } from "../pipeline-names";
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
      "Loads a feed's objects of a range of days that are not loaded yet, the oldest first: the day in an object's key counts. One run for each window, one " +
        "after the other, and never beside another run. It says first what that takes, and stops at the first run that fails; the same command goes on from there.",
    )
    .argument("<name>", "the feed")
    .requiredOption("--from <day>", "the first day, YYYY-MM-DD", toDay)
    .requiredOption("--to <day>", "the last day", toDay)
    .option("--window <days>", "days of one run, for example 7d", toDays, 1)
    .option("--again", "also objects that are loaded; the newest still wins")
    .option("--dry-run", "only says what it would take")
    .option("--json", "one JSON object")
    .action((name: string, options: Options) =>
      Session.run(options, async (session) =>
        backfill(
          session,
          session.pipeline(name, ({ kind }) => kind === "feeds"),
          options,
        ),
      ),
    );
}

async function backfill(session: Session, pipeline: PipelineNames, options: Options): Promise<void> {
  const { name } = pipeline;
  const feed = feedOf(session, pipeline);
  const { windows, loaded, undated } = await planBackfill(session, pipeline, askDeployed, options);
  const work = { shape: shapeOf(session, name), atOnce: connectionsOf(feed) };
  const estimated = estimate(windows, await readRates(askDeployed, name), work);
  const facts = { pipeline: name, from: options.from, to: options.to, loaded, undated, ...estimated };
  const days = windows.map(({ from, to, objects }) => ({ from, to, objects: objects.length }));
  const notes = [
    ...(loaded > 0
      ? [`${loaded} objects of the range are loaded already${options.again ? "" : ", and left out"}`]
      : []),
    ...(undated > 0 ? [`${undated} objects have no day in their keys, and are left out`] : []),
  ];
  for (const note of notes) session.tell(note);
  if (windows.length === 0) {
    session.show(`Nothing to do for ${name} from ${options.from} to ${options.to}`, { ...facts, windows: days });
    return;
  }
  if (options.dryRun === true) {
    const lines = days.map(({ from, to, objects }) => `  ${label(from, to)}: ${objects} objects`);
    session.show([renderEstimate(estimated), ...lines].join("\n"), { ...facts, windows: days });
    return;
  }
  session.tell(renderEstimate(estimated));
  const machine = await session.machine(pipeline);
  for (const [at, window] of windows.entries())
    await runWindow(session, machine, name, window, `${at + 1} of ${windows.length}`);
  session.show(`${windows.length} runs of ${name} succeeded`, { ...facts, windows: days });
}

async function runWindow(session: Session, machine: StateMachine, name: string, window: Window, place: string) {
  const { from, to, objects } = window;
  await untilFree(session, machine);
  const run = await machine.start(JSON.stringify({ replay: objects.map(({ key }) => key) }));
  session.tell(`${label(from, to)}, ${place}: run ${run.name} of ${objects.length} objects`);
  await followRun(machine, run, () => undefined).catch((cause: unknown) => {
    throw new MillraceError(`The backfill stopped at ${label(from, to)}, ${place}`, {
      got: cause instanceof Error ? cause.message : String(cause),
      fix: `What earlier runs loaded stays. After fixing the cause, the same command goes on from there (with --again: with --from ${from})`,
      where: { source: name },
      cause,
    });
  });
}

/** A feed has one run at a time: a replay beside another one would fail. */
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

function label(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}
