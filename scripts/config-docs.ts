import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command } from "commander";
import { configSchema } from "../config/schema";
import { writeJsonSchema } from "../etl/core/contract/schema/json-schema";
import { MillraceError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { readKeys } from "./project/config-docs/keys";
import { renderDocs } from "./project/config-docs/render";

const root = resolve(__dirname, "..");

interface Options {
  readonly check?: true;
  readonly file: string;
  readonly schemaFile: string;
}

const program = new Command("config-docs")
  .description(
    "Writes docs/configuration.md and docs/contract.schema.json from the schemas of configuration and contract.",
  )
  .option("--check", "write nothing; fail when a file is not what its schema says")
  .option("--file <path>", "where the configuration's page is", resolve(root, "docs/configuration.md"))
  .option("--schema-file <path>", "where the contract's JSON Schema is", resolve(root, "docs/contract.schema.json"))
  .action(({ check, file, schemaFile }: Options) => {
    for (const [path, text] of [
      [file, renderDocs(readKeys(configSchema))],
      [schemaFile, writeJsonSchema()],
    ] as const) {
      const name = relative(process.cwd(), path);
      if (check === undefined) {
        writeFileSync(path, text);
        console.log(`${name} is written`);
      } else if (readFileSync(path, "utf8") === text) {
        console.log(`${name} says what the schema says`);
      } else {
        throw new MillraceError(`${name} is stale`, { fix: "Run `npm run docs:config` and commit the file." });
      }
    }
  });

runCommand(program);
