import { Command } from "commander";
import { loadConfig } from "../../config/load";
import { inputFile } from "../command-line/user-path";
import { openOrigin } from "./dashboard/report-page";
import { explainFailure } from "./explain-failure";
import { databaseUrlOption, patience } from "./open-database";
import { writePages } from "./pages/write-pages";
import { EMBEDDED_DATABASE, ORDERS_FOLDER, PAGES_FOLDER } from "./places";

interface PagesOptions {
  readonly databaseUrl?: string;
  readonly uploads?: string;
}

/** `etl pages`; calls `setExitCode` with the result. */
export function pagesCommand(setExitCode: (code: number) => void): Command {
  return new Command("pages")
    .description("Writes a page for each pipeline that ran, and an index: the stored data, and the results of runs.")
    .addOption(databaseUrlOption())
    .option("--uploads <file>", "output of `etl metadata`, for its page", inputFile)
    .addHelpText("after", EXAMPLES)
    .action(async (options: PagesOptions) => {
      setExitCode(await makePages(options));
    });
}

const EXAMPLES = `
Columns in \`pages.hide\` of the configuration are on no page. Anything that cannot be read in 20 s is left out.

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
