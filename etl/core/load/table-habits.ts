import { type Kysely, sql, type Transaction } from "kysely";
import { counted } from "../counted";
import { DatabaseError } from "../errors";

/** What a table does to its rows. */
export interface TableHabits {
  /** Its own and its partitions', in the order of their names: each may drop or change what is written. */
  readonly triggers: readonly string[];
  /** Constraint triggers among them that wait for the COMMIT, named for `SET CONSTRAINTS`. */
  readonly deferred: readonly string[];
  /** Those that rewrite inserts or updates. */
  readonly rules: readonly string[];
  /** Its kind, if it is not a table: `view`. */
  readonly otherKind: string | null;
  /** Tables that inherit from it, quoted: queries of it read their rows, too, and writes do not find them. */
  readonly heirs: readonly string[];
  /** For a row of such a table, PostgreSQL does not report whether it was inserted or updated (`xmax`). */
  readonly isPartitioned: boolean;
}

/** The habits of nearly every table. */
export const NO_HABITS: TableHabits = {
  triggers: [],
  deferred: [],
  rules: [],
  otherKind: null,
  heirs: [],
  isPartitioned: false,
};

/** Reads a table's habits. A table without triggers and rules stores every row as sent, or refuses it. */
export async function readHabits<DB>(db: Kysely<DB>, table: string): Promise<TableHabits> {
  const { rows: hints } = await sql<{
    any: boolean;
  }>`select relhastriggers or relhasrules or relhassubclass or relkind <> 'r' as any
    from pg_class where oid = to_regclass(${quoteTable(table)})`.execute(db);
  // Nearly every table: each load asks, so the query must cost almost nothing.
  if (hints[0]?.any !== true) return NO_HABITS;
  const { rows } = await sql<TableHabits>`
    with trigger as materialized (
      select tgname::text, tgconstraint, tginitdeferred from pg_trigger
      where not tgisinternal and tgenabled <> 'D' and tgtype & 20 <> 0 and (tgrelid = to_regclass(${quoteTable(table)})
        or tgrelid in (select relid from pg_partition_tree(to_regclass(${quoteTable(table)}))))
    )
    select c.relkind = 'p' as "isPartitioned", case c.relkind when 'r' then null when 'p' then null when 'v' then 'a view'
        when 'm' then 'a materialized view' when 'f' then 'a foreign table' else 'something else' end as "otherKind",
      array(select inhrelid::regclass::text from pg_inherits where inhparent = c.oid and c.relkind = 'r' order by 1) as heirs,
      array(select rulename::text from pg_rewrite where ev_class = c.oid and ev_type in ('2', '3') and ev_enabled <> 'D'
        order by 1) as rules,
      array(select distinct tgname from trigger order by 1) as triggers,
      array(select distinct quote_ident(nspname) || '.' || quote_ident(conname) from trigger
        join pg_constraint on pg_constraint.oid = tgconstraint join pg_namespace on pg_namespace.oid = connamespace
        where tginitdeferred order by 1) as deferred
    from pg_class as c where c.oid = to_regclass(${quoteTable(table)})`.execute(db);
  return rows[0] ?? NO_HABITS;
}

/** Runs the triggers that wait for the COMMIT now: a load reports the table's content after them. */
export async function fireDeferred<DB>(trx: Transaction<DB>, { deferred }: Pick<TableHabits, "deferred">) {
  if (deferred.length === 0) return;
  const names = sql.raw(deferred.join(", "));
  await sql`set constraints ${names} immediate`.execute(trx);
  await sql`set constraints ${names} deferred`.execute(trx);
}

/**
 * @throws DatabaseError if it is not a table, or rules rewrite its rows: in both cases PostgreSQL cannot report what
 * was written, and refuses `ON CONFLICT`; or if other tables inherit from it, whose rows would be taken for its own
 */
export function refuseUnwritable(
  table: string,
  { rules, otherKind, heirs }: Pick<TableHabits, "rules" | "otherKind" | "heirs">,
): void {
  if (otherKind !== null) {
    throw new DatabaseError(`${table} is not a table`, {
      got: otherKind,
      expected: "a table, which can be upserted into",
      fix: "Rename or drop it and restore the table, or give millrace a schema of its own (search_path)",
    });
  }
  if (heirs.length > 0) {
    throw new DatabaseError(`Other tables inherit from ${table}`, {
      got: heirs.join(", "),
      expected: "none: a query of the table finds their rows, and an upsert does not",
      fix: heirs.map((heir) => disinherit(heir, table)).join(" "),
    });
  }
  if (rules.length === 0) return;
  throw new DatabaseError(`The table ${table} has rules that rewrite what is written`, {
    got: rules.join(", "),
    expected: "none: PostgreSQL can neither upsert into such a table nor report what was written",
    fix: `${rules.map((rule) => dropRule(rule, table)).join(" ")} A trigger can do what the rule did.`,
  });
}

/** The statement that makes a table, whose name is quoted, inherit no more. */
export function disinherit(heir: string, table: string): string {
  return `ALTER TABLE ${heir} NO INHERIT ${quoteTable(table)} /* queries of ${table} no longer read its rows */;`;
}

/** The statement that drops a rule. */
export function dropRule(rule: string, table: string): string {
  return `DROP RULE ${quote(rule)} ON ${quoteTable(table)};`;
}

/**
 * The warning about rows that a table did not store as sent.
 *
 * @param dropped rows that differed and were not written
 * @param altered rows that were written with other values
 */
export function describeHabits(
  table: string,
  { triggers }: Pick<TableHabits, "triggers">,
  { dropped, altered }: { readonly dropped: number; readonly altered: number },
): string | undefined {
  if (dropped + altered === 0) return undefined;
  const what = [
    ...(dropped === 0 ? [] : [counted(dropped, "row was dropped", "rows were dropped")]),
    ...(altered === 0 ? [] : [counted(altered, "row was changed", "rows were changed")]),
  ].join(" and ");
  const names = triggers.length === 0 ? "" : ` (${triggers.join(", ")})`;
  return `${table}: ${what} by triggers of the table${names}: its rows differ from those sent, so the next run will find them again`;
}

/** The quoted name: `"schema"."table"`. */
export function quoteTable(table: string): string {
  return table.split(".").map(quote).join(".");
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
