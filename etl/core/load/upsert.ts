import { type RawBuilder, sql, type Transaction } from "kysely";
import { inKeyOrder, joinPieces, type Pieces, type Sides } from "./pieces";
import { type InsertNew, plainFirst } from "./plain-first";
import { isMissing, listColumns, sameKey } from "./stage";

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

export interface UpsertOptions {
  /** Keep revisions, under this run. */
  readonly run: string | undefined;
  /** @default joined as a whole */
  readonly pieces: Pieces | undefined;
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
  options: UpsertOptions,
): Promise<UpsertCounts> {
  return plainFirst(trx, (insertNew) => upsertOnce(trx, target, options, insertNew));
}

/** All parts of the statement see the target as it was before, so the join that finds a row has its before image. */
async function upsertOnce<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  { run, pieces }: UpsertOptions,
  insertNew: InsertNew,
): Promise<UpsertCounts> {
  const [order, conflict] = [inKeyOrder(target.key, pieces), resolveConflict(target)];
  const { rows } = await sql<UpsertCounts>`
    with differing as materialized (${joinPieces(target, pieces, (sides) => findDiffering(target, sides, run !== undefined))}),
    inserted as (${insertWhere(target, sql`is_new ${order}`, insertNew === "plain" ? sql`` : conflict)}),
    updated as (${insertWhere(target, sql`not is_new ${order}`, conflict)})
    ${run === undefined ? sql`` : sql`, revised as (${insertRevisions(target, run)})`}
    select count(*) filter (where is_insert) as inserted, count(*) filter (where not is_insert) as updated,
      ${run === undefined ? sql`0` : sql`(select count(*) from revised)`} as revisions
    from (select is_insert from inserted union all select is_insert from updated) as loaded`.execute(trx);
  return rows[0] ?? { inserted: 0, updated: 0, revisions: 0 };
}

function findDiffering(
  { key, columns }: UpsertTarget,
  { staged, target }: Sides,
  withBefore: boolean,
): RawBuilder<unknown> {
  const isNew = isMissing(key, "t");
  return sql`select ${listColumns([...key, ...columns], "s")}, ${isNew} as is_new
    ${withBefore ? sql`, case when not ${isNew} then ${buildImage(columns, "t")} end as before` : sql``}
    from ${staged} as s left join ${target} as t on ${sameKey(key, "s", "t")}
    where ${isNew} or (${listColumns(columns, "t")}) is distinct from (${listColumns(columns, "s")})`;
}

/** `xmax = 0` holds for a row that was inserted, not for one that was updated. */
function insertWhere(
  { table, key, columns }: UpsertTarget,
  condition: RawBuilder<unknown>,
  conflict: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const all = listColumns([...key, ...columns]);
  return sql`insert into ${sql.table(table)} as t (${all})
    select ${all} from differing where ${condition}
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
    from differing where not is_new returning 1`;
}

function buildImage(columns: readonly string[], alias: string): RawBuilder<unknown> {
  return sql`jsonb_build_object(${sql.join(columns.map((column) => sql`${sql.lit(column)}, ${sql.id(alias, column)}`))})`;
}
