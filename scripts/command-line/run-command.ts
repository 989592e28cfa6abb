import { type Command, CommanderError } from "commander";
import { ConfigError } from "../../config/config-error";
import { MillraceError } from "../../etl/core/errors";
import { explainAwsError, isAwsError } from "./explain-aws-error";
import { isWrongUsage } from "./is-wrong-usage";
import { quietSdk } from "./quiet-sdk";
import { surviveLostReaders } from "./standard-streams";
import { StoppedError } from "./stopped-error";

/**
 * Runs a command line to its end and sets the exit code: 0 done, 1 failed, 2 wrong usage or configuration, a
 * signal's own if it stopped it. Failures that the user can act on are shown without a stack.
 */
export async function runCommand(program: Command): Promise<void> {
  surviveLostReaders();
  quietSdk();
  program.addHelpText("after", "\nExit codes: 0 done, 1 it failed, 2 wrong usage or configuration.");
  for (const command of [program, ...program.commands]) {
    command.showHelpAfterError("(--help shows the options)").configureHelp({ helpWidth: 110 }).exitOverride();
  }
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

function explain(cause: unknown): number {
  // commander has printed it already.
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
  const error = isAwsError(cause) ? explainAwsError(cause) : cause;
  const expected = error instanceof MillraceError || error instanceof ConfigError;
  console.error(expected ? `error: ${error.message}` : error);
  if (error instanceof StoppedError) return error.exitCode;
  return isWrongUsage(error) ? 2 : 1;
}
