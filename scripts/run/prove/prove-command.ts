import { Command, Option } from "commander";
import type { Join } from "../../../etl/pipelines/covid/merge";
import type { MissingRecoveries } from "../../../etl/pipelines/covid/united-states";
import { printResult } from "../../command-line/standard-streams";
import { openLocal } from "../../ops/sql-source";
import { explainFailure } from "../explain-failure";
import { refusalToJson } from "../run-json";
import { historySubject } from "../undo/subject";
import { openLocalObjects, openLocalSource } from "./local-sources";
import { proofToJson, renderProof } from "./proof";
import { proveCovid } from "./prove-covid";
import { proveFeed } from "./prove-feed";
import { readStoredRun } from "./stored-run";

interface ProveOptions {
  readonly databaseUrl?: string;
  readonly join: Join;
  readonly missingRecoveries: MissingRecoveries;
  readonly json?: boolean;
}

/** `etl prove`; calls `setExitCode` with the result. */
export function proveCommand(setExitCode: (code: number) => void): Command {
  return new Command("prove")
    .description(
      "Runs a run again by today's code, from the bytes that it read, in a database in memory: says that its rows are the same, or the first one that differs. Changes nothing.",
    )
    .argument("<name-or-path>", "covid, a feed, or a contract in JSON")
    .argument("<run>", "how the run's id begins")
    .addOption(
      new Option("--database-url <url>", "the PostgreSQL of the run (default: the embedded one in .millrace/)").env(
        "DATABASE_URL",
      ),
    )
    .addOption(new Option("--join <kind>", "of covid: as the run had it").choices(["left", "inner"]).default("left"))
    .addOption(
      new Option("--missing-recoveries <kind>", "of covid: as the run had it")
        .choices(["fail", "keep"])
        .default("fail"),
    )
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .addHelpText("after", "\nExit codes: 0 the same; 1 something differs, or it cannot be proven; 2 wrong usage.")
    .action(async (name: string, run: string, options: ProveOptions) => {
      setExitCode(await proveHere(name, run, options));
    });
}

async function proveHere(name: string, beginning: string, options: ProveOptions): Promise<number> {
  const { databaseUrl, json, ...settings } = options;
  try {
    const { pipeline, feed } = historySubject(name);
    const { ask: read, close } = await openLocal(databaseUrl);
    const prove = async () => {
      const run = await readStoredRun(read, pipeline, beginning);
      if (feed !== undefined) return proveFeed(run, feed, { read, open: openLocalObjects });
      return proveCovid(run, { ...settings, read, open: openLocalSource });
    };
    const proof = await prove().finally(close);
    await printResult(json === true ? proofToJson(proof) : renderProof(proof));
    return proof.outcome === "same" ? 0 : 1;
  } catch (error) {
    if (json === true) console.log(refusalToJson(error));
    return explainFailure(error);
  }
}
