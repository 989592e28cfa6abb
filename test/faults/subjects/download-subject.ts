import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultTrigger } from "../../support/feeds/faulty-proxy";
import { file } from "../../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../../support/feeds/feed-server";
import { startEtl } from "../../support/processes/run-etl";
import type { Fault, Subject } from "../fault";
import { judgeMessage, judgeNext, judgeOutput, judgeTable } from "../judge";
import type { FaultStage } from "../stage";
import { type DatabaseSubject, type LoadingCommand, orNothing } from "./database-subject";

const FAULTS = ["kill", "SIGINT", "SIGTERM", "disk", "cut", "silence"] as const;
/** Smaller than the feed. */
const MOST_KIB = 64;

const phases: Readonly<Record<string, (random: () => number) => FaultTrigger>> = {
  asking: () => ({ side: "client", pattern: /GET \/cases/ }),
  asked: () => ({ side: "client", pattern: /GET \/cases/, strike: "after" }),
  "reading the headers": () => ({ side: "server", bytes: 30 }),
  downloading: (random) => ({ side: "server", bytes: 2_000 + Math.floor(random() * 400_000) }),
};

/** `covid` from an address: what befalls the download. The database is well. */
export class DownloadSubject implements Subject {
  readonly name = "covid by http";
  readonly phases = Object.fromEntries(Object.keys(phases).map((phase) => [phase, FAULTS]));
  readonly #stage: FaultStage;
  readonly #command: LoadingCommand;
  readonly #table: DatabaseSubject;
  #feed: Promise<FeedServer> | undefined;

  /** @param table the same feed from files, which knows the table before and after */
  constructor(stage: FaultStage, command: LoadingCommand, table: DatabaseSubject) {
    this.#stage = stage;
    this.#command = command;
    this.#table = table;
  }

  async strike(phase: string, fault: Fault, random: () => number): Promise<readonly string[]> {
    const when = phases[phase];
    if (when === undefined) throw new Error(`${this.name} has no phase ${phase}`);
    const { template, ends } = await this.#table.prepared();
    const stage = this.#stage;
    this.#feed ??= this.#serve();
    const feed = await this.#feed;
    const port = Number(new URL(feed.url("/")).port);
    const database = await stage.createDatabase(template);
    const cwd = stage.makeFolder();
    const see = () => this.#command.look((text) => stage.server.query(database, text)).catch(orNothing);
    const start = (cases: string, env: Readonly<Record<string, string>>, mostKiB?: number) => {
      const args = ["covid", "--json", "--cases", cases, "--recoveries", feed.url("/recoveries.csv")];
      return startEtl(
        cwd,
        args,
        { ...env, DATABASE_URL: stage.server.url(database) },
        { mostKiB, compiled: stage.compiled },
      );
    };
    try {
      const end = await stage.strike({ database, fault, when: when(random), port }, (proxy, env) =>
        start(proxy.url(feed.url("/cases.csv")), env, fault === "disk" ? MOST_KIB : undefined),
      );
      const struck = await see();
      const wrong = [
        ...end.wrong,
        ...judgeTable(struck, ends),
        ...judgeMessage(end, struck, ends.before.runs.length, fault),
      ];
      // A download that broke off, or went silent, is tried again.
      if ((fault === "cut" || fault === "silence") && end.code !== 0)
        wrong.push(`it was not tried again: ${end.stderr}`);
      if (fault === "disk" && !/that the disk is not full/.test(end.stderr)) wrong.push(`no advice: ${end.stderr}`);
      const next = await start(feed.url("/cases.csv"), {}).end;
      return [...wrong, ...judgeOutput(next), ...judgeNext(next, await see(), ends)];
    } finally {
      await stage.dropDatabase(database);
    }
  }

  async #serve(): Promise<FeedServer> {
    const feed = await startFeedServer();
    this.#stage.atEnd(() => feed.close());
    for (const name of ["cases.csv", "recoveries.csv"]) {
      feed.serve(`/${name}`, file(readFileSync(join(this.#stage.folder, "covid", name))));
    }
    return feed;
  }
}
