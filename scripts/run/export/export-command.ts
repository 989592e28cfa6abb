import { Command } from "commander";
import { counted } from "../../../etl/core/counted";
import { exportTables } from "../../../etl/core/export/export-tables";
import { contracts } from "../../../etl/feeds/feeds";
import { shellWord } from "../../command-line/shell-word";
import { outputFolder } from "../../command-line/user-path";
import { explainFailure } from "../explain-failure";
import { databaseUrlOption, openDatabase } from "../open-database";
import { beginExport, endExport } from "./export-folder";

interface ExportOptions {
  readonly to: string;
  readonly databaseUrl?: string;
}

/** `etl export`; calls `setExitCode` with the result. */
export function exportCommand(setExitCode: (code: number) => void): Command {
  return new Command("export")
    .description(
      "Writes all tables of the database, ledgers too, as they are at one moment: a compressed CSV for each, and export.json with " +
        "columns, contracts, checksums and hashes of the rows. `import` restores it.",
    )
    .requiredOption("--to <folder>", "a new folder", outputFolder)
    .addOption(databaseUrlOption())
    .action(async (options: ExportOptions) => setExitCode(await exportHere(options)));
}

async function exportHere({ to, databaseUrl }: ExportOptions): Promise<number> {
  try {
    const { keep } = await beginExport(to);
    const { db, close } = await openDatabase<unknown>({ databaseUrl });
    const contractOf = (name: string) => contracts.find(({ table }) => table === name);
    const onTable = (name: string, rows: number) => console.error(`exported ${name}: ${counted(rows, "row")}`);
    const manifest = await exportTables(db, { keep, contractOf, onTable }).finally(close);
    await endExport(to, manifest);
    for (const what of manifest.without) console.error(`not exported: ${what}`);
    const { length } = manifest.tables;
    const [what, them] = [
      `${counted(length, "table")} ${length === 1 ? "is" : "are"} in ${to}`,
      length === 1 ? "it" : "them",
    ];
    console.error(`${what}. To restore ${them}: npm run etl -- import --from ${shellWord(to)}`);
    return 0;
  } catch (error) {
    return explainFailure(error);
  }
}
