import { types } from "node:util";
import type { FaultTrigger } from "../../support/feeds/faulty-proxy";
import { startEtl } from "../../support/processes/run-etl";
import { FAULTS, type Fault, type Subject } from "../fault";
import { type Ends, judgeMessage, judgeNext, judgeOutput, judgeTable, type Look } from "../judge";
import { diskMissing, type FaultStage } from "../stage";

/** When a phase begins, as the connection to the database shows it. */
export interface DatabasePhase {
  readonly when: (random: () => number) => FaultTrigger;
  /** The database is empty: the command makes its tables first. @default it was loaded before */
  readonly isFirst?: boolean;
  /** @default all */
  readonly faults?: readonly Fault[];
}

/** What is particular to a command that loads a database. */
export interface LoadingCommand {
  readonly name: string;
  readonly phases: Readonly<Record<string, DatabasePhase>>;
  readonly args: readonly string[];
  /** A compiled checkout that has the command. @default the stage's */
  readonly compiled?: string;
  /** Writes what is loaded before the fault. */
  readonly writeBefore: () => void;
  /** Writes what is loaded under it. */
  readonly writeAfter: () => void;
  readonly look: (query: Query) => Promise<Look>;
}

export type Query = <Row extends object>(text: string) => Promise<Row[]>;

interface Prepared {
  readonly template: string;
  readonly ends: Ends;
}

/** A command that loads a database, between the table before and the table after. */
export class DatabaseSubject implements Subject {
  readonly name: string;
  readonly phases: Subject["phases"];
  readonly #command: LoadingCommand;
  readonly #stage: FaultStage;
  #prepared: Promise<Prepared> | undefined;

  constructor(command: LoadingCommand, stage: FaultStage) {
    this.name = command.name;
    this.phases = Object.fromEntries(
      Object.entries(command.phases).map(([name, { faults = FAULTS }]) => [
        name,
        faults.filter((fault) => fault !== "disk" || diskMissing === undefined),
      ]),
    );
    this.#command = command;
    this.#stage = stage;
  }

  /** A database with what is there before, and what is there before and after. */
  prepared(): Promise<Prepared> {
    this.#prepared ??= this.#prepare();
    return this.#prepared;
  }

  /** Loads what is there before, and once what is there after, undisturbed. */
  async #prepare(): Promise<Prepared> {
    const [command, stage] = [this.#command, this.#stage];
    const template = await stage.createDatabase();
    const run = async (database: string) => {
      const { code, stderr } = await this.#start({ DATABASE_URL: stage.server.url(database) }).end;
      if (code !== 0) throw new Error(`${command.name} fails without any fault: ${stderr}`);
      return command.look((text) => stage.server.query(database, text));
    };
    command.writeBefore();
    const before = await run(template);
    command.writeAfter();
    const done = await stage.createDatabase(template);
    const after = await run(done);
    await stage.dropDatabase(done);
    return { template, ends: { before, after } };
  }

  async strike(phase: string, fault: Fault, random: () => number): Promise<readonly string[]> {
    const { phases, look } = this.#command;
    const { when, isFirst = false } = phases[phase] ?? {};
    if (when === undefined) throw new Error(`${this.name} has no phase ${phase}`);
    const stage = this.#stage;
    const prepared = await this.prepared();
    const database = await stage.createDatabase(isFirst ? undefined : prepared.template);
    const ends = endsOf(prepared.ends, isFirst);
    const see = () => look((text) => stage.server.query(database, text)).catch(orNothing);
    try {
      const url = stage.server.url(database);
      const strike = { database, fault, when: when(random) };
      const end = await stage.strike(strike, (proxy, env) => this.#start({ ...env, DATABASE_URL: proxy.url(url) }));
      const struck = await see();
      const wrong = [
        ...end.wrong,
        ...judgeTable(struck, ends),
        ...judgeMessage(end, struck, ends.before.runs.length, fault),
      ];
      const next = await this.#start({ DATABASE_URL: url }).end;
      return [...wrong, ...judgeOutput(next), ...judgeNext(next, await see(), ends)];
    } finally {
      await stage.dropDatabase(database);
    }
  }

  #start(env: Readonly<Record<string, string>>) {
    const { args, compiled = this.#stage.compiled } = this.#command;
    return startEtl(this.#stage.folder, args, env, { compiled });
  }
}

/** An empty database. */
export const NOTHING: Look = { table: {}, loaded: {}, rows: 0, runs: [] };

/** Between which states a command moves that may be the first in its database: then one run loads what several had. */
export function endsOf({ before, after }: Ends, isFirst: boolean): Ends {
  if (!isFirst) return { before, after };
  const rejected = after.runs.reduce((sum, run) => sum + (run.rejected ?? 0), 0);
  return {
    before: NOTHING,
    after: { ...after, runs: [{ status: "succeeded", inserted: after.rows, updated: 0, rejected }] },
  };
}

/** Where the command has not come to make its tables. */
export function orNothing(error: unknown): Look {
  // Of another realm where PGlite threw it.
  if (types.isNativeError(error) && "code" in error && error.code === "42P01") return NOTHING;
  throw error;
}
