import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command } from "commander";
import { configSchema } from "../config/schema";
import { MillraceError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { readKeys } from "./project/config-docs/keys";
import { renderDocs } from "./project/config-docs/render";

const root = resolve(__dirname, "..");

const program = new Command("config-docs")
  .description("Writes docs/configuration.md from the schema of the configuration.")
  .option("--check", "write nothing; fail when the file is not what the schema says")
  .option("--file <path>", "where it is", resolve(root, "docs/configuration.md"))
  .action(({ check, file }: { check?: true; file: string }) => {
    const docs = renderDocs(readKeys(configSchema));
    const name = relative(process.cwd(), file);
    if (check === undefined) {
      writeFileSync(file, docs);
      console.log(`${name} is written`);
    } else if (readFileSync(file, "utf8") === docs) {
      console.log(`${name} says what the schema says`);
    } else {
      throw new MillraceError(`${name} is stale`, { fix: "Run `npm run docs:config` and commit the file." });
    }
  });

runCommand(program);
