import { type Kysely, sql } from "kysely";
import type { FeedChunk } from "../run/events";
import type { FeedTables } from "./tables";

/** What a run calls a chunk. */
export function chunkName({ object, start }: Pick<FeedChunk, "object" | "start">): string {
  return `${object} ${start}`;
}

/** How often a run began chunks that have no end: whoever loaded them died. By {@link chunkName}. */
export async function readTried(db: Kysely<FeedTables>, run: string): Promise<ReadonlyMap<string, number>> {
  const found = await db.selectFrom("import_run").select("tried").where("run", "=", run).executeTakeFirst();
  return new Map(Object.entries(found?.tried ?? {}));
}

/** Writes down that a chunk is begun, in no transaction of its load: that it has no end is to be seen. */
export async function beginTry(db: Kysely<FeedTables>, run: string, chunk: FeedChunk): Promise<void> {
  const name = sql.val(chunkName(chunk));
  await sql`update import_run set tried = tried || jsonb_build_object(${name}::text, coalesce((tried ->> ${name})::int, 0) + 1)
    where run = ${run}`.execute(db);
}

/** The chunk was loaded, or it was not its fault that it was not. */
export async function endTry(db: Kysely<FeedTables>, run: string, chunk: FeedChunk): Promise<void> {
  await sql`update import_run set tried = tried - ${chunkName(chunk)}::text where run = ${run}`.execute(db);
}
