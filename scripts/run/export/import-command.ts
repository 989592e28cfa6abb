import { Command, Option } from "commander";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { counted } from "../../../etl/core/counted";
import { importTables } from "../../../etl/core/export/import-tables";
import { cacheFolder } from "../../cloud/environment/cache-folder";
import { inputPlace } from "../../command-line/user-path";
import { adviseOnImport } from "../advise-here";
import { explainFailure } from "../explain-failure";
import { sayNew } from "../feed/former-commands";
import { onStop } from "../on-stop";
import { databaseUrlOption, openDatabase } from "../open-database";
import { importLedgers } from "./import-ledgers";
import { ImportStop } from "./import-stop";
import { openExport } from "./open-export";

interface ImportOptions {
  readonly from: string;
  readonly rehearse?: true;
  readonly contract?: string;
  readonly databaseUrl?: string;
  readonly ledger?: string;
}

/** `etl import`; calls `setExitCode` with the result. */
export function importCommand(setExitCode: (code: number) => void): Command {
  return new Command("import")
    .description(
      "Restores what `export` wrote into an empty database, in one transaction: checksums and the hash of each table's rows must be " +
        "those of the export.",
    )
    .requiredOption("--from <folder-or-s3-prefix>", "the export, in a folder or at s3://bucket/prefix", inputPlace)
    .option(
      "--rehearse",
      "restores into an empty embedded database in memory, and keeps nothing: whether the export can be restored",
    )
    .addOption(new Option("--contract <name>", "the former name of feed").hideHelp())
    .addOption(databaseUrlOption())
    .addOption(
      new Option(
        "--ledger <table>",
        "an empty DynamoDB table of orders, for the export's ledger, with the credentials and the region of the shell",
      ).conflicts("rehearse"),
    )
    .action(async (options: ImportOptions) => {
      if (options.contract !== undefined) throw sayNew("import", process.argv.slice(3));
      setExitCode(await importHere(options));
    });
}

async function importHere({ from, rehearse, databaseUrl, ledger }: ImportOptions): Promise<number> {
  const stop = new ImportStop(rehearse === true, ledger);
  const release = onStop(() => console.error(stop.tell()));
  try {
    const opened = await openExport(from);
    const { manifest, open } = opened;
    // First: it goes on after a failure, which tables do not.
    await importLedgers(opened, ledger);
    // Of a database that stayed: nothing is to be restored.
    if (manifest.tables.length > 0) {
      const { db, close } = await (rehearse === true
        ? openPglite<unknown>(undefined, { cache: cacheFolder() })
        : openDatabase<unknown>({ databaseUrl }));
      const onTable = (name: string, rows: number) => console.error(`restored ${name}: ${counted(rows, "row")}`);
      await importTables(db, manifest, { open, onTable, onCommit: () => stop.begins("commit") })
        .then(() => stop.begins("done"))
        .finally(close);
    }
    release();
    for (const what of manifest.without) console.error(`not in the export: ${what}`);
    const tables = counted(manifest.tables.length, "table");
    console.error(
      rehearse === true
        ? `The export can be restored: ${tables}, each with the rows of ${manifest.exported}. Nothing was kept`
        : `Restored: ${tables}, with the rows of ${manifest.exported}`,
    );
    return 0;
  } catch (error) {
    release();
    return explainFailure(databaseUrl === undefined ? adviseOnImport(error) : error);
  }
}
