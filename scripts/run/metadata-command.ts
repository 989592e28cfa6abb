import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { lookup } from "mime-types";
import { UsageError } from "../../etl/core/errors";
import { summarise } from "../../etl/pipelines/metadata/summary";
import { hasReader, printData } from "../command-line/standard-streams";
import { requirePath, userPaths } from "../command-line/user-path";
import { explainFailure } from "./explain-failure";

/** `etl metadata`; calls `setExitCode` at the run's end. */
export function metadataCommand(setExitCode: (code: number) => void): Command {
  return new Command("metadata")
    .description("Prints the pipeline's summary of an uploaded object, for files: one JSON line each.")
    .argument("<file...>", "any files", userPaths)
    .addHelpText("after", EXAMPLES)
    .action(async (files: readonly string[]) => {
      setExitCode(await summariseFiles(files));
    });
}

const EXAMPLES = `
The content type is guessed from the name; a file has no bucket, version, ETag or metadata of its own.

Example:
  npm run --silent etl -- metadata README.md package.json`;

async function summariseFiles(paths: readonly string[]): Promise<number> {
  let exitCode = 0;
  for (const path of paths) {
    if (!hasReader()) break;
    try {
      await printData(JSON.stringify(await summariseFile(path)));
    } catch (error) {
      exitCode = Math.max(exitCode, explainFailure(error));
    }
  }
  return exitCode;
}

async function summariseFile(path: string) {
  requirePath(path);
  const facts = await stat(path).catch((cause: Error) => {
    throw new UsageError("The file cannot be read", { got: cause.message, where: { source: path }, cause });
  });
  if (!facts.isFile()) throw new UsageError("This is not a file", { where: { source: path } });
  const contentType = lookup(path) || undefined;
  return summarise({ key: resolve(path), bytes: facts.size, lastModified: facts.mtime, contentType, metadata: {} });
}
