import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { DatabaseError } from "../errors";
import { quoteTable } from "../load/table-habits";
import { plan } from "./plan-undo";

/**
 * What others made a table do when its rows are written or removed: an undo cannot know what that did, or would do.
 *
 * @throws DatabaseError that names it
 */
export async function refuseHabits(trx: Transaction<CoreTables>, table: string): Promise<void> {
  const { rows } = await sql<{ what: string }>`
    with tree as (select to_regclass(${quoteTable(table)}) as oid union select relid from pg_partition_tree(to_regclass(${quoteTable(table)})))
    select 'the trigger ' || tgname as what from pg_trigger where not tgisinternal and tgenabled <> 'D' and tgrelid in (select oid from tree)
    union select 'the rule ' || rulename from pg_rewrite where ev_class in (select oid from tree) and ev_type <> '1' and ev_enabled <> 'D'
    union select 'the foreign key ' || conname || ' of ' || conrelid::regclass from pg_constraint
      where contype = 'f' and confrelid in (select oid from tree)
        and exists (select from ${plan} where millrace_conflict is null and millrace_was is null and millrace_now is not null)
    order by 1`.execute(trx);
  if (rows.length === 0) return;
  throw new DatabaseError(`Runs into ${table} cannot be undone`, {
    got: rows.map(({ what }) => what).join(", "),
    expected:
      "no triggers or rules on the table, and no foreign keys to rows that are removed: nobody can undo what they do",
    fix: "Disable them (ALTER TABLE … DISABLE TRIGGER …), or drop them, undo, and make them again",
  });
}
