import { Command } from "commander";
import { sql } from "kysely";
import type { Ask } from "../../../etl/core/mend/read-rejected";
import { userPath } from "../../command-line/user-path";
import { explainFailure } from "../explain-failure";
import { databaseUrlOption, openDatabase } from "../open-database";
import { writeRejectedRows } from "./rejected-rows";
import { mendSubject } from "./subject";

interface RejectedOptions {
  readonly out?: string;
  readonly databaseUrl?: string;
}

/** `etl rejected`; calls `setExitCode` with the result. */
export function rejectedCommand(setExitCode: (code: number) => void): Command {
  return new Command("rejected")
    .description(
      "Writes the open rejected rows of covid or of a feed as a CSV in the source's own columns, with reason and place: correct them, then mend.",
    )
    .argument("<name-or-path>", "covid, a feed, or a contract in JSON")
    .argument("[run]", "only of this run: how its id begins (default: of all runs)")
    .option("--out <file>", "writes a new file (default: standard output)", userPath)
    .addOption(databaseUrlOption())
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, run: string | undefined, options: RejectedOptions) => {
      setExitCode(await writeHere(name, run, options));
    });
}

const EXAMPLES = `
The columns millrace_… say which row it is, and why and where it was rejected: leave them as they are. A value that a
spreadsheet would take for a formula has an apostrophe before it, which mend takes away again.

Examples:
  npm run etl -- rejected sales --out rows.csv
  npm run etl -- rejected covid 3f2a --out rows.csv --database-url postgres://me@localhost/feeds`;

async function writeHere(name: string, run: string | undefined, { out, databaseUrl }: RejectedOptions) {
  try {
    const subject = mendSubject(name);
    const { db, close } = await openDatabase<unknown>({ databaseUrl });
    const ask: Ask = async (statement) => {
      const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(db);
      const textOf = (value: unknown) => (value === null ? null : String(value));
      return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, textOf(value)])));
    };
    const request = { subject, run, out, command: `npm run etl -- mend ${name}` };
    const told = await writeRejectedRows(ask, request).finally(close);
    for (const line of told) console.error(line);
    return 0;
  } catch (error) {
    return explainFailure(error);
  }
}
