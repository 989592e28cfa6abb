import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { plan, type UndoTarget } from "./plan-undo";

/** The values of a row in its columns; null where there is no row. */
type Values = Readonly<Record<string, unknown>> | null;

/** A row that the undone runs changed, and somebody after them. */
export interface Conflict {
  readonly table: string;
  readonly key: Readonly<Record<string, unknown>>;
  /** `run …`, or `somebody else`. */
  readonly by: string;
  /** In the columns in which these differ: before the undone runs, after them, and now. */
  readonly before: Values;
  readonly after: Values;
  readonly now: Values;
}

/** So many are listed. */
const SHOWN = 20;

export async function readConflicts(
  trx: Transaction<CoreTables>,
  { table, key }: UndoTarget,
): Promise<{ readonly total: number; readonly first: readonly Conflict[] }> {
  const { rows: counted } = await sql<{ total: number }>`select count(*) as total from ${plan}
    where millrace_conflict is not null`.execute(trx);
  const { rows } = await sql<Conflict>`
    select millrace_conflict as by, jsonb_build_object(${sql.join(key.map((column) => sql`${sql.lit(column)}, ${sql.id(column)}`))}) as key,
      millrace_was as before, millrace_left as after, millrace_now as now
    from ${plan} where millrace_conflict is not null order by ${sql.join(key.map((column) => sql.id(column)))} limit ${sql.lit(SHOWN)}`.execute(
    trx,
  );
  return { total: Number(counted[0]?.total ?? 0), first: rows.map((row) => ({ ...onlyDifferent(row), table })) };
}

function onlyDifferent({ before, after, now, ...conflict }: Conflict): Conflict {
  const images = [before, after, now];
  const names = Object.keys(now ?? after ?? before ?? {});
  const different = names.filter((name) => {
    const texts = images.flatMap((image) => (image === null ? [] : [JSON.stringify(image[name])]));
    return new Set(texts).size > 1 || images.includes(null);
  });
  const pick = (image: Values) =>
    image === null ? null : Object.fromEntries(different.map((name) => [name, image[name]]));
  return { ...conflict, before: pick(before), after: pick(after), now: pick(now) };
}
