import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { MillraceError } from "../etl/core/errors";
import { cacheFolder } from "./cloud/environment/cache-folder";
import { findCloudPrograms } from "./cloud/environment/programs";
import { simulatorModules } from "./cloud/environment/simulator-modules";
import { runCommand } from "./command-line/run-command";
import { inputFile, inputFolder, userPath } from "./command-line/user-path";
import { judge, missingSuites } from "./project/permissions/judge";
import { breakIt, prove } from "./project/permissions/prove";
import { readReasons } from "./project/permissions/reasons";
import { readRecordings } from "./project/permissions/recording";
import { renderPermissions } from "./project/permissions/render";
import { Simulator } from "./project/permissions/simulator";
import { seeded } from "./project/samples/seeded";

const root = resolve(__dirname, "..");

interface Options {
  readonly check?: true;
  readonly file: string;
  readonly recordings: string;
  readonly reasons: string;
  readonly seed: number;
}

/** Grants that are removed to see whether the check notices; each role loses at least one. */
const REMOVALS = 40;
const EXPLAIN =
  "Grant what is refused, remove what is unused, or give the reason in scripts/project/permissions/reasons.json.";
const RENEW = "Run `npm run test:e2e`, then `npm run permissions`, and commit the file.";

const say = (text: string) => console.error(`permissions: ${text}`);

const program = new Command("npm run permissions --")
  .description("Writes docs/permissions.md: each role's grants, and what it called in the end-to-end suite.")
  .option("--check", "write nothing; fail if something is refused, unused without a reason, or the page is outdated")
  .option("--file <path>", "the page", userPath, join(root, "docs/permissions.md"))
  .option(
    "--recordings <folder>",
    "the recordings of `npm run test:e2e`",
    inputFolder,
    join(root, ".millrace/decisions"),
  )
  .option(
    "--reasons <file>",
    "reasons for grants that no run uses",
    inputFile,
    join(root, "scripts/project/permissions/reasons.json"),
  )
  .option("--seed <number>", "seed that selects the grants to remove, to see that the check notices", Number, 1)
  .action(async ({ check, file, recordings: folder, reasons: reasonsFile, seed }: Options) => {
    const name = relative(process.cwd(), file);
    const recordings = readRecordings(folder);
    const reasons = readReasons(reasonsFile);
    const missing = missingSuites(recordings, reasons);
    if (missing.length > 0) return notRecorded(missing, folder);
    const simulator = new Simulator(await simulatorModules(cacheFolder(), say));
    try {
      const proof = await prove(recordings, simulator);
      const page = renderPermissions(proof, reasons);
      if (check === undefined) {
        writeFileSync(file, page);
        console.log(`${name} is written`);
      }
      refuse(judge(proof, reasons), "The permissions are not proven", EXPLAIN);
      refuse(differences(readFileSync(file, "utf8"), page), `${name} is outdated`, RENEW);
      const { lost, unnoticed } = await breakIt(proof, { atLeast: REMOVALS, random: seeded(seed), simulator });
      refuse(unnoticed, `The proof does not notice what it should (seed ${seed})`, "Fix scripts/permissions.");
      for (const line of lost) console.log(line);
      console.log(
        `${name} matches the recordings of ${recordings.length} suites; each of ${lost.length} removed grants was noticed`,
      );
    } finally {
      await simulator.stop();
    }
  });

/** @throws MillraceError unless there are none; each is printed on its own line before */
function refuse(faults: readonly string[], what: string, fix: string): void {
  if (faults.length === 0) return;
  for (const fault of faults) console.log(fault);
  throw new MillraceError(what, { got: `${faults.length} faults, above`, fix });
}

/** Nothing is proven if a part is missing: a warning if this machine cannot record it, otherwise a failure. */
function notRecorded(suites: readonly string[], folder: string): void {
  const { missing } = findCloudPrograms();
  if (missing.length === 0) {
    throw new MillraceError("Recordings are missing to prove all permissions", {
      got: `no recording of ${suites.join(", ")} in ${relative(process.cwd(), folder)}`,
      fix: "Run `npm run test:e2e` first.",
    });
  }
  console.log(`PERMISSIONS ARE NOT CHECKED: ${suites.join(", ")} recorded nothing, since this machine lacks`);
  for (const { name, remedy } of missing) console.log(`  ${name}: ${remedy}`);
}

/** The first line that differs. */
function differences(was: string, is: string): readonly string[] {
  const [old, now] = [was.split("\n"), is.split("\n")];
  const line = [...old.keys(), ...now.keys()].find((index) => old[index] !== now[index]);
  if (line === undefined) return [];
  return [`line ${line + 1} is ${JSON.stringify(old[line] ?? "")}, recorded was ${JSON.stringify(now[line] ?? "")}`];
}

runCommand(program);
