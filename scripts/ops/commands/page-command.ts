import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import { INDEX_KEY, pageKey } from "../../../etl/report/bucket/publish-pages";
import { outputFolder } from "../../command-line/user-path";
import { AWS_PAGES_FOLDER } from "../../run/places";
import { DeployedPages } from "../deployed-pages";
import { openInBrowser } from "../open-in-browser";
import { type Output, Session } from "../session";

interface Options extends Output {
  readonly folder?: string;
  readonly open?: boolean;
}

/** `ops page`. */
export function pageCommand(): Command {
  return new Command("page")
    .description(
      "Downloads the page of a pipeline's data, with your own credentials, into a file on this machine; without a " +
        "name, all pages and their index.",
    )
    .argument("[name]", "the pipeline, or a page of it (import-sales)")
    .option("--folder <folder>", `where to (default: ${AWS_PAGES_FOLDER}/ENVIRONMENT)`, outputFolder)
    .option("--open", "open it in the browser")
    .option("--json", "one JSON object: path, and when the page was made")
    .action((name: string | undefined, options: Options) =>
      Session.run(options, (session) => fetchPage(session, name, options)),
    );
}

async function fetchPage(session: Session, name: string | undefined, options: Options): Promise<void> {
  const { pages, environment } = session.config;
  const { folder = join(AWS_PAGES_FOLDER, environment), open } = options;
  if (!pages.enabled) {
    throw new UsageError(`Pages are switched off in ${environment}`, {
      fix: `Set pages.enabled in config/${environment}.ts, and deploy; npm run etl -- pages makes them on this machine`,
    });
  }
  const deployed = await DeployedPages.find(session, folder);
  const key = name === undefined ? INDEX_KEY : pageKey(name);
  const found = await deployed.fetch(key);
  if (found === undefined) throw explainMissing(session, name);
  if (name === undefined) await deployed.fetchOthers();
  const made = found.made?.toISOString();
  session.show(`${found.path}${made === undefined ? "" : ` (made ${made})`}`, { ...found, made });
  if (open === true && !(await openInBrowser(pathToFileURL(found.path).href))) {
    session.tell("No browser could be started: open that file in one");
  }
}

/** @throws UsageError if there is no such pipeline at all */
function explainMissing(session: Session, name: string | undefined): MillraceError {
  const machine = name === undefined ? undefined : session.pipeline(name).machine;
  const headline = name === undefined ? "There is no page yet" : `There is no page of ${name} yet`;
  return new MillraceError(headline, {
    fix:
      name !== undefined && machine === undefined
        ? "Wait for the schedule, which makes it within the hour unless pages.refresh says otherwise"
        : `Start a run, whose last step makes it: npm run ops -- start ${name ?? "NAME"} --wait. If a run has ended, the log of the function pages says why there is none`,
  });
}
