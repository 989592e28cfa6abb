import { Command, Option } from "commander";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { importTables } from "../../../etl/core/export/import-tables";
import { cacheFolder } from "../../cloud/environment/cache-folder";
import { userPath } from "../../command-line/user-path";
import { explainFailure } from "../explain-failure";
import { sayNew } from "../feed/former-commands";
import { openDatabase } from "../open-database";
import { openExport } from "./export-folder";

interface ImportOptions {
  readonly from: string;
  readonly rehearse?: true;
  readonly contract?: string;
  readonly databaseUrl?: string;
}

/** `etl import`; calls `setExitCode` with the result. */
export function importCommand(setExitCode: (code: number) => void): Command {
  return new Command("import")
    .description(
      "Restores what `export` wrote into an empty database, in one transaction: checksums and the hash of each table's rows must be " +
        "those of the export.",
    )
    .requiredOption("--from <folder>", "the export", userPath)
    .option(
      "--rehearse",
      "restores into an empty embedded database in memory, and keeps nothing: whether the export can be restored",
    )
    .addOption(new Option("--contract <name>", "the former name of feed").hideHelp())
    .addOption(
      new Option("--database-url <url>", "a PostgreSQL (default: the embedded one in .millrace/)").env("DATABASE_URL"),
    )
    .action(async (options: ImportOptions) => {
      if (options.contract !== undefined) throw sayNew("import", process.argv.slice(3));
      setExitCode(await importHere(options));
    });
}

async function importHere({ from, rehearse, databaseUrl }: ImportOptions): Promise<number> {
  try {
    const { manifest, open } = await openExport(from);
    const { db, close } = await (rehearse === true
      ? openPglite<unknown>(undefined, { cache: cacheFolder() })
      : openDatabase<unknown>({ databaseUrl }));
    const onTable = (name: string, rows: number) => console.error(`restored ${name}: ${rows} rows`);
    await importTables(db, manifest, { open, onTable }).finally(close);
    for (const what of manifest.without) console.error(`not in the export: ${what}`);
    const tables = `${manifest.tables.length} tables`;
    console.error(
      rehearse === true
        ? `The export can be restored: ${tables}, each with the rows of ${manifest.exported}. Nothing was kept`
        : `${tables} are as they were at ${manifest.exported}`,
    );
    return 0;
  } catch (error) {
    return explainFailure(error);
  }
}
