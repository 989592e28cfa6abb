import type { Kysely } from "kysely";
import type { CoreTables, SourceSummary } from "../database/tables";

/** What the ledger knows of a run that succeeded. */
export interface PastRun {
  readonly sources: readonly SourceSummary[];
  readonly rejected: number;
}

/** How many runs are what is usual. */
const USUAL_RUNS = 20;

/** The newest runs of a pipeline that succeeded, the newest first. */
export async function readPastRuns(db: Kysely<CoreTables>, pipeline: string): Promise<readonly PastRun[]> {
  const rows = await db
    .selectFrom("etl_run")
    .select(["sources", "rejected"])
    .where("pipeline", "=", pipeline)
    .where("status", "=", "succeeded")
    .orderBy("started", "desc")
    .limit(USUAL_RUNS)
    .execute();
  return rows.map(({ sources, rejected }) => ({ sources, rejected: Number(rejected ?? 0) }));
}

/**
 * The sources that are compared with each other: those of one name; or, if each is an object loaded by only one run,
 * all objects of the pipeline.
 */
export function seriesOf({ name, version }: Pick<SourceSummary, "name" | "version">): string {
  return version === undefined ? `source ${name}` : "objects";
}

/** Sources of one series, the newest first, at most twenty. */
export function sourcesOf<Known extends Pick<SourceSummary, "name" | "version">>(
  past: readonly { readonly sources: readonly Known[] }[],
  series: string,
): readonly Known[] {
  return past
    .flatMap(({ sources }) => [...sources].reverse().filter((source) => seriesOf(source) === series))
    .slice(0, USUAL_RUNS);
}
