import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { MillraceError, UsageError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { ScratchCopy } from "./project/weaken/copy";
import { judge, type Verdict } from "./project/weaken/judge";
import { weakenings } from "./project/weaken/list";
import { joinGates, runGate, sample } from "./project/weaken/run-gate";
import type { Weakening } from "./project/weaken/weakening";

interface Options {
  readonly sample?: number;
  readonly seed: string;
  readonly only?: string;
  readonly list?: true;
}

const command = new Command("npm run weaken --")
  .description(
    "Weakens a scratch copy of this checkout by one small change after another, and checks that the gate named " +
      "for it refuses each. Exit code 1 if one passes, or is outdated.",
  )
  .option("--sample <number>", "number of weakenings to try, chosen by the seed (default: all)", toCount)
  .option("--seed <text>", "selects which ones", "1")
  .option("--only <text>", "only those whose name or file has this text")
  .option("--list", "list them without trying any")
  .action(async (options: Options) => {
    const chosen = choose(options);
    if (options.list) return console.log(chosen.map(({ name, file }) => `${name} (${file})`).join("\n"));
    const copy = await ScratchCopy.of(resolve(__dirname, ".."));
    try {
      await requireSound(copy, chosen);
      const verdicts: Verdict[] = [];
      for (const weakening of chosen) {
        const verdict = await judge(copy, weakening);
        verdicts.push(verdict);
        console.log(verdict.caught ? `caught: ${verdict.name}` : `LET THROUGH: ${verdict.name}: ${verdict.reason}`);
      }
      const missed = verdicts.filter(({ caught }) => !caught);
      console.log(`${verdicts.length - missed.length} caught, ${missed.length} passed`);
      if (missed.length > 0) {
        throw new MillraceError(`${missed.length} weakenings passed`, {
          fix: "Add the test that catches each, or name the gate that does in scripts/project/weaken/list",
        });
      }
    } finally {
      copy.remove();
    }
  });

function choose({ only, sample: count = weakenings.length, seed }: Options): readonly Weakening[] {
  const named = weakenings.filter(({ name, file }) => only === undefined || name.includes(only) || file.includes(only));
  if (named.length > 0) return count < named.length ? sample(named, count, seed) : named;
  throw new UsageError("No weakening has that text", { got: only, fix: "--list shows them" });
}

/** A gate that fails without a weakening would seem to catch everything. */
async function requireSound(copy: ScratchCopy, chosen: readonly Weakening[]): Promise<void> {
  for (const gate of joinGates(chosen.map((weakening) => weakening.gate))) {
    const { code, output } = await runGate(copy.root, gate);
    if (code === 0) continue;
    const end = output.trimEnd().split("\n").slice(-40).join("\n");
    throw new MillraceError(`The gate fails without any weakening:\n${end}`, { fix: "Fix that first" });
  }
}

function toCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count > 0) return count;
  throw new InvalidArgumentError("expected a number above 0");
}

runCommand(command);
