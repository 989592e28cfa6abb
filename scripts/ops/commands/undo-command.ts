import { Command } from "commander";
import { historySubject } from "../../run/undo/subject";
import { describeConflicts, exitCodeOf, renderUndo, undoToJson } from "../../run/undo/undo-report";
import { callerOf } from "../caller";
import { hasTable } from "../pipeline-names";
import { followRun } from "../runs/follow-run";
import { asLedgerId } from "../runs/ledger-id";
import { undoOrders } from "../runs/undo-orders";
import { readUndoOutput, type Undone } from "../runs/undo-output";
import { type Output, Session } from "../session";

interface UndoOptions extends Output {
  readonly dryRun?: boolean;
  readonly skipConflicts?: boolean;
  readonly cascade?: boolean;
}

/** `ops undo`. */
export function undoCommand(): Command {
  return new Command("undo")
    .description(
      "Undoes what a run did to its table, as a run of its own, and waits for its end: changed rows get their values back, inserted rows are removed. " +
        "Of orders: customers whom a send of a batch changed get their message from before it again, with a higher version. " +
        "A row or customer that was changed since is a conflict: then nothing is done, with exit code 1.",
    )
    .argument("<name>", "covid, a feed, or orders")
    .argument(
      "<run>",
      "how the run's id begins, as etl_run.id has it, or the whole name of its execution, as `ops runs` has it; of orders a batch, acme/20230828, or one of its sends, acme/20230828@2 (default: the newest)",
    )
    .option("--dry-run", "everything but the commit: what would be undone")
    .option("--skip-conflicts", "leave rows and customers that were changed since as they are")
    .option("--cascade", "undo the runs or sends after it, too")
    .option("--json", "one JSON object")
    .action((name: string, run: string, options: UndoOptions) =>
      Session.run(options, async (session) => {
        const { dryRun = false, skipConflicts = false, cascade = false } = options;
        if (name === "orders") {
          process.exitCode = await undoOrders(session, run, { dryRun, skipConflicts, cascade });
          return;
        }
        const { pipeline } = historySubject(name, ["orders"]);
        const { text, report } = await undoDeployed(session, name, { run, dryRun, skipConflicts, cascade });
        const asked = { pipeline, dryRun, skipConflicts, cascade };
        for (const line of describeConflicts(report)) session.tell(line);
        session.show(renderUndo(report, asked, text), undoToJson(report, asked));
        process.exitCode = exitCodeOf(report, asked);
      }),
    );
}

type Asked = Pick<UndoOptions, "dryRun" | "skipConflicts" | "cascade"> & { readonly run: string };

async function undoDeployed(session: Session, name: string, asked: Asked): Promise<Undone> {
  const pipeline = session.pipeline(name, (one) => hasTable(one) || one.name === "orders");
  const machine = await session.machine(pipeline);
  const wanted = { ...asked, run: await asLedgerId(session, pipeline, asked.run) };
  const run = await machine.start(JSON.stringify({ undo: { ...wanted, by: await callerOf(session.config) } }));
  session.tell(`Started ${pipeline.name}: run ${run.name}`);
  const output = await followRun(session, machine, run);
  return readUndoOutput(output, pipeline.name, run.name);
}
