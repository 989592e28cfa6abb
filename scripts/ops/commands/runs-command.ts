import { Command, InvalidArgumentError } from "commander";
import { UsageError } from "../../../etl/core/errors";
import { renderTable } from "../../run/terminal/render-table";
import { renderDuration, renderTime } from "../render";
import { type Output, Session } from "../session";

/** `ops runs`. */
export function runsCommand(): Command {
  return new Command("runs")
    .description(
      "A pipeline's runs, the newest first. Step Functions keeps them for 90 days, the run ledger permanently.",
    )
    .argument("<name>", "the pipeline")
    .option("--limit <n>", "how many", parseCount, 20)
    .option("--json", "one JSON array")
    .action((name: string, { limit, ...output }: Output & { limit: number }) =>
      Session.run(output, async (session) => {
        const pipeline = session.pipeline(name);
        if (pipeline.files !== undefined) {
          throw new UsageError(`${name} has no runs: each object is processed separately`, {
            fix: `npm run ops -- logs ${name} shows each object, npm run ops -- status ${name} what waits`,
          });
        }
        const runs = await (await session.machine(pipeline)).newest(limit);
        const now = new Date();
        const rows = runs.map((run) => [run.name, run.status, renderTime(run.started), renderDuration(run, now)]);
        session.show(renderTable(["RUN", "STATUS", "STARTED", "TOOK"], rows), runs);
      }),
    );
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a number from 1 to 9999");
}
