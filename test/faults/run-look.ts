import type { LedgerRun } from "./judge";
import type { LoadingCommand } from "./subjects/database-subject";

/** What a pipeline of `runPipeline` left: its one table is there whole or as it was, so all of it is one part. */
export function lookAtRuns(pipeline: string, table: string, key: string, all: number): LoadingCommand["look"] {
  return async (query) => {
    const [found] = await query<{ hash: string | null; rows: number }>(
      `select md5(string_agg(t::text, ';' order by ${key})) as hash, count(*)::int as rows from ${table} t`,
    );
    const runs = await query<LedgerRun & { revisions: number }>(
      `select status, inserted::int, updated::int, rejected::int,
        (select count(*)::int from revision where run = r.id) as revisions
      from etl_run r where pipeline = '${pipeline}' order by started`,
    );
    const kept = runs.every((run) => run.revisions === (run.updated ?? 0));
    const hash = `${found?.hash}${kept ? "" : ", other revisions than updates"}`;
    return {
      table: Object.fromEntries(found?.rows ? [[table, hash]] : []),
      loaded: { [table]: insertedBy(runs) === all },
      rows: found?.rows ?? 0,
      runs,
    };
  };
}

function insertedBy(runs: readonly LedgerRun[]): number {
  return runs.reduce((sum, { status, inserted }) => sum + (status === "succeeded" ? (inserted ?? 0) : 0), 0);
}
