import { Command, CommanderError } from "commander";
import { quietSdk } from "./command-line/quiet-sdk";
import { surviveLostReaders } from "./command-line/standard-streams";
import { commands } from "./run/commands";
import { explainFailure } from "./run/explain-failure";
import { formerCommands } from "./run/feed/former-commands";
import { refusalToJson } from "./run/run-json";

/** Runs pipelines on this machine: `npm run etl -- --help`. */
async function main(): Promise<number> {
  const program = new Command("npm run etl --")
    .description("Runs a pipeline or a feed on this machine: the code that AWS runs, with other adapters.")
    .addHelpText("after", "\nExit codes: 0 done, 1 the run failed, 2 wrong usage.")
    .configureHelp({ helpWidth: 110 })
    .showHelpAfterError("(--help shows the options)")
    .exitOverride();
  let exitCode = 0;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  for (const command of commands) {
    program.addCommand(command(setExitCode).copyInheritedSettings(program));
  }
  const taken = program.commands.map((command) => command.name());
  for (const former of formerCommands(taken))
    program.addCommand(former.copyInheritedSettings(program).helpOption(false), { hidden: true });
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (process.argv.includes("--json")) console.log(refusalToJson(error));
    return error instanceof CommanderError ? 2 : explainFailure(error);
  }
}

// A file beyond this shell's limit then gives an error, instead of ending the process.
process.on("SIGXFSZ", () => undefined);

surviveLostReaders();
quietSdk();
main().then((code) => {
  process.exitCode = code;
});
