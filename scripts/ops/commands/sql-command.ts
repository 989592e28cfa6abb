import { writeFileSync } from "node:fs";
import { text as readText } from "node:stream/consumers";
import { Command, Option } from "commander";
import { amountOf } from "../../../etl/core/counted";
import type { StatementResult } from "../../../etl/core/database/statement";
import { UsageError } from "../../../etl/core/errors";
import { printData } from "../../command-line/standard-streams";
import { userPath } from "../../command-line/user-path";
import { Session } from "../session";
import { renderCut, renderResult } from "../sql-result";
import { askDeployed, askLocal } from "../sql-source";

export interface SqlOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly file?: string;
  readonly databaseUrl?: string;
  readonly local?: boolean;
}

/** `ops sql`. */
export function sqlCommand(): Command {
  return new Command("sql")
    .description(
      "Reads the database with one statement, as a role that cannot write: at most 30 s, 10,000 rows and 4 MB. The " +
        "function that runs it logs the statement and your ARN.",
    )
    .argument(
      "<statement>",
      'for example "select * from etl_run order by started desc limit 5"; - reads standard input',
    )
    .addOption(new Option("--csv", "comma-separated values").conflicts("json"))
    .option("--json", "one JSON object: columns, rows (texts, or null), and whether they were cut")
    .option("--file <file>", "writes the result there", userPath)
    .addOption(new Option("--local", "use the embedded database below .millrace/").conflicts("databaseUrl"))
    .option("--database-url <url>", "use this PostgreSQL; its login must be the pipelines'")
    .action((given: string, options: SqlOptions) =>
      Session.run(options, async () => {
        const statement = (given === "-" ? await readText(process.stdin) : given).trim();
        if (statement === "") throw new UsageError("There is no statement", { expected: 'for example "select 1"' });
        const result = await ask(statement, options);
        await write(renderResult(result, options), options);
        if (options.file !== undefined) console.error(`${amountOf(result.rows.length, "row")} in ${options.file}`);
        const note = renderCut(result);
        if (note !== undefined) console.error(note);
      }),
    );
}

function ask(statement: string, { local, databaseUrl }: SqlOptions): Promise<StatementResult> {
  if (local === true || databaseUrl !== undefined) return askLocal(statement, databaseUrl);
  return askDeployed(statement);
}

async function write(text: string, { file }: SqlOptions): Promise<void> {
  if (file === undefined) return printData(text);
  try {
    writeFileSync(file, `${text}\n`);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("The result cannot be written", { got, fix: "Name a file in an existing folder", cause });
  }
}
