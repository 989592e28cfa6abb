import type { CommandEnd } from "../support/processes/run-etl";
import type { Fault } from "./fault";

/** What a database holds after a command. */
export interface Look {
  /** What is in the table, a hash for each part that is there whole or not at all. */
  readonly table: Readonly<Record<string, string>>;
  /** Which parts the ledger has as loaded. */
  readonly loaded: Readonly<Record<string, boolean>>;
  readonly rows: number;
  /** In the order of their beginning. */
  readonly runs: readonly LedgerRun[];
}

export interface LedgerRun {
  readonly status: string;
  readonly inserted: number | null;
  readonly updated: number | null;
  readonly rejected: number | null;
}

/** The states between which every command moves. */
export interface Ends {
  readonly before: Look;
  readonly after: Look;
}

/** That a table holds, part by part, what it held before or what it holds after; and that the ledger says which. */
export function judgeTable({ table, loaded }: Look, { before, after }: Ends): string[] {
  return Object.keys(after.table).flatMap((part) => {
    const [now, old, done] = [table[part], before.table[part], after.table[part]];
    if (now !== old && now !== done) return [`the table is neither the one before nor the one after: ${part}`];
    const isLoaded = loaded[part] === true;
    if (old === done || isLoaded === (now === done)) return [];
    return [`the ledger says that ${part} is ${isLoaded ? "" : "not "}loaded, the table says otherwise`];
  });
}

/** That what a command said is what the ledger says; `known` runs were there before it. */
export function judgeMessage(end: CommandEnd, look: Look, known: number, fault?: Fault): string[] {
  const { code, signal, stdout, stderr } = end;
  const wrong = judgeOutput(end);
  const run = look.runs.slice(known).at(-1);
  const isKilled = fault === "kill" || fault === "SIGINT" || fault === "SIGTERM";
  if (stdout === "")
    return [
      ...wrong,
      ...(isKilled && code !== 0 ? [] : [`it ended with ${signal ?? code} and said nothing: ${stderr}`]),
    ];
  const said = parse(stdout);
  if (said === undefined) return [...wrong, `standard output is not one JSON object: ${stdout}`];
  if (said.status === "succeeded") {
    if (code !== 0 && !isKilled) wrong.push(`it said succeeded, and ended with ${signal ?? code}`);
    if (run?.status !== "succeeded") return [...wrong, `it said succeeded, the ledger says ${run?.status}`];
    const differing = (["inserted", "updated", "rejected"] as const).filter((name) => said[name] !== run[name]);
    return [...wrong, ...differing.map((name) => `it said ${name} ${said[name]}, the ledger ${run[name]}`)];
  }
  if (code === 0) wrong.push("it said failed, and ended with 0");
  // What it says then is how far it knows itself to be.
  if (said.status === "interrupted") return isKilled ? wrong : [...wrong, "nobody interrupted it"];
  if (run?.status !== "succeeded" || /not known whether/.test(String(said.error))) return wrong;
  return [...wrong, `it said failed, the ledger says succeeded: ${said.error}`];
}

/** What no command may do, whatever befalls it. */
export function judgeOutput({ stderr }: CommandEnd): string[] {
  return /^\s+at .+:\d+:\d+\)?$/m.test(stderr) ? [`a stack trace: ${stderr}`] : [];
}

/** That the run after the fault completes, and makes good what the fault left. */
export function judgeNext(end: CommandEnd, look: Look, { before, after }: Ends): string[] {
  if (end.code !== 0) return [`the next run ended with ${end.signal ?? end.code}: ${end.stderr}`];
  const wrong = judgeMessage(end, look, before.runs.length);
  const open = look.runs.filter(({ status }) => status === "running").length;
  if (open > 0) wrong.push(`${open} runs are still running for the ledger`);
  for (const part of Object.keys(after.table)) {
    if (look.table[part] !== after.table[part]) wrong.push(`the next run left ${part} as it was`);
  }
  for (const name of ["inserted", "rejected"] as const) {
    const [told, expected] = [look, after].map((each) => sumOf(each.runs, name));
    if (told !== expected) wrong.push(`${name} in all runs that succeeded: ${told}, expected ${expected}`);
  }
  return wrong;
}

function sumOf(runs: readonly LedgerRun[], name: "inserted" | "rejected"): number {
  return runs.reduce((sum, run) => sum + (run.status === "succeeded" ? (run[name] ?? 0) : 0), 0);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
