import type { Kysely } from "kysely";
import type { CoreTables } from "../database/tables";

/** A record that a run changed. */
export interface Revision {
  readonly table: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** The revisions of a run: their number, and the first ten in the order of writing, if they may be shown. */
export interface Revisions {
  readonly total: number;
  readonly first: readonly Revision[];
}

/** @param isSensitive whether their values must not be shown: then they are only counted */
export async function readRevisions<Tables extends CoreTables>(
  anyDb: Kysely<Tables>,
  run: string,
  isSensitive = false,
): Promise<Revisions> {
  const db = anyDb as unknown as Kysely<CoreTables>;
  const { total } = await db
    .selectFrom("revision")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .where("run", "=", run)
    .executeTakeFirstOrThrow();
  if (isSensitive) return { total: Number(total), first: [] };
  const first = await db
    .selectFrom("revision")
    .select(["table_name as table", "key", "before", "after"])
    .where("run", "=", run)
    .orderBy("id")
    .limit(10)
    .execute();
  return { total: Number(total), first };
}
