import { Command, Option } from "commander";
import type { Config } from "../../../config/schema";
import { sectionsOf } from "../../../config/sections";
import { UsageError } from "../../../etl/core/errors";
import { RADAR_COLUMNS, radarStatement } from "../../../etl/core/runs/revision-radar";
import { printData } from "../../command-line/standard-streams";
import { toDay } from "../../command-line/to-day";
import { Session } from "../session";
import { renderCut, renderResult } from "../sql-result";
import { askDeployed, askLocal } from "../sql-source";

interface RevisionsOptions {
  readonly since: string;
  readonly json?: boolean;
  readonly local?: boolean;
  readonly databaseUrl?: string;
}

/** Pipelines without a table; feeds upsert without keeping old values. */
const WITHOUT_REVISIONS = ["orders", "metadata"];
const DEFAULT_DAYS = 90;

/** `ops revisions`. */
export function revisionsCommand(): Command {
  return new Command("revisions")
    .description("How many records each run revised, how far back, and by how much; the newest run first.")
    .argument("<name>", "the pipeline")
    .addOption(
      new Option("--since <day>", "runs from this day on, YYYY-MM-DD")
        .argParser(toDay)
        .default(daysAgo(DEFAULT_DAYS), `${DEFAULT_DAYS} days ago`),
    )
    .option("--json", `one JSON object: columns, rows (texts, or null; ${RADAR_COLUMNS.join(", ")})`)
    .addOption(new Option("--local", "use the embedded database below .millrace/").conflicts("databaseUrl"))
    .option("--database-url <url>", "use this PostgreSQL; its login must be the pipelines'")
    .action((name: string, options: RevisionsOptions) =>
      Session.run(options, async (session) => {
        const { since, local = false, databaseUrl } = options;
        refuseWithout(name, session.config);
        const statement = radarStatement(name, since);
        const isHere = local || databaseUrl !== undefined;
        const result = isHere ? await askLocal(statement, databaseUrl) : await askDeployed(statement);
        const none = result.rows.length === 0 && options.json !== true;
        await printData(none ? `No run of ${name} revised anything since ${since}` : renderResult(result, options));
        const note = renderCut(result);
        if (note !== undefined) session.tell(note);
      }),
    );
}

function refuseWithout(name: string, config: Config): void {
  const revising = Object.keys(config.pipelines).filter((pipeline) => !WITHOUT_REVISIONS.includes(pipeline));
  if (revising.includes(name)) return;
  throw new UsageError(
    sectionsOf(config).some((section) => section.name === name)
      ? `${name} keeps no revisions`
      : "There is no such pipeline",
    {
      got: JSON.stringify(name),
      expected: revising.join(", "),
    },
  );
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
