import { Command } from "commander";
import { printData } from "../../command-line/standard-streams";
import { renderResult } from "../../ops/sql-result";
import { askLocal } from "../../ops/sql-source";
import { explainFailure } from "../explain-failure";
import { databaseUrlOption } from "../open-database";
import { readAsOf } from "./as-of";
import { historySubject } from "./subject";

/** `etl as-of`; calls `setExitCode` with the result. */
export function asOfCommand(setExitCode: (code: number) => void): Command {
  return new Command("as-of")
    .description("Prints a table as it was at a time, and since when that is known.")
    .argument("<name-or-path>", "covid, a feed, or a contract in JSON")
    .argument("<time>", "2026-11-29T07:30, with a zone or in UTC")
    .addOption(databaseUrlOption())
    .option("--csv", "comma-separated values")
    .action(async (name: string, time: string, options: { readonly databaseUrl?: string; readonly csv?: boolean }) => {
      setExitCode(await printAsOf(name, time, options));
    });
}

async function printAsOf(name: string, time: string, { databaseUrl, csv }: { databaseUrl?: string; csv?: boolean }) {
  try {
    const subject = historySubject(name);
    const { begins, ...result } = await readAsOf((statement) => askLocal(statement, databaseUrl), subject, time);
    await printData(renderResult(result, { csv }));
    console.error(`the history of ${subject.table} begins at ${begins}`);
    return 0;
  } catch (error) {
    return explainFailure(error);
  }
}
