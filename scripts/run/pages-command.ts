import { Command, Option } from "commander";
import { loadConfig } from "../../config/load";
import { userPath } from "../command-line/user-path";
import { openOrigin } from "./dashboard/report-page";
import { explainFailure } from "./explain-failure";
import { patience } from "./open-database";
import { writePages } from "./pages/write-pages";
import { EMBEDDED_DATABASE, ORDERS_FOLDER, PAGES_FOLDER } from "./places";

interface PagesOptions {
  readonly databaseUrl?: string;
  readonly uploads?: string;
}

/** `etl pages`; tells `setExitCode` whether they were written. */
export function pagesCommand(setExitCode: (code: number) => void): Command {
  return new Command("pages")
    .description(
      "Writes a page for each pipeline that ran, and an index of all: what is stored, and how the runs went.",
    )
    .addOption(
      new Option("--database-url <url>", "a PostgreSQL (default: the embedded one in .millrace/)").env("DATABASE_URL"),
    )
    .option("--uploads <file>", "what `etl metadata` printed, for a page of it", userPath)
    .addHelpText("after", EXAMPLES)
    .action(async (options: PagesOptions) => {
      setExitCode(await makePages(options));
    });
}

const EXAMPLES = `
Columns that \`pages.hide\` of the configuration names are on no page of a table. What cannot be read in 20 s is left out.

Examples:
  npm run etl -- pages
  npm run etl -- pages --database-url postgres://me@localhost/shop`;

async function makePages({ databaseUrl, uploads }: PagesOptions): Promise<number> {
  try {
    const { hide } = loadConfig().pages;
    const database = await openOrigin({ databaseUrl, directory: EMBEDDED_DATABASE, patience: patience() });
    try {
      const onFailure = (section: string, error: unknown) => {
        const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
        console.error(`warning: ${section} could not be read: ${reason}`);
      };
      const options = { hide, onFailure, ordersFolder: ORDERS_FOLDER, uploads };
      const { path, pages } = await writePages(database?.db, PAGES_FOLDER, options);
      console.log(`${pages} ${pages === 1 ? "page" : "pages"}, and an index of all: ${path}`);
      return 0;
    } finally {
      await database?.close();
    }
  } catch (error) {
    return explainFailure(error);
  }
}
