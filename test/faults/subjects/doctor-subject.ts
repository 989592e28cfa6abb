import type { FaultTrigger } from "../../support/feeds/faulty-proxy";
import { startEtl } from "../../support/processes/run-etl";
import type { Fault, Subject } from "../fault";
import { judgeOutput } from "../judge";
import type { FaultStage } from "../stage";

const FAULTS = ["kill", "SIGINT", "SIGTERM", "cut", "silence"] as const;

const phases: Readonly<Record<string, FaultTrigger>> = {
  connecting: { side: "client", bytes: 8 },
  "asking for the encryption": { side: "client", pattern: /pg_stat_ssl/ },
  "asking for privileges": { side: "client", pattern: /has_database_privilege/ },
  "comparing clocks": { side: "client", pattern: /clock_timestamp/ },
};

/** `doctor` writes nothing: it says what it found, and ends. */
export class DoctorSubject implements Subject {
  readonly name = "doctor";
  readonly phases = Object.fromEntries(Object.keys(phases).map((phase) => [phase, FAULTS]));
  readonly #stage: FaultStage;

  constructor(stage: FaultStage) {
    this.#stage = stage;
  }

  async strike(phase: string, fault: Fault): Promise<readonly string[]> {
    const { server, folder, compiled } = this.#stage;
    const when = phases[phase];
    if (when === undefined) throw new Error(`doctor has no phase ${phase}`);
    const database = await this.#stage.createDatabase();
    const url = server.url(database);
    const start = (env: Readonly<Record<string, string>>) =>
      startEtl(folder, ["doctor", "sales", "--json"], env, { compiled });
    try {
      const end = await this.#stage.strike({ database, fault, when }, (proxy, env) =>
        start({ ...env, DATABASE_URL: proxy.url(url) }),
      );
      const wrong = [...end.wrong, ...judgeOutput(end)];
      if (fault === "cut" || fault === "silence") {
        if (end.code !== 1) wrong.push(`it ended with ${end.signal ?? end.code}`);
        if (!hasFailed(end.stdout)) wrong.push(`it named no check that failed: ${end.stdout}${end.stderr}`);
      } else if (end.code === 0) wrong.push("it was stopped, and ended with 0");
      const made = "select relname from pg_class where relnamespace = 'public'::regnamespace";
      if ((await server.query(database, made)).length > 0) wrong.push("it made something in the database");
      const next = await start({ DATABASE_URL: url }).end;
      return next.code === 0 ? wrong : [...wrong, `the next one ended with ${next.code}: ${next.stdout}`];
    } finally {
      await this.#stage.dropDatabase(database);
    }
  }
}

function hasFailed(stdout: string): boolean {
  try {
    return JSON.parse(stdout).some(({ ok }: { ok: boolean }) => !ok);
  } catch {
    return false;
  }
}
