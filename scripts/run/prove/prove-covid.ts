import { type Kysely, sql } from "kysely";
import { ownCode } from "../../../etl/adapters/files/own-code";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { measure } from "../../../etl/core/csv/measure";
import { MillraceError, SourceError } from "../../../etl/core/errors";
import type { Source } from "../../../etl/core/ports";
import { runPipeline } from "../../../etl/core/runs/run-pipeline";
import { RunFailedError } from "../../../etl/core/runs/run-report";
import { covidDaily } from "../../../etl/pipelines/covid/contracts";
import type { Join } from "../../../etl/pipelines/covid/merge";
import { covidPipeline } from "../../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../../etl/pipelines/covid/tables";
import type { MissingRecoveries } from "../../../etl/pipelines/covid/united-states";
import { SilentProgress } from "../terminal/silent-progress";
import type { Reader } from "../undo/as-of";
import { findDifference } from "./find-difference";
import { judge, type Proof } from "./proof";
import { isTrue, type StoredRun } from "./stored-run";

export interface CovidProving {
  readonly read: Reader;
  /** Finds the raw bytes of a source of the run. */
  readonly open: (source: StoredRun["sources"][number]) => Promise<Source>;
  readonly join: Join;
  readonly missingRecoveries: MissingRecoveries;
}

/** Runs a run of `covid` again, in a database in memory, from the bytes that it read. */
export async function proveCovid(run: StoredRun, { read, open, ...settings }: CovidProving): Promise<Proof> {
  const sources = await Promise.all(run.sources.map(open));
  for (const source of sources) await requireSame(run, source);
  const scratch = await openPglite<CovidTables>();
  try {
    const pipeline = covidPipeline({
      ...settings,
      fetch: async () => sources,
      // The run was allowed to reject what it rejected.
      maxRejected: { percent: 100 },
      settings: { maxRejected: "--max-rejected", missingRecoveries: "--missing-recoveries" },
      progress: new SilentProgress(),
    });
    const report = await runPipeline(pipeline, {
      database: scratch,
      notifier: { notify: async () => undefined },
      onWait: () => undefined,
      checks: { staleDays: null, sizeFactor: null, onUnusualSize: "warn" },
    }).catch((error: unknown) => {
      if (!(error instanceof RunFailedError)) throw error;
      if (error.cause instanceof MillraceError && !(error.cause instanceof SourceError)) return error;
      throw error.cause;
    });
    const { rejected } = report instanceof RunFailedError ? report.report : report;
    const failure = report instanceof RunFailedError ? report.reason : undefined;
    const { result, rows } = await readScratch(scratch.db as unknown as Kysely<never>);
    const hashes = { was: run.result, now: failure === undefined ? result : null };
    const isSame = hashes.was !== null && hashes.was === hashes.now;
    const compared = isSame ? { compared: 0 } : await compare(run, read, scratch.db as unknown as Kysely<never>);
    const proof = {
      ...{ run, rows, rejected: { was: run.rejected, now: rejected }, result: hashes, ...compared },
      code: { was: run.code, now: ownCode() ?? null },
      ...(failure !== undefined && { failure }),
    };
    return { ...proof, outcome: judge(proof) };
  } finally {
    await scratch.close();
  }
}

/** @throws MillraceError if other bytes lie where the run read its own */
async function requireSame({ id, sources }: StoredRun, { name, location, open }: Source): Promise<void> {
  const stored = sources.find((one) => one.name === name);
  const { bytes, total } = measure(await open());
  for await (const _ of bytes);
  const { sha256 } = total();
  if (stored?.sha256 === sha256) return;
  throw new MillraceError("These are not the bytes that the run read, so nothing can be proven", {
    got: `sha256 ${sha256}`,
    expected: `${stored?.sha256}, of run ${id}`,
    where: { source: location, role: name },
    fix: "Put the content back that it had then; what was downloaded stays in the raw folder",
  });
}

async function readScratch(db: Kysely<never>): Promise<{ readonly result: string | null; readonly rows: number }> {
  const { rows } = await sql<{ result: string | null; rows: number }>`
    select result, (select count(*) from covid_daily)::int as rows from etl_run`.execute(db);
  return rows[0] ?? { result: null, rows: 0 };
}

/** By the table as it was at the run's end. */
async function compare({ id, result }: StoredRun, read: Reader, scratch: Kysely<never>) {
  const { table, key } = covidDaily;
  const ended = `(select greatest(finished, (select max(l.finished) from load_history l where l.run = etl_run.id)) from etl_run where id = '${id}')`;
  const isKept =
    isTrue((await read("select to_regprocedure('millrace_history_begins(regclass)') is not null")).rows[0]?.[0]) &&
    isTrue((await read(`select millrace_history_begins('${table}'::regclass) <= ${ended}`)).rows[0]?.[0]);
  const stored = isKept ? `millrace_as_of(null::${table}, ${ended})` : undefined;
  const columns = Object.keys(covidDaily.columns);
  const found = await findDifference(read, scratch, { table, key, columns, sensitive: [], stored, scratch: table });
  // The table may have a day from an earlier source, or from a person: only a hash tells that it is this run's.
  return result === null && found.first?.now === undefined ? { compared: found.compared } : found;
}
