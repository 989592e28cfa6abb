import { type RawBuilder, sql, type Transaction } from "kysely";
import { listColumns, sameKey, stage } from "./stage";

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
 * Writes the stage into its target by one statement and sends back nothing but counts. Rows equal to the target's are
 * left out first by a join, which is several times faster than to have `ON CONFLICT` visit them; the conflict's own
 * `WHERE` still stands for rows that another transaction wrote meanwhile. `xmax = 0` holds for an inserted row only.
 * Rows are written in the key's order, so that loads running at once take their row locks in one order.
 */
export async function upsertStage<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  run: string | undefined,
): Promise<UpsertCounts> {
  const { rows } = await (run === undefined ? upsert(target) : upsertWithRevisions(target, run)).execute(trx);
  return rows[0] ?? { inserted: 0, updated: 0, revisions: 0 };
}

function upsert(target: UpsertTarget): RawBuilder<UpsertCounts> {
  const all = listColumns([...target.key, ...target.columns]);
  return sql<UpsertCounts>`
    with loaded as (${insertFrom(target, sql`select ${all} from (${findDiffering(target)}) as differing`)})
    select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated, 0 as revisions
    from loaded`;
}

/** All parts of a statement see the target as it was before, so the join that finds the rows has the before image. */
function upsertWithRevisions(target: UpsertTarget, run: string): RawBuilder<UpsertCounts> {
  const { table, key, columns } = target;
  const before = sql`case when ${isPresent(key)} then ${buildImage(columns, "t")} end as before`;
  return sql<UpsertCounts>`
    with differing as materialized (${findDiffering(target, before)}),
    loaded as (${insertFrom(target, sql`select ${listColumns([...key, ...columns])} from differing`)}),
    revised as (
      insert into ${sql.table("revision")} (run, table_name, key, before, after)
      select ${run}, ${table}, ${buildImage(key, "differing")}, before, ${buildImage(columns, "differing")}
      from differing where before is not null order by ${listColumns(key)}
      returning 1
    )
    select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated,
      (select count(*) from revised) as revisions
    from loaded`;
}

function findDiffering({ table, key, columns }: UpsertTarget, extra?: RawBuilder<unknown>): RawBuilder<unknown> {
  const selected = [listColumns([...key, ...columns], "s"), ...(extra === undefined ? [] : [extra])];
  return sql`select ${sql.join(selected)}
    from ${stage} as s left join ${sql.table(table)} as t on ${sameKey(key, "s", "t")}
    where not ${isPresent(key)} or (${listColumns(columns, "t")}) is distinct from (${listColumns(columns, "s")})`;
}

function insertFrom({ table, key, columns }: UpsertTarget, rows: RawBuilder<unknown>): RawBuilder<unknown> {
  const all = listColumns([...key, ...columns]);
  const assignments = columns.map((column) => sql`${sql.id(column)} = ${sql.id("excluded", column)}`);
  return sql`insert into ${sql.table(table)} as t (${all}) ${rows} order by ${listColumns(key)}
    on conflict (${listColumns(key)}) do update set ${sql.join(assignments)}
    where (${listColumns(columns, "t")}) is distinct from (${listColumns(columns, "excluded")})
    returning xmax = 0 as inserted`;
}

function isPresent(key: readonly string[]): RawBuilder<unknown> {
  return sql`${sql.id("t", key[0] ?? "")} is not null`;
}

function buildImage(columns: readonly string[], alias: string): RawBuilder<unknown> {
  return sql`jsonb_build_object(${sql.join(columns.map((column) => sql`${sql.lit(column)}, ${sql.id(alias, column)}`))})`;
}
