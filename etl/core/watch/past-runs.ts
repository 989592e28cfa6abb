import type { Kysely } from "kysely";
import type { CoreTables, SourceSummary } from "../database/tables";

/** The ledger's data of a successful run. */
export interface PastRun {
  readonly sources: readonly SourceSummary[];
  readonly rejected: number;
}

/** The number of runs that define the usual. */
const USUAL_RUNS = 20;

/** The latest successful runs of a pipeline, the newest first. */
export async function readPastRuns(db: Kysely<CoreTables>, pipeline: string): Promise<readonly PastRun[]> {
  const rows = await db
    .selectFrom("etl_run")
    .select(["sources", "rejected"])
    .where("pipeline", "=", pipeline)
    .where("status", "=", "succeeded")
    .where("mended_by", "is", null)
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
