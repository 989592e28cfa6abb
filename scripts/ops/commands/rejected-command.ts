import { Command } from "commander";
import type { Ask } from "../../../etl/core/mend/read-rejected";
import { userPath } from "../../command-line/user-path";
import { writeRejectedRows } from "../../run/mend/rejected-rows";
import { mendSubject } from "../../run/mend/subject";
import { hasTable } from "../pipeline-names";
import { type Output, Session } from "../session";
import { askDeployed } from "../sql-source";

/** `ops rejected`. */
export function rejectedCommand(): Command {
  return new Command("rejected")
    .description(
      "Writes the open rejected rows of covid or of a feed as a CSV in the source's own columns, with reason and place; personal data may be in it. `mend` loads what was corrected.",
    )
    .argument("<name>", "covid, or a feed")
    .argument("[run]", "only of this run of the run ledger: how its id begins (default: of all runs)")
    .option("--out <file>", "writes a new file (default: standard output)", userPath)
    .action((name: string, run: string | undefined, { out }: Output & { readonly out?: string }) =>
      Session.run({}, async (session) => {
        const subject = mendSubject(name);
        session.pipeline(name, hasTable);
        const request = { subject, run, out, command: `npm run ops -- mend ${name}` };
        for (const line of await writeRejectedRows(askFunction, request)) session.tell(line);
      }),
    );
}

/** The deployed function, which cuts long answers: what is left comes with the next question. */
const askFunction: Ask = async (statement) => {
  const { columns, rows } = await askDeployed(statement);
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
};
