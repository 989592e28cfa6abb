import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { configSchema } from "../config/schema";
import { writeJsonSchema } from "../etl/core/contract/schema/json-schema";
import { MillraceError } from "../etl/core/errors";
import { contracts } from "../etl/feeds/feeds";
import { runCommand } from "./command-line/run-command";
import { userPath } from "./command-line/user-path";
import { renderFeed } from "./project/config-docs/feed-page";
import { readKeys } from "./project/config-docs/keys";
import { renderDocs } from "./project/config-docs/render";
import { renderCosts } from "./project/costs-page/render-costs";
import { refuseDoubles } from "./run/feed/contract/contract-files";

const root = resolve(__dirname, "..");
const FEEDS = resolve(root, "docs/feeds");

interface Options {
  readonly check?: true;
  readonly file: string;
  readonly schemaFile: string;
}

const program = new Command("npm run docs:config --")
  .description(
    "Writes docs/configuration.md and docs/contract.schema.json from the schemas of configuration and contract, " +
      "docs/feeds from the contracts, and docs/costs.md from the prices and the stacks.",
  )
  .option("--check", "write nothing; fail if a file does not match its schema")
  .option("--file <path>", "the configuration's page", userPath, resolve(root, "docs/configuration.md"))
  .option("--schema-file <path>", "the contract's JSON Schema", userPath, resolve(root, "docs/contract.schema.json"))
  .action(({ check, file, schemaFile }: Options) => {
    refuseDoubles(contracts);
    const pages = contracts.map((feed) => [join(FEEDS, `${feed.name}.md`), renderFeed(feed)] as const);
    mkdirSync(FEEDS, { recursive: true });
    for (const path of readdirSync(FEEDS).map((name) => join(FEEDS, name))) {
      if (pages.some(([page]) => page === path)) continue;
      if (check !== undefined) throw stale(relative(process.cwd(), path));
      rmSync(path);
    }
    for (const [path, text] of [
      [file, renderDocs(readKeys(configSchema))],
      [schemaFile, writeJsonSchema()],
      [resolve(root, "docs/costs.md"), renderCosts()],
      ...pages,
    ] as const) {
      const name = relative(process.cwd(), path);
      if (check === undefined) {
        writeFileSync(path, text);
        console.log(`${name} is written`);
      } else if (existsSync(path) && readFileSync(path, "utf8") === text) {
        console.log(`${name} is up to date`);
      } else {
        throw stale(name);
      }
    }
  });

function stale(name: string): MillraceError {
  return new MillraceError(`${name} is outdated`, { fix: "Run `npm run docs:config` and commit the file." });
}

runCommand(program);
