import { setTimeout as sleep } from "node:timers/promises";
import { bulkhead } from "cockatiel";
import type { PostgresOptions } from "../../../etl/adapters/postgres/postgres";
import type { PostgresServer } from "../../../scripts/cloud/postgres-server";
import { seeded } from "../../../scripts/project/samples/seeded";
import { type Ends, judgeMessage, judgeNext, judgeTable, type LedgerRun } from "../../faults/judge";
import { endsOf, type LoadingCommand, orNothing } from "../../faults/subjects/database-subject";
import type { CommandEnd } from "../processes/run-etl";
import { type FaultMode, FaultyProxy } from "./faulty-proxy";

/** A run that loads a database, in this process: what its command does, without the seconds that a process takes to begin. */
export interface SilentSubject {
  readonly command: Omit<LoadingCommand, "args">;
  readonly run: (url: string, patience: PostgresOptions) => Promise<Omit<LedgerRun, "status">>;
  /** Whether a run ends well though it lost its server in this phase; undefined where both are right. */
  readonly endsWell: (phase: string) => boolean | undefined;
}

export const MODES = ["swallow", "cut", "half-close", "delay"] as const satisfies FaultMode[];

/** What a lost server is called, and what could not be made where it was lost at the migrations. */
const REASON =
  /host does not answer|connection to the database was lost|not known whether|could not be created: got (the server answered nothing|read ECONNRESET|Connection terminated)/;
const QUICK: PostgresOptions = { silenceMs: 300, connectTimeoutMs: 1_500 };
const AT_ONCE = 12;

/** Runs of one subject whose server goes silent or away, each with a database and a proxy of its own. */
export class SilentPeers {
  readonly #server: PostgresServer;
  readonly #subject: SilentSubject;
  readonly #limit = bulkhead(AT_ONCE, Number.POSITIVE_INFINITY);
  #prepared: Promise<{ readonly template: string; readonly ends: Ends }> | undefined;
  #databases = 0;

  constructor(server: PostgresServer, subject: SilentSubject) {
    this.#server = server;
    this.#subject = subject;
  }

  /** @returns what is wrong: nothing, if all is well */
  async strike(phase: string, mode: FaultMode): Promise<readonly string[]> {
    this.#prepared ??= this.#prepare();
    const { template, ends } = await this.#prepared;
    return this.#limit.execute(() => this.#strike(phase, mode, template, ends));
  }

  async #strike(phase: string, mode: FaultMode, template: string, whole: Ends): Promise<readonly string[]> {
    const { command, endsWell } = this.#subject;
    const { when, isFirst = false } = command.phases[phase] ?? {};
    if (when === undefined) throw new Error(`${command.name} has no phase ${phase}`);
    const ends = endsOf(whole, isFirst);
    const database = await this.#create(isFirst ? undefined : template);
    const proxy = await FaultyProxy.start(this.#server.port);
    let hasStruck = false;
    try {
      void proxy.arm({ mode, delayMs: 50, when: when(seeded(1)) }).then(() => {
        hasStruck = true;
      });
      const end = await this.#run(proxy.url(this.#server.url(database)), QUICK);
      proxy.heal();
      await this.#waitForSessions(database);
      const struck = await this.#look(database);
      const wrong = [...judgeTable(struck, ends), ...judgeMessage(end, struck, ends.before.runs.length)];
      if (!hasStruck) wrong.push("the phase never came");
      const expected = mode === "delay" ? true : endsWell(phase);
      if (end.code !== 0 && expected === true) wrong.push(`it failed: ${end.stdout}`);
      if (end.code === 0 && expected === false) wrong.push("it ended well, with its server gone");
      if (end.code !== 0 && !REASON.test(end.stdout)) wrong.push(`no reason was given: ${end.stdout}`);
      const next = await this.#run(this.#server.url(database), {});
      return [...wrong, ...judgeNext(next, await this.#look(database), ends)];
    } finally {
      await proxy.close();
      await this.#server.query("postgres", `drop database ${database} with (force)`);
    }
  }

  async #prepare() {
    const { command } = this.#subject;
    const load = async (database: string) => {
      const { code, stdout } = await this.#run(this.#server.url(database), {});
      if (code !== 0) throw new Error(`${command.name} fails without any fault: ${stdout}`);
      return this.#look(database);
    };
    command.writeBefore();
    const template = await this.#create();
    const before = await load(template);
    command.writeAfter();
    return { template, ends: { before, after: await load(await this.#create(template)) } };
  }

  /** As its command would print it with `--json`. */
  async #run(url: string, patience: PostgresOptions): Promise<CommandEnd> {
    const end = { signal: null, stderr: "" };
    return this.#subject.run(url, patience).then(
      (counts) => ({ ...end, code: 0, stdout: JSON.stringify({ status: "succeeded", ...counts }) }),
      (error) => ({ ...end, code: 1, stdout: JSON.stringify({ status: "failed", error: String(error) }) }),
    );
  }

  #look(database: string) {
    return this.#subject.command.look((text) => this.#server.query(database, text)).catch(orNothing);
  }

  async #create(template = "template1"): Promise<string> {
    this.#databases += 1;
    const name = `${this.#subject.command.name.replaceAll(/\W/g, "_")}_${this.#databases}`;
    await this.#server.query("postgres", `create database ${name} template ${template}`);
    return name;
  }

  async #waitForSessions(database: string): Promise<void> {
    const query = "select 1 from pg_stat_activity where datname = $1";
    while ((await this.#server.query("postgres", query, [database])).length > 0) await sleep(20);
  }
}
