import { isDeepStrictEqual } from "node:util";
import { runProgram } from "../../command-line/run-program";
import type { Checkout } from "./checkout";
import { type Parts, readParts } from "./import-graph";

/** A pipeline or feed whose data a change may change, and why. */
export interface Touched {
  readonly name: string;
  /** The files, packages and settings that differ. */
  readonly by: readonly string[];
}

/** Settings that only say when and where something runs. */
const OF_DEPLOYMENT = [
  "enabled",
  "schedule",
  "resourceName",
  "engine",
  "trigger",
  "reservedConcurrency",
  "notifications",
];

/**
 * The pipelines and feeds whose code, contract, settings or packages differ between two checkouts, by the import graphs of both.
 *
 * @param base with `root` and head in one repository
 */
export async function findTouched(base: Checkout, head: Checkout, ref: string): Promise<readonly Touched[]> {
  const git = async (...args: string[]) => lines((await runProgram("git", args, { cwd: head.root })).stdout);
  const changed = new Set([
    ...(await git("diff", "--name-only", "--no-renames", ref, "--")),
    ...(await git("ls-files", "--others", "--exclude-standard")),
  ]);
  const [before, after] = [await readParts(base), await readParts(head)];
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return names.flatMap((name) => {
    const by = [
      ...filesOf(name, [before, after]).filter((path) => changed.has(path)),
      ...differing(before.get(name), after.get(name)),
      ...(isDeepStrictEqual(settingsOf(base, name), settingsOf(head, name)) ? [] : ["its settings"]),
    ];
    return by.length === 0 ? [] : [{ name, by }];
  });
}

/** What the code sees of a section: without what only Terraform reads. */
export function settingsOf({ settings }: Pick<Checkout, "settings">, name: string): Readonly<Record<string, unknown>> {
  const section = settings.pipelines[name] ?? settings.feeds[name] ?? {};
  return Object.fromEntries(Object.entries(section).filter(([key]) => !OF_DEPLOYMENT.includes(key)));
}

function filesOf(name: string, sides: readonly ReadonlyMap<string, Parts>[]): readonly string[] {
  return [...new Set(sides.flatMap((side) => [...(side.get(name)?.files ?? [])]))].sort();
}

/** Packages of one side only, with their versions: of another version, too. */
function differing(before: Parts | undefined, after: Parts | undefined): readonly string[] {
  const [old, now] = [before?.packages ?? new Set<string>(), after?.packages ?? new Set<string>()];
  if (before === undefined || after === undefined) return [];
  return [
    ...[...now].filter((one) => !old.has(one)),
    ...[...old].filter((one) => !now.has(one)).map((one) => `no ${one}`),
  ];
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
