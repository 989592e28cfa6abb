import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { serverAccount } from "../../scripts/cloud/server-account";
import { findProgram } from "../../scripts/command-line/find-program";
import { runProgram } from "../../scripts/command-line/run-program";
import { type FaultTrigger, FaultyProxy } from "../support/feeds/faulty-proxy";
import { compileCheckout } from "../support/processes/compile-checkout";
import type { CommandEnd, startEtl } from "../support/processes/run-etl";
import { startPostgres } from "../support/servers/postgres";
import type { Fault } from "./fault";

/** Limits the files of a process that runs: what a full disk is to a session of PostgreSQL, without a disk of its own. */
const prlimit = findProgram("prlimit");

/** Why no disk can be full here, or undefined. */
export const diskMissing = prlimit === undefined ? "prlimit is missing: install util-linux (Linux)" : undefined;

/** No file of a session grows beyond this; PostgreSQL's own, its log of changes among them, are smaller. */
const FULL_BYTES = 2 ** 20;
/** What has not ended by then never will. */
const PATIENCE_MS = 110_000;

/** How a command ended that a fault struck. */
export interface StruckEnd extends CommandEnd {
  readonly wrong: readonly string[];
}

/** A silent server is asked after so soon. */
const SILENCE = { MILLRACE_SILENCE_MS: "700" };

/** What a fault strikes, and when. */
export interface Strike {
  readonly fault: Fault;
  readonly when: FaultTrigger;
  /** The database that the command loads. */
  readonly database: string;
  /** What the fault stands before. @default the database's server */
  readonly port?: number;
}

/** A PostgreSQL and a folder: where the commands are tried, several at once if need be. */
export class FaultStage {
  readonly server: PostgresServer;
  readonly folder: string;
  /** The checkout's commands. */
  readonly compiled: string;
  readonly #ends: (() => Promise<void>)[] = [];
  #databases = 0;

  private constructor(server: PostgresServer, folder: string) {
    this.server = server;
    this.folder = folder;
    this.compiled = join(folder, "compiled");
  }

  static async start(): Promise<FaultStage> {
    // The smallest log files, so that a limit on files can be under a load's size and above theirs.
    const server = await startPostgres({ walSegmentMiB: 1 });
    const stage = new FaultStage(server, mkdtempSync(join(tmpdir(), "millrace-faults-")));
    await compileCheckout(join(__dirname, "..", ".."), stage.compiled);
    return stage;
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end();
    await this.server.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is to be stopped with the stage. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** A working directory of its own. */
  makeFolder(): string {
    return mkdtempSync(join(this.folder, "run-"));
  }

  /** @returns the name of a new database */
  async createDatabase(template = "template1"): Promise<string> {
    this.#databases += 1;
    const name = `faults_${this.#databases}`;
    await this.server.query("postgres", `create database ${name} template ${template}`);
    return name;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.server.query("postgres", `drop database ${name} with (force)`);
  }

  /**
   * Starts a command that is behind a proxy, lets the fault strike, and waits for the end of both.
   *
   * @param start given what to reach by way of the proxy, and what makes the command notice silence soon
   */
  async strike(
    { database, fault, when, port = this.server.port }: Strike,
    start: (proxy: FaultyProxy, env: Readonly<Record<string, string>>) => ReturnType<typeof startEtl>,
  ): Promise<StruckEnd> {
    const mode = fault === "cut" ? "cut" : fault === "silence" ? "swallow" : "hold";
    const proxy = await FaultyProxy.start(port);
    try {
      const struck = proxy.arm({ mode, when });
      const command = start(proxy, fault === "silence" ? SILENCE : {});
      const reached = await Promise.race([struck.then(() => true), command.end.then(() => false)]);
      if (fault === "disk" && port === this.server.port) await this.#fillDisk(database);
      else if (fault === "kill") command.kill();
      else if (fault === "SIGINT" || fault === "SIGTERM") command.kill(fault);
      proxy.release();
      const end = await endOf(command);
      proxy.heal();
      await this.#waitForSessions(database);
      return reached ? end : { ...end, wrong: [`the phase never came: ${end.stdout}${end.stderr}`] };
    } finally {
      await proxy.close();
    }
  }

  async #fillDisk(database: string): Promise<void> {
    if (prlimit === undefined) throw new Error(diskMissing);
    for (const { pid } of await this.#sessions(database)) {
      // One that is gone by now needs no limit.
      const options = { account: serverAccount(), accept: [0, 1] };
      await runProgram(prlimit, [`--pid=${pid}`, `--fsize=${FULL_BYTES}`], options);
    }
  }

  /** A session learns of its client's death only when it writes or reads. */
  async #waitForSessions(database: string): Promise<void> {
    while ((await this.#sessions(database)).length > 0) await sleep(20);
  }

  #sessions(database: string): Promise<{ pid: number }[]> {
    const query = "select pid from pg_stat_activity where datname = $1";
    return this.server.query<{ pid: number }>("postgres", query, [database]);
  }
}

/** Waits for a command's end, but not for ever. */
export async function endOf(command: ReturnType<typeof startEtl>): Promise<StruckEnd> {
  const patience = new AbortController();
  const late = sleep(PATIENCE_MS, undefined, { signal: patience.signal }).then(
    () => {
      command.kill();
      return [`it did not end within ${PATIENCE_MS / 1000} s`];
    },
    () => [],
  );
  const end = await command.end;
  patience.abort();
  return { ...end, wrong: await late };
}
