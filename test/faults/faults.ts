import { randomInt } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import { runCommand } from "../../scripts/command-line/run-command";
import { postgresMissing } from "../support/servers/postgres";
import { allCases, parseCase, runCase, shuffle } from "./cases";
import { nameOf } from "./fault";
import { diskMissing, FaultStage } from "./stage";
import { createSubjects } from "./subjects/subjects";

interface FaultsOptions {
  readonly minutes: number;
  readonly seed?: number;
  readonly case?: string;
}

/** `npm run faults`: every fault in every phase of every command, in an order of chance, for as long as one likes. */
async function tryFaults({ minutes, seed: given, case: only }: FaultsOptions): Promise<void> {
  if (postgresMissing !== undefined) throw new Error(postgresMissing);
  if (diskMissing !== undefined) console.log(`without full disks: ${diskMissing}`);
  const until = Date.now() + minutes * 60_000;
  let seed = given ?? randomInt(2 ** 31);
  let [tried, failed] = [0, 0];
  const stage = await FaultStage.start();
  try {
    const subjects = await createSubjects(stage);
    do {
      console.log(`seed ${seed}`);
      const one = only === undefined ? undefined : parseCase(only, seed);
      const cases = only === undefined ? shuffle(allCases(subjects, seed), seed) : [one ?? fail(only)];
      for (const each of cases) {
        if (tried > 0 && Date.now() > until) break;
        const began = Date.now();
        const wrong = await runCase(subjects, each);
        tried += 1;
        const seconds = ((Date.now() - began) / 1000).toFixed(1);
        console.log(`${wrong.length === 0 ? "ok  " : "FAIL"} ${nameOf(each)} (${seconds} s)`);
        if (wrong.length === 0) continue;
        failed += 1;
        console.log(wrong.map((line) => `     ${line}`).join("\n"));
      }
      seed += 1;
    } while (Date.now() < until);
  } finally {
    await stage.close();
  }
  console.log(`${tried} cases, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function fail(text: string): never {
  throw new InvalidArgumentError(`--case: got ${text}, expected command/phase/fault as the list shows them`);
}

function wholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number");
}

void runCommand(
  new Command("npm run faults --")
    .description("Stops each command at each of its phases by each fault, and looks whether what it says is true.")
    .option("--minutes <n>", "how long; 0: each case once, or --case alone", wholeNumber, 10)
    .option("--seed <n>", "seed of the random choices (default: a new one)", wholeNumber)
    .option("--case <command/phase/fault>", "only this case")
    .action(tryFaults),
);
