import { createHash } from "node:crypto";
import { type ProgramResult, runProgram } from "../../command-line/run-program";
import type { Gate } from "./weakening";

/** Runs a gate in a copy. Its output has no colours, on any terminal. */
export function runGate(root: string, gate: Gate): Promise<ProgramResult> {
  const args = "tests" in gate ? ["test", "--", "--maxWorkers", "1", ...gate.tests] : ["run", "--silent", gate.script];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  return runProgram("npm", args, { cwd: root, env, accept: [0, 1, 2] });
}

/** The gates of some weakenings, each once; tests together, since the start of jest takes most of the time. */
export function joinGates(gates: readonly Gate[]): readonly Gate[] {
  const tests = gates.flatMap((gate) => ("tests" in gate ? gate.tests : []));
  const scripts = gates.flatMap((gate) => ("script" in gate ? [gate.script] : []));
  return [
    ...(tests.length > 0 ? [{ tests: [...new Set(tests)] }] : []),
    ...[...new Set(scripts)].map((script) => ({ script })),
  ];
}

/** A sample of `count` items, the same for the same seed. */
export function sample<Item extends { readonly name: string }>(
  items: readonly Item[],
  count: number,
  seed: string,
): readonly Item[] {
  const rank = ({ name }: Item) => createHash("sha256").update(`${seed}\0${name}`).digest("hex");
  return items.toSorted((a, b) => rank(a).localeCompare(rank(b))).slice(0, count);
}
