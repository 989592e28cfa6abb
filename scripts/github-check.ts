import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { trustsOldFormOnly } from "../config/github-subjects";
import { loadConfig } from "../config/load";
import { bootstrapName } from "../config/names";
import type { Config } from "../config/schema";
import { MillraceError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { inputFile } from "./command-line/user-path";
import { askGithub } from "./deliver/github-check/ask-github";
import { checkEnvironment } from "./deliver/github-check/check-environment";
import { checkSubject } from "./deliver/github-check/check-subject";
import { type Checkout, checkWorkflows } from "./deliver/github-check/check-workflows";
import { asText, fillConfig } from "./deliver/github-check/fill-config";
import { parseVariables } from "./deliver/github-check/repository-variables";
import { readSubject } from "./deliver/github-check/token-claims";
import { readWorkflows } from "./deliver/github-check/workflow-file";

const root = resolve(__dirname, "..");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

interface Options {
  readonly variables?: string;
  readonly askGithub?: true;
  readonly subject?: string;
  readonly token?: string;
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
    "Checks that this checkout's workflow files follow the project's rules and, given the repository's variables or a " +
      "token, that they match the configuration of each environment. Sends no requests, unless told to.",
  )
  .option("--variables <file>", "output of `gh variable list --json name,value`, or - for standard input", inputFile)
  .option(
    "--ask-github",
    "ask GitHub for the repository's ids, with `gh api`: missing ones are written into the configuration",
  )
  .option("--subject <text>", "the `sub` of a workflow's token: which roles accept it, and why not")
  .option("--token <file>", "the same for a whole token, or - for standard input", inputFile)
  .option("--environments <names>", "environments to compare with, separated by commas", "dev")
  .action(async ({ variables: file, environments, ...options }: Options) => {
    const configs = environments.split(",").map((name) => loadConfig({ ...process.env, ENVIRONMENT: name.trim() }));
    const problems = [...checkWorkflows(readWorkflows(join(root, ".github/workflows")), checkout)];
    if (file === undefined) {
      console.error("variables are not checked: give them with --variables");
    } else {
      const variables = parseVariables(readText(file), file);
      problems.push(...configs.flatMap((config) => checkEnvironment(config, variables)));
    }
    problems.push(...checkToken(options, configs));
    if (!options.askGithub && configs.some(({ github }) => trustsOldFormOnly(github))) {
      console.error("github.ownerId and github.repositoryId are not set: --ask-github sets them");
    }
    if (options.askGithub) for (const config of configs) problems.push(...(await compareWithGithub(config)));
    if (problems.length > 0) {
      throw new MillraceError(`The GitHub setup has ${problems.length} problems:\n  ${problems.join("\n  ")}\n`, {
        fix: "docs/github-setup.md says what each is for",
      });
    }
    console.log("github:check: no problems found");
  });

function checkToken({ subject, token }: Pick<Options, "subject" | "token">, configs: readonly Config[]) {
  const given = token === undefined ? subject : readSubject(readText(token), token);
  if (given === undefined) return [];
  const verdicts = configs.map((config) => ({ config, ...checkSubject(config, given) }));
  for (const { config, takes } of verdicts) {
    for (const kind of takes) console.log(`${given} may assume the role ${bootstrapName(config, kind)}`);
  }
  // A token is for one environment, so the others may refuse it.
  return verdicts.some(({ takes }) => takes.length > 0)
    ? []
    : [...new Set(verdicts.flatMap(({ problems }) => problems))];
}

async function compareWithGithub(config: Config): Promise<readonly string[]> {
  const { problems, missing } = await askGithub(config);
  if (missing !== undefined) {
    // The loaded file: the one with overrides, if there is one.
    const file = process.env.MILLRACE_CONFIG || join(root, `config/${config.environment}.ts`);
    fillConfig(file, missing);
    console.log(
      `Written into ${relative(process.cwd(), file)}, from GitHub: ${asText(missing)}. Then: npm run bootstrap`,
    );
  }
  return problems;
}

function readText(file: string): string {
  return readFileSync(file === "-" ? 0 : file, "utf8");
}

runCommand(command);
