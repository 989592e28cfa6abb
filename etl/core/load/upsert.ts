import { type RawBuilder, sql, type Transaction } from "kysely";
import { findErrorCode } from "../database";
import { listColumns, sameKey, stage } from "./stage";

const UNIQUE_VIOLATION = "23505";

/** What one upsert did. `revisions` is 0 where none are kept. */
export interface UpsertCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly revisions: number;
}

/** Where a load goes: the table, its natural key and the columns that the key decides. */
export interface UpsertTarget {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/**
 * Writes the stage into its target by one statement and sends back nothing but counts.
 *
 * Rows equal to the target's are left out first by a join, which is several times faster than to have `ON CONFLICT`
 * visit them. Of the rest, rows whose key is new are inserted plainly, at half the cost of an insert that stands ready
 * for a conflict; `ON CONFLICT` updates the others. Should another transaction have inserted one of those keys
 * meanwhile, the plain insert fails on it: everything is then done again with `ON CONFLICT` throughout.
 *
 * New rows are written in the key's order, then changed ones in the key's order, so that loads running at once take
 * their locks in one order.
 */
export async function upsertStage<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  run: string | undefined,
): Promise<UpsertCounts> {
  await sql`savepoint millrace_upsert`.execute(trx);
  const counts = await upsertOnce(trx, target, run, "plain").catch(async (error: unknown) => {
    if (findErrorCode(error) !== UNIQUE_VIOLATION) throw error;
    await sql`rollback to savepoint millrace_upsert`.execute(trx);
    return upsertOnce(trx, target, run, "on-conflict");
  });
  await sql`release savepoint millrace_upsert`.execute(trx);
  return counts;
}

/** All parts of the statement see the target as it was before, so the join that finds a row has its before image. */
async function upsertOnce<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  run: string | undefined,
  insertNew: "plain" | "on-conflict",
): Promise<UpsertCounts> {
  const conflict = resolveConflict(target);
  const { rows } = await sql<UpsertCounts>`
    with differing as materialized (${findDiffering(target, run !== undefined)}),
    inserted as (${insertWhere(target, sql`is_new`, insertNew === "plain" ? sql`` : conflict)}),
    updated as (${insertWhere(target, sql`not is_new`, conflict)})
    ${run === undefined ? sql`` : sql`, revised as (${insertRevisions(target, run)})`}
    select count(*) filter (where is_insert) as inserted, count(*) filter (where not is_insert) as updated,
      ${run === undefined ? sql`0` : sql`(select count(*) from revised)`} as revisions
    from (select is_insert from inserted union all select is_insert from updated) as loaded`.execute(trx);
  return rows[0] ?? { inserted: 0, updated: 0, revisions: 0 };
}

function findDiffering({ table, key, columns }: UpsertTarget, withBefore: boolean): RawBuilder<unknown> {
  return sql`select ${listColumns([...key, ...columns], "s")}, t.ctid is null as is_new
    ${withBefore ? sql`, case when t.ctid is not null then ${buildImage(columns, "t")} end as before` : sql``}
    from ${stage} as s left join ${sql.table(table)} as t on ${sameKey(key, "s", "t")}
    where t.ctid is null or (${listColumns(columns, "t")}) is distinct from (${listColumns(columns, "s")})`;
}

/** `xmax = 0` holds for a row that was inserted, not for one that was updated. */
function insertWhere(
  { table, key, columns }: UpsertTarget,
  condition: RawBuilder<unknown>,
  conflict: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const all = listColumns([...key, ...columns]);
  return sql`insert into ${sql.table(table)} as t (${all})
    select ${all} from differing where ${condition} order by ${listColumns(key)}
    ${conflict} returning xmax = 0 as is_insert`;
}

function resolveConflict({ key, columns }: UpsertTarget): RawBuilder<unknown> {
  const assignments = columns.map((column) => sql`${sql.id(column)} = ${sql.id("excluded", column)}`);
  return sql`on conflict (${listColumns(key)}) do update set ${sql.join(assignments)}
    where (${listColumns(columns, "t")}) is distinct from (${listColumns(columns, "excluded")})`;
}

function insertRevisions({ table, key, columns }: UpsertTarget, run: string): RawBuilder<unknown> {
  return sql`insert into ${sql.table("revision")} (run, table_name, key, before, after)
    select ${run}, ${table}, ${buildImage(key, "differing")}, before, ${buildImage(columns, "differing")}
    from differing where not is_new order by ${listColumns(key)} returning 1`;
}

function buildImage(columns: readonly string[], alias: string): RawBuilder<unknown> {
  return sql`jsonb_build_object(${sql.join(columns.map((column) => sql`${sql.lit(column)}, ${sql.id(alias, column)}`))})`;
}
