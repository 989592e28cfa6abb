import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { loadConfig } from "../config/load";
import { MillraceError } from "../etl/core/errors";
import { checkEnvironment } from "./github-check/check-environment";
import { type Checkout, checkWorkflows } from "./github-check/check-workflows";
import { parseVariables } from "./github-check/repository-variables";
import { readWorkflows } from "./github-check/workflow-file";
import { runCommand } from "./run-command";

const root = resolve(__dirname, "..");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

interface Options {
  readonly variables?: string;
  readonly environments: string;
}

const checkout: Checkout = {
  hasFile: (path) => existsSync(join(root, path)),
  hasNpmScript: (name) => Object.hasOwn(scripts, name),
  hasEnvironment: (ENVIRONMENT) => {
    try {
      return loadConfig({ ENVIRONMENT }).environment === ENVIRONMENT;
    } catch {
      return false;
    }
  },
};

const command = new Command("npm run github:check --")
  .description(
    "Checks, without asking GitHub or AWS, that this checkout's workflow files keep the project's rules, and, given the " +
      "repository's variables, that they fit the configuration of each environment.",
  )
  .option("--variables <file>", "what `gh variable list --json name,value` printed, or - for standard input")
  .option("--environments <names>", "which to check the variables of, between commas", "dev")
  .action(({ variables: file, environments }: Options) => {
    const names = environments.split(",").map((name) => name.trim());
    const problems = [...checkWorkflows(readWorkflows(join(root, ".github/workflows")), checkout)];
    if (file === undefined) {
      console.error("variables are not checked: give them by --variables");
    } else {
      const variables = parseVariables(readFileSync(file === "-" ? 0 : file, "utf8"), file);
      for (const ENVIRONMENT of names) {
        problems.push(...checkEnvironment(loadConfig({ ...process.env, ENVIRONMENT }), variables));
      }
    }
    if (problems.length > 0) {
      throw new MillraceError(`The GitHub setup has ${problems.length} problems:\n  ${problems.join("\n  ")}\n`, {
        fix: "docs/github-setup.md says what each is for",
      });
    }
    console.log("github:check: nothing is wrong");
  });

runCommand(command);
