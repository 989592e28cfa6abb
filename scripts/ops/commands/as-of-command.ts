import { Command } from "commander";
import { printData } from "../../command-line/standard-streams";
import { readAsOf } from "../../run/undo/as-of";
import { historySubject } from "../../run/undo/subject";
import { hasTable } from "../pipeline-names";
import { Session } from "../session";
import { renderResult } from "../sql-result";
import { askDeployed } from "../sql-source";

/** `ops as-of`. */
export function asOfCommand(): Command {
  return new Command("as-of")
    .description("Prints a table as it was at a time, and since when that is known; it reads as `ops sql` does.")
    .argument("<name>", "covid, or a feed")
    .argument("<time>", "2026-11-29T07:30, with a zone or in UTC")
    .option("--csv", "comma-separated values")
    .action((name: string, time: string, { csv }: { readonly csv?: boolean }) =>
      Session.run({}, async (session) => {
        const subject = historySubject(name);
        session.pipeline(name, hasTable);
        const { begins, ...result } = await readAsOf(askDeployed, subject, time);
        await printData(renderResult(result, { csv }));
        session.tell(`the history of ${subject.table} begins at ${begins}`);
      }),
    );
}
