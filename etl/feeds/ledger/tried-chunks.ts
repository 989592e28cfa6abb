import { type Kysely, sql } from "kysely";
import type { FeedChunk } from "../run/events";
import type { FeedTables } from "./tables";

/** A chunk's name within a run. */
export function chunkName({ object, start }: Pick<FeedChunk, "object" | "start">): string {
  return `${object} ${start}`;
}

/** How often a run began each chunk that has no end: its loader died. By {@link chunkName}. */
export async function readTried(db: Kysely<FeedTables>, run: string): Promise<ReadonlyMap<string, number>> {
  const found = await db.selectFrom("import_run").select("tried").where("run", "=", run).executeTakeFirst();
  return new Map(Object.entries(found?.tried ?? {}));
}

/** Records that a chunk is begun, outside its load's transaction: so a missing end can be seen. */
export async function beginTry(db: Kysely<FeedTables>, run: string, chunk: FeedChunk): Promise<void> {
  const name = sql.val(chunkName(chunk));
  await sql`update import_run set tried = tried || jsonb_build_object(${name}::text, coalesce((tried ->> ${name})::int, 0) + 1)
    where run = ${run}`.execute(db);
}

/** Deletes the record: the chunk was loaded, or another cause kept it from being loaded. */
export async function endTry(db: Kysely<FeedTables>, run: string, chunk: FeedChunk): Promise<void> {
  await sql`update import_run set tried = tried - ${chunkName(chunk)}::text where run = ${run}`.execute(db);
}
