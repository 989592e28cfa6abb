import { Command } from "commander";
import { findProgram } from "../../scripts/command-line/find-program";
import { judge } from "./judge";
import { PythonReader } from "./python-reader";

/** `npm run fuzz`: reads made-up CSV in all ways, and compares with Python's csv. */
const command = new Command("npm run fuzz --")
  .description("Reads random CSV, valid and damaged, with every reader, and compares with Python's csv.")
  .option("--minutes <n>", "how long", Number, 1)
  .option("--seed <n>", "the first case", Number, Math.floor(Date.now() / 1000))
  .action(async ({ minutes, seed }: { readonly minutes: number; readonly seed: number }) => {
    const python = new PythonReader(findProgram("python3") ?? "python3");
    const until = Date.now() + minutes * 60_000;
    let at = seed;
    let found = 0;
    for (; Date.now() < until; at += 1) {
      const finding = await judge(at, python);
      if (finding === undefined) continue;
      found += 1;
      console.log(JSON.stringify(finding, undefined, 2));
    }
    python.stop();
    console.log(`${at - seed} cases from seed ${seed} on, ${found} are read otherwise than they should be`);
    process.exitCode = found === 0 ? 0 : 1;
  });

void command.parseAsync();
