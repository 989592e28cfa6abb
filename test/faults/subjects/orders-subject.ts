import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Papa from "papaparse";
import { makeOrders } from "../../../scripts/project/samples/orders";
import { type CommandEnd, type StartOptions, startEtl } from "../../support/processes/run-etl";
import type { Fault, Subject } from "../fault";
import { judgeOutput } from "../judge";
import { endOf, type FaultStage } from "../stage";

/** Two waves, each larger than what waits between two processes: Linux holds 208 KiB. */
const SIZE = { customers: 1_800, orders: 15_000, items: 20_000 };
const REJECTED = 60;
const SIGNALS = ["kill", "SIGINT", "SIGTERM"] as const;

type Command = ReturnType<typeof startEtl>;

interface OrdersPhase {
  /** Whether the command has come to it: by what it wrote. */
  readonly isReached?: (command: Command, files: readonly string[]) => boolean;
  /** Standard output is not read before the fault: the command waits in the first wave. */
  readonly isHeld?: boolean;
  readonly faults: readonly Fault[];
  /** How its disk is full. */
  readonly full?: () => StartOptions;
}

const has = (pattern: RegExp) => (_: Command, files: readonly string[]) => files.some((file) => pattern.test(file));
const toFullDevice = existsSync("/dev/full") ? (["disk"] as const) : [];

const phases: Readonly<Record<string, OrdersPhase>> = {
  locking: { isReached: has(/owner\.json$/), faults: [...SIGNALS, "disk"], full: () => ({ mostKiB: 0 }) },
  "taking the batch": { isReached: has(/lease\.json$/), faults: SIGNALS },
  "announcing messages": { isReached: has(/customers%23..\.json$/), isHeld: true, faults: [...SIGNALS, "cut"] },
  printing: {
    isReached: (command) => (command.stdout?.readableLength ?? 0) > 0,
    isHeld: true,
    faults: [...SIGNALS, "cut", "silence", ...toFullDevice],
    full: () => ({ stdout: openSync("/dev/full", "w") }),
  },
  "printing the rest": {
    isReached: ({ output }) => output.stdout.split("\n").length > 1_000,
    faults: [...SIGNALS, "cut"],
  },
  "keeping rejected rows": {
    isReached: has(/rows\.csv/),
    faults: [...SIGNALS, "disk"],
    full: () => ({ mostKiB: 2 }),
  },
  ending: { isReached: ({ output }) => output.stderr.includes("messages sent"), faults: SIGNALS },
};

/** `orders`: what is before and after is what was printed, and the ledger is a folder. */
export class OrdersSubject implements Subject {
  readonly name = "orders";
  readonly phases = Object.fromEntries(Object.entries(phases).map(([name, { faults }]) => [name, faults]));
  readonly #folder: string;
  readonly #compiled: string;
  #expected: ReadonlySet<string> | undefined;

  constructor(stage: FaultStage) {
    this.#compiled = stage.compiled;
    this.#folder = join(stage.folder, "orders");
    mkdirSync(join(this.#folder, "in"), { recursive: true });
    for (const kind of ["customers", "orders", "items"] as const) {
      const rows = [...makeOrders(kind, SIZE)];
      if (kind === "items") for (let at = 0; at < REJECTED; at += 1) rows.push([`x${at}`, "no such order"]);
      writeFileSync(join(this.#folder, "in", `${kind}_20260828.csv`), Papa.unparse(rows));
    }
  }

  async strike(name: string, fault: Fault): Promise<readonly string[]> {
    const phase = phases[name];
    if (phase === undefined) throw new Error(`orders has no phase ${name}`);
    this.#expected ??= new Set(linesOf((await this.#start(this.#cwd()).end).stdout));
    const cwd = this.#cwd();
    const command = this.#start(cwd, fault === "disk" ? phase.full?.() : {});
    const reached = fault === "disk" || (await befall(command, phase, fault, () => filesBelow(cwd)));
    const end = await endOf(command);
    const ledger = readLedger(cwd);
    const next = await this.#start(cwd).end;
    return [
      ...(reached ? [] : [`the phase never came: ${end.stderr}`]),
      ...end.wrong,
      ...this.#judge(end, ledger, fault),
      ...this.#judgeNext(end, next, ledger, readLedger(cwd)),
    ];
  }

  #judge(end: CommandEnd, { sent, state }: Ledger, fault: Fault): string[] {
    const expected = this.#expected ?? new Set();
    const whole = end.stdout.slice(0, end.stdout.lastIndexOf("\n") + 1);
    const wrong = judgeOutput(end);
    const printed = new Set(linesOf(whole));
    if ([...printed].some((line) => !expected.has(line))) wrong.push("it printed another message than it should");
    const ids = new Set([...printed].map(idOf));
    // Into a device that is full goes nothing, and nothing of it is to be read.
    const unseen = [...sent].filter((id) => !ids.has(id));
    if (unseen.length > 0) wrong.push(`the ledger has ${unseen.length} messages as sent that were not printed`);
    if (end.code === 0 && (printed.size !== expected.size || state !== "sent")) {
      wrong.push(`it ended with 0, printed ${printed.size} of ${expected.size}, and the ledger says ${state}`);
    }
    const isKilled = SIGNALS.some((signal) => signal === fault);
    if (end.code !== 0 && !isKilled && !/^error: /m.test(end.stderr)) wrong.push(`no reason was given: ${end.stderr}`);
    return wrong;
  }

  #judgeNext(end: CommandEnd, next: CommandEnd, before: Ledger, after: Ledger): string[] {
    if (next.code !== 0) return [`the next run ended with ${next.code}: ${next.stderr}`];
    const wrong = judgeOutput(next);
    const printed = new Set([...linesOf(end.stdout), ...linesOf(next.stdout)]);
    const missing = [...(this.#expected ?? [])].filter((line) => !printed.has(line));
    if (missing.length > 0) wrong.push(`${missing.length} messages were never printed`);
    const again = linesOf(next.stdout).filter((line) => before.sent.has(idOf(line)));
    if (again.length > 0) wrong.push(`${again.length} messages were known as sent and printed again`);
    if (after.state !== "sent") wrong.push(`after the next run the ledger says ${after.state}`);
    return wrong;
  }

  #cwd(): string {
    return mkdtempSync(join(this.#folder, "run-"));
  }

  #start(cwd: string, options?: StartOptions): Command {
    return startEtl(cwd, ["orders", join(this.#folder, "in")], {}, { ...options, compiled: this.#compiled });
  }
}

async function befall(command: Command, phase: OrdersPhase, fault: Fault, files: () => string[]): Promise<boolean> {
  let isOver = false;
  void command.end.then(() => {
    isOver = true;
  });
  if (phase.isHeld) command.stdout?.pause();
  while (!isOver && phase.isReached?.(command, files()) !== true) await sleep(2);
  if (isOver) return false;
  if (fault === "kill") command.kill();
  else if (fault === "cut") command.stdout?.destroy();
  else if (fault === "silence") await sleep(2_000);
  else if (fault !== "disk") command.kill(fault);
  command.stdout?.resume();
  return true;
}

interface Ledger {
  /** Ids of the customers whose message it has as sent. */
  readonly sent: ReadonlySet<string>;
  readonly state: string | undefined;
}

function readLedger(cwd: string): Ledger {
  const items = filesBelow(cwd)
    .filter((file) => /ledger\/[0-9a-f]{64}\/[^/]*\.json$/.test(file))
    .map((file) => ({ name: decodeURIComponent(basename(file, ".json")), text: readFileSync(file, "utf8") }))
    .map(({ name, text }) => ({ name, value: JSON.parse(JSON.parse(text).value) }));
  const shards = items.filter(({ name }) => name.startsWith("customers#"));
  const entries = shards.flatMap(({ value }) => value as [string, number, string, number][]);
  return {
    sent: new Set(entries.filter(([, , , isSent]) => isSent === 1).map(([id]) => id)),
    state: items.find(({ name }) => name === "batch")?.value.state,
  };
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function idOf(line: string): string {
  return JSON.parse(line).id;
}
