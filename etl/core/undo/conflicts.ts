import { type RawBuilder, sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { listColumns, sameKey } from "../load/stage";
import { plan, SOMEBODY_ELSE, type UndoTarget } from "./plan-undo";
import { type ConflictRow, imagesOf, type Values } from "./row-images";

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
  /** Columns whose value after the undone runs is not kept. Default: none. */
  readonly unknown?: readonly string[];
}

/** How many conflicts there are. */
export interface Conflicts {
  readonly total: number;
  /** Of them, those by no run: an undo of later runs does not help. */
  readonly bySomebodyElse: number;
  readonly first: readonly Conflict[];
}

/** So many are listed. */
const SHOWN = 20;

export async function readConflicts(trx: Transaction<CoreTables>, target: UndoTarget): Promise<Conflicts> {
  const { rows: counted } = await sql<Record<"total" | "else", number>>`
    select count(*) as total, count(*) filter (where millrace_conflict = ${SOMEBODY_ELSE}) as else
    from ${plan} where millrace_conflict is not null`.execute(trx);
  const [{ total, else: bySomebodyElse } = { total: 0, else: 0 }] = counted;
  const first = Number(total) === 0 ? [] : await readFirst(trx, target);
  return { total: Number(total), bySomebodyElse: Number(bySomebodyElse), first };
}

/**
 * What the runs wrote comes from the revisions that they kept. Going back from the row as it is, as the plan does, tells somebody else's values for
 * theirs.
 */
async function readFirst(trx: Transaction<CoreTables>, target: UndoTarget): Promise<readonly Conflict[]> {
  const { table, key, first, runs, origin } = target;
  const sample = sql`null::${sql.table(table)}`;
  const without = (row: RawBuilder<unknown>) => sql`(to_jsonb(${row}) - ${sql.val(origin)}::text[])`;
  /** The values of the known columns, spelled as those of a row are. */
  const spell = (values: RawBuilder<unknown>) =>
    sql`(select jsonb_object_agg(c.key, c.value) from jsonb_each(${without(sql`jsonb_populate_record(${sample}, ${values})`)}) as c where ${values} ? c.key)`;
  const { rows } = await sql<ConflictRow>`
    with shown as materialized (
      select * from ${plan} where millrace_conflict is not null order by ${listColumns(key)} limit ${sql.lit(SHOWN)}
    ), written as materialized (
      select ${listColumns(key, "s")}, jsonb_object_agg(c.key, r.before -> c.key order by l.id desc) as millrace_found,
        jsonb_object_agg(c.key, c.value order by l.id) filter (where l.id >= coalesce(s.millrace_inserted_last, 0)) as millrace_wrote
      from load_history as l join revision as r on r.run = l.run and r.load = l.id
        cross join lateral jsonb_populate_record(${sample}, r.key) as p join shown as s on ${sameKey(key, "s", "p")}
        cross join lateral jsonb_each(r.after) as c
      where l.table_name = ${table} and l.id >= ${first} and l.run = any(${sql.val(runs)}::uuid[]) group by ${listColumns(key, "s")}
    )
    select millrace_conflict as by, jsonb_build_object(${sql.join(key.map((column) => sql`${sql.lit(column)}, ${sql.id("s", column)}`))}) as key,
      array(select jsonb_object_keys(${without(sql`jsonb_populate_record(${sample}, '{}')`)})) as columns,
      millrace_was as was, millrace_left as left, millrace_now as now, ${spell(sql`millrace_found`)} as found, ${spell(sql`millrace_wrote`)} as wrote,
      millrace_what_first = 'inserted' as "isNew", millrace_what_last = 'removed' as "isRemoved", millrace_inserted_last is not null as "isInserted",
      millrace_removed_first is null as "isFromNow", coalesce(millrace_what_later = 'inserted', false) as "isInsertedLater"
    from shown as s left join written as w on ${sameKey(key, "s", "w")} order by ${listColumns(key, "s")}`.execute(trx);
  return rows.map((row) => ({ table, key: row.key, by: row.by, ...imagesOf(row) }));
}
