import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../../core/errors";
import type { ChunkCounts } from "./events";
import type { ImportTables } from "./tables";

/** How far a run is, from the ledger alone: anybody with the database can ask. */
export interface ImportProgress extends ChunkCounts {
  readonly objects: number;
  readonly chunks: number;
  readonly chunksDone: number;
  readonly bytes: number;
  readonly bytesDone: number;
  /** Since the run began, to its end or to now. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** At the rate so far; null before the first chunk is done. */
  readonly secondsLeft: number | null;
}

type Counted = Omit<ImportProgress, "rowsPerSecond" | "secondsLeft">;

export async function readProgress(db: Kysely<ImportTables>, runId: string): Promise<ImportProgress> {
  const { rows } = await sql<Counted>`
    select i.objects, i.chunks, i.bytes, c.*,
      extract(epoch from coalesce(r.finished, clock_timestamp()) - r.started)::float8 as seconds
    from import_run i join etl_run r on r.id = i.run, lateral (
      select count(*) as "chunksDone", coalesce(sum(past - first), 0)::bigint as "bytesDone",
        coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(inserted), 0)::bigint as inserted,
        coalesce(sum(updated), 0)::bigint as updated, coalesce(sum(unchanged), 0)::bigint as unchanged,
        coalesce(sum(superseded), 0)::bigint as superseded, coalesce(sum(rejected), 0)::bigint as rejected
      from import_chunk where run = i.run
    ) as c where i.run = ${runId}`.execute(db);
  const [counted] = rows;
  if (counted === undefined) throw new DatabaseError("The ledger has no such run", { got: runId });
  const { bytes, bytesDone, seconds } = counted;
  return {
    ...counted,
    rowsPerSecond: counted.rows / Math.max(seconds, 0.001),
    secondsLeft: bytesDone === 0 ? null : (seconds * (bytes - bytesDone)) / bytesDone,
  };
}
