import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { type CommandEnd, type StartOptions, startEtl } from "../../support/processes/run-etl";
import type { Fault, Subject } from "../fault";
import { type Ends, judgeMessage, judgeNext, judgeOutput, judgeTable, type Look } from "../judge";
import { endOf, type FaultStage } from "../stage";
import { covidCommand } from "./covid-subject";
import { endsOf, type LoadingCommand, NOTHING, orNothing } from "./database-subject";

const SIGNALS = ["kill", "SIGINT", "SIGTERM"] as const;
const FOLDER = ".millrace";

interface EmbeddedPhase {
  /** Whether the command has come to it, by what it wrote. */
  readonly isReached: (cwd: string, stderr: string) => boolean;
  /** The database is not there yet. @default it was loaded before */
  readonly isFirst?: boolean;
  /** No file may grow beyond this: what a full disk is. @default it cannot be full here */
  readonly mostKiB?: number;
}

const said = (pattern: RegExp) => (_: string, stderr: string) => pattern.test(stderr);

const phases: Readonly<Record<string, EmbeddedPhase>> = {
  "making the folder": { isReached: (cwd) => existsSync(join(cwd, FOLDER)), isFirst: true, mostKiB: 0 },
  "making the database": {
    isReached: (cwd) => existsSync(join(cwd, FOLDER)) && readdirSync(join(cwd, FOLDER)).length > 0,
    isFirst: true,
    mostKiB: 200,
  },
  "opening the database": { isReached: (cwd) => existsSync(join(cwd, FOLDER, "db.lock")) },
  "parsing the first source": { isReached: said(/parse recoveries/) },
  loading: { isReached: said(/parse cases/), mostKiB: 1_500 },
  "ending the run": { isReached: said(/load covid_daily/) },
  "writing the report": { isReached: said(/notification/) },
};

/** `covid` on the embedded database, a folder of files that one process has open. */
export class EmbeddedSubject implements Subject {
  readonly name = "covid, embedded";
  readonly phases: Subject["phases"] = Object.fromEntries(
    Object.entries(phases).map(([name, { mostKiB }]) => [name, mostKiB === undefined ? SIGNALS : [...SIGNALS, "disk"]]),
  );
  readonly #stage: FaultStage;
  readonly #command: LoadingCommand;
  readonly #folder: string;
  #prepared: Promise<{ readonly template: string; readonly ends: Ends }> | undefined;

  constructor(stage: FaultStage) {
    this.#stage = stage;
    this.#folder = stage.makeFolder();
    this.#command = covidCommand(this.#folder);
  }

  async strike(name: string, fault: Fault): Promise<readonly string[]> {
    const phase = phases[name];
    if (phase === undefined) throw new Error(`${this.name} has no phase ${name}`);
    this.#prepared ??= this.#prepare();
    const { template, ends: whole } = await this.#prepared;
    const { isFirst = false, mostKiB } = phase;
    const ends = endsOf(whole, isFirst);
    const cwd = this.#stage.makeFolder();
    if (!isFirst) cpSync(template, cwd, { recursive: true });
    const command = this.#start(cwd, fault === "disk" ? { mostKiB } : {});
    const reached =
      fault === "disk" || (await befall(command, fault, () => phase.isReached(cwd, command.output.stderr)));
    const end = await endOf(command);
    const struck = await this.#look(cwd);
    const wrong = [
      ...end.wrong,
      ...judgeTable(struck, ends),
      ...judgeMessage(end, struck, ends.before.runs.length, fault),
    ];
    if (!reached) wrong.push(`the phase never came: ${end.stderr}`);
    if (fault === "disk" && end.code === 0) wrong.push("the disk was full, and it ended with 0");
    const next = await this.#start(cwd).end;
    return [...wrong, ...judgeOutput(next), ...judgeNext(next, await this.#look(cwd), ends)];
  }

  async #prepare() {
    const run = async (cwd: string) => {
      const { code, stderr } = await this.#start(cwd).end;
      if (code !== 0) throw new Error(`${this.name} fails without any fault: ${stderr}`);
      return this.#look(cwd);
    };
    const [template, done] = [this.#stage.makeFolder(), this.#stage.makeFolder()];
    // One after the other: the file of the one is overwritten for the other.
    this.#command.writeBefore();
    const before = await run(template);
    cpSync(template, done, { recursive: true });
    this.#command.writeAfter();
    return { template, ends: { before, after: await run(done) } };
  }

  /** In a process of its own no other has it open by now. */
  async #look(cwd: string): Promise<Look> {
    const directory = join(cwd, FOLDER, "db");
    if (!existsSync(join(directory, "PG_VERSION"))) return NOTHING;
    const { db, close } = await openPglite(directory);
    const query = async <Row extends object>(text: string) => [
      ...(await db.executeQuery<Row>(CompiledQuery.raw(text))).rows,
    ];
    return this.#command.look(query).catch(orNothing).finally(close);
  }

  #start(cwd: string, options?: StartOptions) {
    const at = (name: string) => join(this.#folder, "covid", `${name}.csv`);
    const args = ["covid", "--json", "--cases", at("cases"), "--recoveries", at("recoveries")];
    return startEtl(cwd, args, {}, { ...options, compiled: this.#stage.compiled });
  }
}

/** @returns whether the command came to its phase */
async function befall(command: ReturnType<typeof startEtl>, fault: Fault, isReached: () => boolean): Promise<boolean> {
  let isOver = false;
  void command.end.then((_: CommandEnd) => {
    isOver = true;
  });
  while (!isOver && !isReached()) await sleep(2);
  if (!isOver) command.kill(fault === "kill" ? "SIGKILL" : (fault as NodeJS.Signals));
  return !isOver;
}
